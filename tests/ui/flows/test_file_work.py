"""Recordings compared, files measured: behind the window, with what came of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QDesktopServices

from app.analysis import analyze
from app.analysis.options import AnalysisOptions
from app.sources.source import SourceError
from app.system.interruption import Interruption
from app.ui.flows import file_work as module
from app.ui.window import Window
from tests.fakes import write_video
from tests.made_session import make_session
from tests.ui.doubles import FakePipeline, FakeSource
from tests.ui.seen import Until, buttons


def test_all_recordings_of_a_folder_are_compared(
    window: Window, tmp_path: Path, until: Until, monkeypatch
) -> None:
    shown = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: shown.append(Path(url.toLocalFile())))
    make_session(tmp_path / "one", frames=30)
    window.file_work.compare(tmp_path)
    assert "There are no two recordings" in window.notice_bar.text
    make_session(tmp_path / "two", frames=30)
    window.file_work.compare(tmp_path)
    until(lambda: shown == [tmp_path / "comparison.html"])


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that were measured, each with a few frames; one that is called bad fails."""
    names: list[str] = []

    def one(path: Path, options: AnalysisOptions, load, *, frames, interruption: Interruption) -> str:
        for _ in frames(FakeSource(frames=None if path.name == "endless" else 3)):
            if interruption.came:
                raise KeyboardInterrupt
        if path.name == "bad":
            raise SourceError("bad cannot be read.")
        names.append(path.name)
        return ""

    monkeypatch.setattr(analyze, "analyze_one", one)
    monkeypatch.setattr(AnalysisOptions, "pipelines", lambda _: lambda still: FakePipeline())
    monkeypatch.setattr(module, "PROGRESS", 0.0)
    return names


def test_files_are_measured_one_after_the_other_and_what_failed_is_said(
    window: Window, until: Until, measured: list[str], sessions: Path
) -> None:
    said = list[str]()
    window.file_work._progressed.connect(said.append)
    window.file_work.measure([Path("a"), Path("bad"), Path("b")])
    until(lambda: "2 of 3 files were measured" in window.notice_bar.text)
    assert measured == ["a", "b"] and "bad cannot be read." in window.notice_bar.text
    assert str(sessions) in window.notice_bar.text
    assert "Measuring b, 3 of 3: 3 frames" in said


def test_a_file_that_shows_no_face_is_measured(
    window: Window, tmp_path: Path, until: Until, monkeypatch, sessions: Path
) -> None:
    monkeypatch.setattr(AnalysisOptions, "pipelines", lambda _: lambda still: FakePipeline(people=0))
    window.file_work.measure([write_video(tmp_path / "nobody.avi")])
    until(lambda: window.notice_bar.text == f"1 of 1 files were measured, into {sessions}.")


def test_measuring_can_be_stopped(window: Window, until: Until, measured: list[str]) -> None:
    window.file_work.measure([Path("endless"), Path("b")])
    until(lambda: "Stop measuring" in buttons(window))
    window.close()  # as its button does
    until(lambda: "0 of 2 files were measured" in window.notice_bar._text.text())
    assert not measured
