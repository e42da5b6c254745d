"""The baseline: counted down, said and recorded."""

from __future__ import annotations

from app.stages.baseline import BaselineStage
from app.ui.flows.live import Live
from app.ui.window import Window
from tests.fakes import LONG
from tests.ui.seen import Until, finish


def test_a_baseline_is_counted_down_said_and_recorded(
    recording: Window, live: Live, qtbot, until: Until
) -> None:
    live.baseline._seconds = LONG
    qtbot.keyClick(recording, "L")
    until(lambda: recording.banner.text().startswith("Keep a neutral face"))
    live.baseline._seconds = 0.5
    until(lambda: "the neutral faces of persons 1 and 2" in recording.notice_bar.text)
    until(lambda: recording.player.last.faces[0].baseline is not None)
    shown = recording.panels.plane.trail(1)[-1][0]
    until(lambda: recording.panels.plane.trail(1)[-1][0] > shown)
    face = recording.player.last.faces[0]
    assert abs(recording.panels.plane.trail(1)[-1][1] - face.smooth.valence) > 0.001
    done = finish(recording, until)
    assert {p["face"] for p in done.info.whole["baseline"]} == {1, 2}
    assert sum(e.kind == "baseline_set" for e in done.events()) == 2


def test_a_baseline_needs_a_picture(window: Window, qtbot) -> None:
    qtbot.keyClick(window, "L")
    assert "Start a camera or a video first" in window.notice_bar.text
    assert BaselineStage().left is None
