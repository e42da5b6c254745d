"""What is asked of a recorded session: report and verify."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QDesktopServices

from app.ui.flows.live import Live
from app.ui.window import Window
from tests.ui.seen import Until, record, shows_faces


def test_what_was_recorded_is_verified(playing: Window, qtbot, until: Until, sessions: Path) -> None:
    qtbot.keyClick(playing, "Q")
    assert "Finish a recording or open one" in playing.notice_bar.text
    record(playing, qtbot, until)
    qtbot.keyClick(playing, "Q")
    until(lambda: "unchanged since it was recorded" in playing.notice_bar.text)
    (folder,) = sessions.iterdir()
    with (folder / "faces.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    qtbot.keyClick(playing, "Q")
    until(lambda: "faces.csv: changed since it was recorded" in playing.notice_bar.text)
    assert shows_faces(playing)


def test_a_long_check_keeps_no_camera_from_being_chosen_and_ends_with_the_window(
    window: Window, live: Live, until: Until, tmp_path: Path, monkeypatch
) -> None:
    state = list[str]()

    def checks(folder: Path, models: Path, interrupted: Callable[[], bool]) -> list[object]:
        state.append("begun")
        while not interrupted():
            time.sleep(0.01)
        state.append("ended")
        return []

    monkeypatch.setattr("app.analysis.verify.verify", checks)
    monkeypatch.setattr(window.player, "replayed", tmp_path)
    window.user_actions.verify.trigger()
    until(lambda: state == ["begun"])
    found = list[object]()
    live.cameras.found.connect(found.append)
    live.cameras.start()
    until(lambda: bool(found))
    window.close()
    until(lambda: state == ["begun", "ended"])


def test_the_report_of_what_was_recorded_is_made_and_shown(
    playing: Window, qtbot, until: Until, sessions: Path, monkeypatch
) -> None:
    shown = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: shown.append(Path(url.toLocalFile())))
    qtbot.keyClick(playing, "H")
    assert "Finish a recording or open one" in playing.notice_bar.text
    record(playing, qtbot, until)
    qtbot.keyClick(playing, "H")
    until(lambda: bool(shown))
    (folder,) = sessions.iterdir()
    assert shown == [folder / "report.html"] and str(shown[0]) in playing.notice_bar.text
    assert "Person 2" in shown[0].read_text(encoding="utf-8")
    (folder / "faces.csv").unlink()
    qtbot.keyClick(playing, "H")
    until(lambda: "faces.csv cannot be read" in playing.notice_bar.text)
    assert shows_faces(playing)
