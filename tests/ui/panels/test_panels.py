"""The small parts: bars, curves, notice_bar, status and the meter."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QAction, QColor
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.playing.history import History
from app.types import EXPRESSIONS, Gaze, Pose, Result, StageTimes
from app.ui.look.theme import DARK
from app.ui.panels.bars import Bars
from app.ui.panels.curves import Curves
from app.ui.panels.meter import SPAN, LatencySpread, Meter, Reading
from app.ui.panels.notice_bar import NoticeBar
from app.ui.panels.status_bar import StatusBar
from tests.ui.doubles import face, frame


def test_bars_move_at_once_and_their_numbers_on_the_text_clock(qtbot) -> None:
    bars = Bars(DARK)
    qtbot.addWidget(bars)
    bars.show_face(face(1, valence=0.5, arousal=-0.25))
    assert bars.summary() == "person 1: happy 65 %, valence +0.50   arousal \N{MINUS SIGN}0.25"
    before = bars.grab().toImage()
    bars.show_face(face(1, best=2))
    assert "happy" in bars.summary()
    assert bars.grab().toImage() != before
    bars.refresh()
    assert bars.summary().startswith("person 1: sad")
    assert bars.accessibleDescription() == bars.summary()
    bars.show_face(None)
    assert bars.summary() == "no face"


def test_bars_tell_how_the_head_is_turned_where_there_is_room_and_in_their_tip_anywhere(qtbot) -> None:
    bars = Bars(DARK)
    qtbot.addWidget(bars)
    turned = replace(face(1), pose=Pose(33, 0, 0), gaze_smooth=Gaze(-7, 0))
    for height, there in ((168, False), (300, True)):
        bars.resize(420, height)
        bars.show_face(face(1))
        bars.refresh()
        straight = bars.grab().toImage()
        bars.show_face(turned)
        assert bars.grab().toImage() == straight  # numbers wait for the text clock
        bars.refresh()
        assert (bars.grab().toImage() != straight) is there
        assert "head +33°" in bars.toolTip() and "gaze \N{MINUS SIGN}7°" in bars.toolTip()


def test_bars_say_why_a_value_is_in_doubt(qtbot) -> None:
    bars = Bars(DARK)
    qtbot.addWidget(bars)
    bars.show_face(face(1))
    sure = bars.grab().toImage()
    bars.show_face(replace(face(1), status="turned_away"))
    bars.refresh()
    assert bars.grab().toImage() != sure
    assert "face the camera" in bars.toolTip()


def test_curves_show_each_persons_values_in_the_last_half_minute(qtbot) -> None:
    history, curves = History(), Curves(DARK)
    qtbot.addWidget(curves)
    for i in range(40 * 10):
        people = (face(1, valence=0.5), face(2, valence=-0.5, best=2))
        history.push(Result(replace(frame(i), time=i / 10), people))
    curves.show_traces(history.traces(), history.now, 2)
    for curve, value in zip(curves.valence, (0.5, -0.5), strict=False):
        time, shown = curve.getData()
        assert (time[0], time[-1]) == pytest.approx((-30, 0), abs=0.11)
        assert np.allclose(shown, value)
    assert curves.valence[2].getData()[0] is None
    assert curves.valence[0].opts["pen"].color().name() == DARK.people[0]
    assert curves.probs[2].opts["pen"].color().name() == DARK.people[1]
    lanes = [float(curve.getData()[1][-1]) for curve in curves.probs]
    assert lanes == sorted(lanes, reverse=True)  # the first expression's lane on top, and none leaves its own
    assert len(lanes) == len(EXPRESSIONS)
    assert lanes[2] - lanes[3] > 1.4  # sad, at 65 %, stands higher in its lane than surprise at 5 %
    curves.show_traces((), 0.0, None)
    assert curves.probs[2].getData()[0] is None


def test_a_curve_is_faint_where_its_values_are_in_doubt(qtbot) -> None:
    history, curves = History(), Curves(DARK)
    qtbot.addWidget(curves)
    for i in range(30):
        person = replace(face(1, valence=i / 30), status="turned_away" if 10 <= i < 20 else "ok")
        history.push(Result(replace(frame(i), time=i / 10), (person,)))
    curves.show_traces(history.traces(), history.now, 1)
    for sure, faint in ((curves.valence[0], curves.doubtful[curves.valence[0]]),
                        (curves.probs[1], curves.doubtful[curves.probs[1]])):  # fmt: skip
        bright, dim = (np.isfinite(curve.getData()[1]) for curve in (sure, faint))
        assert np.flatnonzero(~bright).tolist() == list(range(10, 20))
        assert np.flatnonzero(dim).tolist() == list(range(9, 21))  # it reaches to what is sure on both sides
        colour, ground = (QColor(c).lightness() for c in (sure.opts["pen"].color(), DARK.panel))
        assert ground < faint.opts["pen"].color().lightness() < colour
    history.clear()
    history.push(Result(frame(0), (face(1),)))
    curves.show_traces(history.traces(), history.now, 1)
    assert curves.doubtful[curves.valence[0]].getData()[0] is None


def test_the_meter_knows_rate_and_latency_of_its_last_seconds() -> None:
    meter = Meter()

    def painted(now: float, waited: float) -> None:
        times = StageTimes(detect=8, eyes=3, affect=2, smooth=1, total=13)
        shown = Result(replace(frame(), captured=now - waited), (), times, ready=now - 0.005)
        meter.painted(shown, now)

    assert meter.reading(0.0) is None
    for i in range(300):
        painted(i / 30, 0.020)
    reading = meter.reading(299 / 30)
    assert reading is not None
    whole = reading.latency
    assert (reading.rate, whole.median, whole.p95) == pytest.approx((30, 20, 20))
    parts = dict(reading.parts)
    assert {name: of.median for name, of in parts.items()} == pytest.approx(
        {
            "detect": 8,
            "eyes": 3,
            "affect": 2,
            "smooth": 1,
            "total": 13,
            "capture to result": 15,
            "result to paint": 5,
        }
    )
    for i in range(10):
        painted(10 + i / 30, 0.2)
    late = meter.reading(10 + 9 / 30)
    assert late is not None
    assert late.latency.median == pytest.approx(20)
    assert late.latency.p95 == pytest.approx(200)
    assert dict(late.parts)["capture to result"].p95 == pytest.approx(195)
    assert meter.reading(10 + 2 * SPAN) is None


def test_a_replay_has_no_stages_and_the_tip_says_each_with_median_and_p95(qtbot) -> None:
    status, meter = StatusBar(DARK), Meter()
    qtbot.addWidget(status)
    for i in range(2):
        meter.painted(Result(replace(frame(), captured=i - 0.01), ()), float(i))
    replayed = meter.reading(1.0)
    assert replayed is not None and replayed.parts == ()
    assert replayed.latency.median == pytest.approx(10)
    parts = (("detect", LatencySpread(8.04, 12.5)), ("result to paint", LatencySpread(4, 9)))
    status.show_reading(Reading(30, LatencySpread(20, 34), parts), 2)
    assert "latency 20 | 34 ms" in status.texts()["latency"]
    tip = status.tip("latency").split("\n")
    assert tip[1:] == ["detect 8.0 | 12.5", "result to paint 4.0 | 9.0"]
    status.show_reading(None, 0)
    assert "\n" not in status.tip("latency")


def test_the_notice_bar_offers_buttons_and_goes_away(qtbot) -> None:
    notice_bar, action, done = NoticeBar(DARK), QAction("Try again"), []
    qtbot.addWidget(notice_bar)
    action.triggered.connect(lambda: done.append(1))
    assert notice_bar.text == ""
    notice_bar.say("It stopped: press Start, see /a/b.", action)
    assert notice_bar.text == "It stopped: press Start, see /a/b."
    button = next(b for b in notice_bar.findChildren(QPushButton) if b.text() == "Try again")
    button.click()
    assert done == [1]
    assert notice_bar.text == ""
    notice_bar.say("Another.")
    shown = [b.text() for b in notice_bar.findChildren(QPushButton) if not b.isHidden()]
    assert shown == ["Dismiss"]


def test_tab_goes_through_the_notice_bar_as_it_is_read(qtbot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    row = QVBoxLayout(page)
    before, notice_bar, after = QPushButton("before", page), NoticeBar(DARK, page), QPushButton("after", page)
    for widget in (before, notice_bar, after):
        row.addWidget(widget)
    page.show()
    for _ in range(2):
        notice_bar.say("No camera.", QAction("Try again", page), QAction("Open", page))
        qtbot.wait(20)
    reached, widget = [], before
    while (widget := widget.nextInFocusChain()) is not before:
        if isinstance(widget, QPushButton) and widget.isVisible():
            reached.append(widget.text())
    assert [name for name in reached if name != "after"] == ["Try again", "Open", "Dismiss"]
    assert reached.index("after") in (0, 3)  # nothing comes between them


@pytest.mark.parametrize(("seconds", "text"), [(0, "rec 00:00"), (61.9, "rec 01:01"), (3661, "rec 1:01:01")])
def test_the_recording_clock(qtbot, seconds: float, text: str) -> None:
    status = StatusBar(DARK)
    qtbot.addWidget(status)
    status.show_recording(seconds)
    assert status.texts()["recording"].endswith(text)
    status.show_recording(None)
    assert status.texts()["recording"] == ""


def test_a_line_reaches_as_far_as_its_plot_and_nowhere_while_it_is_empty(qtbot) -> None:
    history, curves = History(), Curves(DARK)
    qtbot.addWidget(curves)
    history.push(Result(frame(0), (face(1, valence=0.5),)))
    curves.show_traces(history.traces(), history.now, 1)
    plot = curves.valence[0].boundingRect()
    assert plot.getRect() == pytest.approx((-30, -1.1, 30, 2.2))
    assert curves.probs[0].boundingRect().getRect() == pytest.approx((-30, 0, 30, len(EXPRESSIONS)))
    assert curves.valence[1].boundingRect().isEmpty()
