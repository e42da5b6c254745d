"""The status bar: the time of a recording, and the parts of the latency."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.types import Result
from app.ui.look.theme import DARK
from app.ui.panels.meter import LatencySpread, Meter, Reading
from app.ui.panels.status_bar import StatusBar
from tests.ui.doubles import frame


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


@pytest.mark.parametrize(("seconds", "text"), [(0, "rec 00:00"), (61.9, "rec 01:01"), (3661, "rec 1:01:01")])
def test_the_recording_clock(qtbot, seconds: float, text: str) -> None:
    status = StatusBar(DARK)
    qtbot.addWidget(status)
    status.show_recording(seconds)
    assert status.texts()["recording"].endswith(text)
    status.show_recording(None)
    assert status.texts()["recording"] == ""
