"""The curves of event-related averages as a drawing: a line a condition, and the interval as a band."""

from __future__ import annotations

import math

import numpy as np

from app.exports.report.svg import accent, line, polyline, svg, text
from app.study.averages import Averages, ConditionCurve
from app.types import Floats, Mask

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 1040.0, 360.0, 60.0, 14.0, 12.0, 34.0
LEAST = 0.05  # of half the height of the chart, in the signal's unit


def curve_chart(found: Averages) -> str:
    """An SVG drawing of `found`."""
    question = found.question
    every = np.concatenate([np.concatenate([c.mean, c.low, c.high]) for c in found.conditions])
    reach = max(LEAST, float(np.nanmax(np.abs(every), initial=0.0)))
    step = _round_step(reach / 2)
    most = math.ceil(reach / step) * step

    def x(time: Floats | float) -> Floats:
        share = (np.asarray(time, float) - question.start) / (question.end - question.start)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(value: Floats | float) -> Floats:
        return TOP + (most - np.asarray(value, float)) / (2 * most) * (HEIGHT - TOP - BOTTOM)

    parts = []
    for i in range(-round(most / step), round(most / step) + 1):
        at = float(y(i * step))
        parts += [line(LEFT, at, WIDTH - RIGHT, at, "grid" if i else "axis")]
        parts += [text(LEFT - 8, at + 4, f"{i * step:+.3g}" if i else "0", "label", "end")]
    seconds = _round_step((question.end - question.start) / 8)
    for i in range(math.ceil(question.start / seconds), math.floor(question.end / seconds) + 1):
        at = float(x(i * seconds))
        parts += [line(at, TOP, at, HEIGHT - BOTTOM, "grid" if i else "marker")]
        parts += [text(at, HEIGHT - BOTTOM + 18, f"{i * seconds:g} s", "label", "middle")]
    for i, condition in enumerate(found.conditions):
        parts.append(
            _curve(condition, x(found.times), y(condition.mean), y(condition.low), y(condition.high), i)
        )
    return svg(WIDTH, HEIGHT, f"{question.signal} by condition, with 95 % intervals", *parts)


def _curve(condition: ConditionCurve, x: Floats, mean: Floats, low: Floats, high: Floats, index: int) -> str:
    colour, parts = accent(index), []
    dashes = f' stroke-dasharray="{8 - 2 * min(index, 3)} 4"' if index else ""  # readable without colour
    for part in _whole(~np.isnan(low)):
        outline = polyline(
            np.concatenate([x[part], x[part][::-1]]), np.concatenate([low[part], high[part][::-1]])
        )
        parts.append(f'<path class="band" d="{outline}Z" fill="{colour}"/>')
    for part in _whole(~np.isnan(mean)):
        parts.append(f'<path class="curve" d="{polyline(x[part], mean[part])}" stroke="{colour}"{dashes}/>')
    return "".join(parts)


def _whole(known: Mask) -> list[slice]:
    """The stretches without a gap."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], known.astype(int), [0]])))
    return [slice(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _round_step(size: float) -> float:
    """The least of 1, 2, 5, 10 ... or their tenths that is at least `size`."""
    power = 10.0 ** math.floor(math.log10(size))
    return next(k * power for k in (1, 2, 5, 10) if k * power >= size * (1 - 1e-9))
