"""Cameras in the window: unplugged and back, chosen by their pictures, remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.settings import Settings
from app.ui.live import Live
from app.ui.window import Window
from tests.cameras import Desk, device
from tests.ui.doubles import FakePipeline

Until = Callable[[Callable[[], bool]], None]


@pytest.fixture
def desk() -> Desk:
    return Desk((device(), ""))


@pytest.fixture
def window(qapp: QApplication, desk: Desk, sessions: Path) -> Iterator[Window]:
    """Shown, with the cameras of `desk` and nothing playing."""
    made = Window(Settings(sessions=str(sessions)), Live(FakePipeline, 4, system=desk))
    made.show()
    yield made
    made.close()
    made.deleteLater()


def shows_faces(window: Window) -> bool:
    return window.body.followed is not None


def test_unplugged_it_says_so_waits_and_goes_on_in_the_same_recording(
    window: Window, desk: Desk, until: Until, sessions: Path
) -> None:
    window.player.play_camera(device())
    until(lambda: shows_faces(window))
    window.commands.record.trigger()
    until(lambda: window.player.is_recording)
    QTest.qWait(300)
    desk.unplug(3)
    until(lambda: "was unplugged: plug it in again" in window.body.video.message)
    assert not shows_faces(window)
    assert window.player.is_recording
    desk.plug(device(index=8))
    until(lambda: shows_faces(window))
    assert window.body.video.message == ""
    window.commands.record.trigger()
    until(lambda: "The recording is in" in window.strip.text)
    (folder,) = sessions.iterdir()
    assert (folder / "events.csv").read_text().count("camera_gap") == 1
    chosen = window.settings()
    assert (chosen.camera, chosen.camera_identity) == (8, device().identity)
    assert chosen.camera_mode == "1280x720@30 MJPG"


def test_what_was_granted_is_shown(window: Window, desk: Desk, until: Until) -> None:
    desk.plug(device(), "grants another mode")
    window.player.play_camera(device())
    until(lambda: "640" in window.status.texts()["source"])
    assert "480   30/s   MJPG" in window.status.texts()["source"]
