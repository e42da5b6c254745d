"""What a test looks for in a window."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QPushButton

from app.sessions.reading import RecordedSession
from app.ui.window import Window

Until = Callable[[Callable[[], object]], None]


def shows_faces(window: Window) -> bool:
    return window.panels.followed is not None


def buttons(window: Window) -> list[str]:
    """Texts of those that the notice bar offers."""
    return [button.text() for button in window.notice_bar.findChildren(QPushButton) if not button.isHidden()]


def rows(folder: Path) -> list[dict[str, str]]:
    """Of a session."""
    with (folder / "faces.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def records(window: Window, frames: int) -> Callable[[], bool]:
    """Whether so many frames were recorded by now."""
    return lambda: (recording := window.record_flow.active) is not None and recording.frames >= frames


def beats(count: int) -> Callable[[], bool]:
    """Whether the window's thread has been free so many times from now on."""
    seen = itertools.count(1)
    return lambda: next(seen) > count


def finish(window: Window, until: Until) -> RecordedSession:
    """Ends the recording and reads it back."""
    window.user_actions.record.trigger()
    until(lambda: not window.record_flow.is_recording)
    return RecordedSession(window.record_flow.recorded)


def lines(recording: RecordedSession) -> list[dict[str, str]]:
    """Of the events of a session."""
    with (recording.folder / "events.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def record(window: Window, qtbot: Any, until: Until) -> None:
    """A few frames, with the keys."""
    qtbot.keyClick(window, "R")
    until(lambda: "rec 00:" in window.status_bar.texts()["recording"])
    until(records(window, 5))
    qtbot.keyClick(window, "R")
    until(lambda: "The recording is in" in window.notice_bar.text)
