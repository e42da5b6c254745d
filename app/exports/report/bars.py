"""Shares as bars: expressions of a person, reasons for missing values, latency."""

from __future__ import annotations

import numpy as np

from app.exports.report.svg import line, number, rect, svg, text, ticks
from app.types import EXPRESSIONS, Floats


def expressions(shares: tuple[float, ...], colour: str, name: str) -> str:
    """A drawing with one bar for each expression; `shares` (0..1) are in the order of EXPRESSIONS."""
    width, row, left, room = 400.0, 29.0, 80.0, 66.0

    parts = []
    for i, (word, share) in enumerate(zip(EXPRESSIONS, shares, strict=True)):
        y = 4 + i * row
        parts += [
            text(left - 10, y + 15, word, "name", "end"),
            rect(left, y + 4, width - left - room, 14, "#eef0f3", round=3),
            rect(left, y + 4, (width - left - room) * share, 14, colour, round=3),
            text(width - room + 8, y + 15, percent(share), "value"),
        ]
    return svg(width, 8 + row * len(EXPRESSIONS), name, *parts)


def latency(milliseconds: Floats) -> str:
    """A histogram of `milliseconds` (n,) up to their 99th percentile, with median and 95th percentile."""
    width, height, bottom, bins = 500.0, 130.0, 106.0, 40
    end = max(float(np.percentile(milliseconds, 99)) * 1.1, 1.0)
    counts = np.histogram(milliseconds, bins, (0.0, end))[0]
    step = (width - 20) / bins
    parts = [
        rect(10 + i * step, bottom - c / counts.max() * 84, step - 1, c / counts.max() * 84, "#9db4cc")
        for i, c in enumerate(counts.tolist())
        if c
    ]
    parts.append(line(10, bottom, width - 10, bottom, "axis"))
    for value in ticks(0, end, 8):
        parts.append(text(10 + value / end * (width - 20), bottom + 16, number(value), "label", "middle"))
    for share, word in ((50, "median"), (95, "95 %")):
        x = 10 + float(np.percentile(milliseconds, share)) / end * (width - 20)
        parts += [line(x, 14, x, bottom, "marker"), text(x + 4, 22, word, "label")]
    return svg(width, height, "Latency in milliseconds, how often", *parts)


def percent(share: float) -> str:
    """`share` (0..1) as a percentage: 0.4 %, 12 %, < 0.1 %; "-" for 0."""
    if share == 0:
        return "-"
    return (
        "< 0.1 %"
        if share < 0.0005
        else f"{share:.1%}".replace("%", " %")
        if share < 0.0995
        else f"{share:.0%}".replace("%", " %")
    )
