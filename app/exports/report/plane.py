"""The valence-arousal plane: one person's path through it, coloured by time."""

from __future__ import annotations

from typing import Any

import numpy as np

from app.exports.report.figures import PersonFigures, SessionFigures, Spread
from app.exports.report.svg import clock, in_time, line, number, person_accent, polyline, rect, svg, text
from app.exports.report.thin import thin

SIDE, EDGE, BAR = 330.0, 26.0, 30.0  # of the square, around it, below it for the scale of time
POINTS, SHADES = 900, 40
QUARTERS = (("joyful", 1, 1), ("tense", -1, 1), ("gloomy", -1, -1), ("relaxed", 1, -1))  # Russell 1980


def across(valence: Any) -> Any:
    """The x in the drawing of a valence in -1..1, a number or an array."""
    return EDGE + (valence + 1) / 2 * SIDE


def down(arousal: Any) -> Any:
    """The y in the drawing of an arousal in -1..1, a number or an array."""
    return EDGE + (1 - arousal) / 2 * SIDE


def ground() -> str:
    """The square of the plane, with its axes and their names."""
    middle, far = EDGE + SIDE / 2, EDGE + SIDE
    parts = [
        f'<rect class="ground" x="{EDGE}" y="{EDGE}" width="{SIDE}" height="{SIDE}" rx="4"/>',
        f'<circle class="grid" cx="{middle}" cy="{middle}" r="{SIDE / 2}" fill="none"/>',
        line(EDGE, middle, far, middle, "axis"),
        line(middle, EDGE, middle, far, "axis"),
    ]
    parts += [text(across(0.62 * x), down(0.86 * y), word, "quarter", "middle") for word, x, y in QUARTERS]
    parts += [
        text(middle, EDGE - 9, "excited  (arousal +1)", "label", "middle"),
        text(middle, far + 16, "calm  (arousal -1)", "label", "middle"),
        f'<text class="label" text-anchor="middle" transform="translate({EDGE - 9} {middle}) rotate(-90)">'
        "unpleasant  (valence -1)</text>",
        f'<text class="label" text-anchor="middle" transform="translate({far + 9} {middle}) rotate(90)">'
        "pleasant  (valence +1)</text>",
    ]
    return "".join(parts)


def cross(valence: Spread, arousal: Spread, colour: str) -> str:
    """The mean of `valence` and `arousal` as a cross whose arms are one standard deviation long."""
    x, y = across(valence.mean), down(arousal.mean)
    reach = [0.0 if s.sd != s.sd else s.sd * SIDE / 2 for s in (valence, arousal)]
    arms = (
        f'<path d="M{number(x - reach[0])} {number(y)}H{number(x + reach[0])}'
        f'M{number(x)} {number(y - reach[1])}V{number(y + reach[1])}" stroke="'
    )
    note = f"mean: valence {valence.mean:+.2f}, arousal {arousal.mean:+.2f}; arms: one standard deviation"
    return (
        f'{arms}#fff" stroke-width="5"/>{arms}{colour}" stroke-width="2.5"/>'
        f'<circle cx="{number(x)}" cy="{number(y)}" r="6" fill="{colour}" stroke="#fff" stroke-width="2">'
        f"<title>{note}</title></circle>"
    )


def path(session: SessionFigures, person: PersonFigures) -> str:
    """The way of `person` through the plane, coloured by time, from smoothed values."""
    rows = person.rows
    both = np.stack([rows["valence_smooth"], rows["arousal_smooth"]], axis=1)
    thinned = thin(rows["time_s"], both, session.start, session.end, POINTS)
    x, y = across(thinned.values[:, 0]), down(thinned.values[:, 1])
    shade = np.minimum(((thinned.times - session.start) / max(session.duration, 1e-9)) * SHADES, SHADES - 1)
    strokes = []
    for part in thinned.parts:
        edges = part.start + np.flatnonzero(np.diff(shade[part].astype(int), prepend=-1))
        for a, b in zip(edges, [*edges[1:], part.stop - 1], strict=True):  # ends where the next begins
            colour = in_time((int(shade[a]) + 0.5) / SHADES)
            strokes.append(f'<path d="{polyline(x[a : b + 1], y[a : b + 1])}" stroke="{colour}"/>')
    return svg(
        SIDE + 2 * EDGE, SIDE + 2 * EDGE + BAR, f"Path of person {person.id} in the valence-arousal plane",
        ground(), f'<g class="path">{"".join(strokes)}</g>',
        cross(person.valence, person.arousal, person_accent(person.id)), _scale(session),
    )  # fmt: skip


def _scale(session: SessionFigures) -> str:
    top = EDGE * 2 + SIDE + 4
    steps = [
        rect(
            EDGE + 44 + i * (SIDE - 88) / SHADES,
            top,
            (SIDE - 88) / SHADES + 0.5,
            8,
            in_time((i + 0.5) / SHADES),
        )
        for i in range(SHADES)
    ]
    ends = text(EDGE + 38, top + 8, clock(session.start, fine=session.duration < 5), "label", "end")
    return "".join(
        [
            *steps,
            ends,
            text(EDGE + SIDE - 38, top + 8, clock(session.end, fine=session.duration < 5), "label"),
        ]
    )
