"""What is asked of a recorded session: report and verify."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QPushButton

from app.analysis.verify import note
from app.exports.export import WRITERS
from app.ui.flows import session_review as module
from app.ui.flows.live import Live
from app.ui.look.words import EXPORT_WORDS
from app.ui.window import Window
from tests.made_session import make_session
from tests.ui.seen import Until, buttons, record, shows_faces


def test_what_was_recorded_is_verified(playing: Window, qtbot, until: Until, sessions: Path) -> None:
    qtbot.keyClick(playing, "Q")
    assert "Finish a recording or open one" in playing.notice_bar.text
    record(playing, qtbot, until)
    qtbot.keyClick(playing, "Q")
    until(lambda: "is unchanged." in playing.notice_bar.text)
    (folder,) = sessions.iterdir()
    assert playing.notice_bar.text == (
        f"Verified: {folder.name} is unchanged. "
        "There is no clean video, so the rows cannot be computed again."
    )
    with (folder / "faces.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    qtbot.keyClick(playing, "Q")
    until(lambda: "faces.csv: changed since it was recorded" in playing.notice_bar.text)
    assert playing.notice_bar.text.startswith(f"{folder.name} differs from what was recorded.")
    assert shows_faces(playing)
    (every,) = (b for b in playing.notice_bar.findChildren(QPushButton) if b.text() == "All findings")
    every.click()
    found = playing.notice_bar.text.split("\n")
    assert len(found) > 2 and sum("faces.csv: changed since" in line for line in found) == 1


def test_rows_without_a_hash_are_not_called_unchanged(
    window: Window, until: Until, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(window.player, "replayed", make_session(tmp_path / "made", frames=3))
    monkeypatch.setattr("app.analysis.verify.verify", lambda *_: [note("faces.csv: no hash was kept of it.")])
    window.user_actions.verify.trigger()
    until(lambda: window.notice_bar.text.startswith("Nothing differs in made, as far as it can be checked."))


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
    monkeypatch.setattr(module, "PROGRESS", 0.0)
    monkeypatch.setattr(window.player, "replayed", make_session(tmp_path / "made", frames=100))
    window.user_actions.verify.trigger()
    until(lambda: state == ["begun"])
    until(lambda: window.notice_bar.text.endswith("100 %") and "Stop verifying" in buttons(window))
    found = list[object]()
    live.cameras.found.connect(found.append)
    live.cameras.start()
    until(lambda: bool(found))
    window.close()
    until(lambda: state == ["begun", "ended"])


def test_what_was_recorded_is_exported_beside_it(
    playing: Window, qtbot, until: Until, sessions: Path
) -> None:
    menu = playing.export_menu
    assert EXPORT_WORDS.keys() == WRITERS.keys()
    playing.user_actions.export.trigger()
    assert "then it can be exported" in playing.notice_bar.text and not menu.isVisible()
    menu.aboutToShow.emit()  # as from the menu Session
    assert not any(action.isEnabled() for action in menu.formats)
    record(playing, qtbot, until)
    playing.user_actions.export.trigger()
    assert menu.isVisible() and playing.frameGeometry().contains(menu.geometry())
    assert [action.text() for action in menu.formats] == list(EXPORT_WORDS.values())
    assert all(action.isEnabled() for action in menu.formats)
    menu.close()
    menu.formats[0].trigger()
    until(lambda: playing.notice_bar.text.startswith("Exported to") and "Show the file" in buttons(playing))
    assert any(path.suffix == ".csv" for path in sessions.iterdir())


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
