"""Conditions, groups of sessions, and how they are drawn: each session a dot, each condition its mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from app.exports.report import plane
from app.exports.report.bars import percent
from app.exports.report.figures import SessionFigures, Spread, spread
from app.exports.report.html import signed
from app.exports.report.svg import line, number, rect, svg, text
from app.types import EXPRESSIONS


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of a comparison: its name, its colour (#rrggbb) and its sessions."""

    name: str
    colour: str
    sessions: tuple[SessionFigures, ...]

    def spread(self, signal: str) -> Spread:
        """The spread of the sessions' means; `signal` is "valence" or "arousal".

        A session without a face is left out.
        """
        return spread(np.array([getattr(session, signal).mean for session in self.sessions]))


def in_plane(conditions: Sequence[Condition]) -> str:
    """A drawing of the valence-arousal plane with the mean of each session and of each condition."""
    parts = [plane.ground()]
    for c in conditions:
        if c.spread("valence").count:
            parts.append(plane.cross(c.spread("valence"), c.spread("arousal"), c.colour))
    for c in conditions:
        parts += [
            f'<circle cx="{number(plane.across(f.valence.mean))}" cy="{number(plane.down(f.arousal.mean))}" '
            f'r="4" fill="{c.colour}" fill-opacity="0.55" stroke="#fff">'
            f"<title>{escape(f.name)}</title></circle>"
            for f in c.sessions
            if f.valence.count
        ]
    side = plane.SIDE + 2 * plane.EDGE
    return svg(side, side, "Means of the sessions in the valence-arousal plane", *parts)


def on_axis(conditions: Sequence[Condition], signal: str) -> str:
    """A drawing with a row for each condition on an axis from -1 to 1; `signal` is "valence" or "arousal"."""
    width, left, row, top = 460.0, 110.0, 30.0, 24.0
    bottom = top + row * len(conditions)

    def x(value: float) -> float:
        return left + (value + 1) / 2 * (width - left - 16)

    parts = [text(left - 10, 14, signal, "name", "end")]
    for value in (-1.0, -0.5, 0.0, 0.5, 1.0):
        parts += [
            line(x(value), top, x(value), bottom, "axis" if value == 0 else "grid"),
            text(x(value), bottom + 15, f"{value:+g}" if value else "0", "label", "middle"),
        ]
    for i, c in enumerate(conditions):
        y = top + row * (i + 0.5)
        parts.append(text(left - 10, y + 4, _short(c.name), "name", "end"))
        for f in c.sessions:
            mean = getattr(f, signal).mean
            if mean == mean:
                parts.append(
                    f'<circle cx="{number(x(mean))}" cy="{number(y)}" r="4" fill="{c.colour}" '
                    f'fill-opacity="0.45"><title>{escape(f.name)}: {signed(mean)}</title></circle>'
                )
        whole = c.spread(signal)
        if whole.count:
            reach = whole.sd if whole.sd == whole.sd else 0.0
            parts += [
                rect(
                    x(whole.mean - reach), y - 1, x(whole.mean + reach) - x(whole.mean - reach), 2, c.colour
                ),
                rect(x(whole.mean) - 1.5, y - 9, 3, 18, c.colour, round=1.5),
            ]
    return svg(width, bottom + 22, f"{signal} by condition", *parts)


def expressions(conditions: Sequence[Condition]) -> str:
    """A drawing of the share of each expression as bars, one for each condition."""
    width, left, bar = 1040.0, 90.0, 13.0
    group = bar * len(conditions) + 14

    def x(share: float) -> float:
        return left + share * (width - left - 70)

    parts = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts += [
            line(x(share), 4, x(share), group * len(EXPRESSIONS), "axis" if share == 0 else "grid"),
            text(
                x(share), group * len(EXPRESSIONS) + 16, f"{share:.0%}".replace("%", " %"), "label", "middle"
            ),
        ]
    for e, word in enumerate(EXPRESSIONS):
        parts.append(text(left - 10, e * group + group / 2 + 4, word, "name", "end"))
        for i, c in enumerate(conditions):
            y = e * group + 8 + i * bar
            shares = [f.expressions[e] for f in c.sessions if f.valence.count]
            if not shares:
                continue
            mean = sum(shares) / len(shares)
            parts.append(
                rect(x(0), y, x(mean) - x(0), bar - 3, c.colour, title=f"{c.name}: {percent(mean)}", round=2)
            )
            parts += [
                f'<circle cx="{number(x(s))}" cy="{number(y + bar / 2 - 1.5)}" r="2.6" fill="#fff" '
                f'stroke="{c.colour}" stroke-width="1.2"/>'
                for s in shares
            ]
    return svg(width, group * len(EXPRESSIONS) + 24, "Expressions by condition", *parts)


def _short(name: str) -> str:
    return name if len(name) <= 14 else name[:13] + "…"
