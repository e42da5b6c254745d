"""The baseline: counted down, said and recorded."""

from __future__ import annotations

from app.stages.baseline import MOVING, NOT_NEUTRAL, UNSEEN, BaselineResult, BaselineStage
from app.types import Baseline
from app.ui.flows.baseline_flow import baseline_sentence
from app.ui.flows.live import Live
from app.ui.window import Window
from tests.fakes import LONG
from tests.ui.doubles import FakePipeline
from tests.ui.seen import Until, finish


def test_a_baseline_is_counted_down_said_and_recorded(
    recording: Window, live: Live, pipeline: FakePipeline, qtbot, until: Until
) -> None:
    pipeline.always = 0
    until(lambda: recording.player.last.faces[0].raw.expression == "neutral")
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
    badge = recording.panels.plane.badge
    assert badge.isVisible()
    badge.click()
    until(lambda: not badge.isVisible() and recording.player.last.faces[0].baseline is None)
    done = finish(recording, until)
    assert [e.kind for e in done.events() if e.kind.startswith("baseline")][-1] == "baseline_cleared"
    assert {p["face"] for p in done.info.whole["baseline"]} == {1, 2}
    assert sum(e.kind == "baseline_set" for e in done.events()) == 2


def test_who_gets_none_is_told_why() -> None:
    taken = BaselineResult({3: Baseline(0.1, 0.1, 300)}, {1: MOVING, 2: NOT_NEUTRAL, 4: UNSEEN})
    said = baseline_sentence(taken)
    assert said.startswith("Baseline set: values now show change from person 3's neutral face.")
    assert "person 1, whose head moved" in said and "person 2, whose face was neutral in less" in said
    assert "person 4, who could not be seen" in said


def test_a_baseline_needs_a_picture(window: Window, qtbot) -> None:
    qtbot.keyClick(window, "L")
    assert "Start a camera or a video first" in window.notice_bar.text
    assert BaselineStage().left is None
