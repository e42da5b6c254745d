"""What the meter knows of speed, and what the status bar says of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.types import Result, StageTimes
from app.ui.panels.meter import SPAN, Meter
from tests.ui.doubles import frame


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
