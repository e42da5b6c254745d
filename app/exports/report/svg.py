"""The little that the charts need of SVG: numbers in short, escaped text, lines, axes."""

from __future__ import annotations

import math
from html import escape

from app.system.palette import LIGHT
from app.types import Floats

# From the start, light, to the end, dark: readable without colour too.
TIME = ("#9bd93c", "#4ac16d", "#1fa187", "#277f8e", "#365c8d", "#46327e", "#440154")


def accent(index: int) -> str:
    """The colour, as #rrggbb, of condition number `index`, from 0."""
    return LIGHT.person(index)


def person_accent(face_id: int) -> str:
    """The colour, as #rrggbb, of the person with the id `face_id`, from 1: that of the light window."""
    return LIGHT.person(face_id - 1)


def in_time(share: float) -> str:
    """The colour, as #rrggbb, of a time that is `share` (0..1) of the way from start to end."""
    place = min(max(share, 0.0), 1.0) * (len(TIME) - 1)
    i = min(int(place), len(TIME) - 2)
    pair = [[int(TIME[k][c : c + 2], 16) for c in (1, 3, 5)] for k in (i, i + 1)]
    return "#" + "".join(f"{round(a + (b - a) * (place - i)):02x}" for a, b in zip(*pair, strict=True))


def number(value: float) -> str:
    """`value` as text with at most two decimals; 0 where it is not finite."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if math.isfinite(value) else "0"


def svg(width: float, height: float, name: str, *parts: str) -> str:
    """A drawing of `parts`, `width` by `height` units; `name` is what a screen reader says."""
    return (
        f'<svg viewBox="0 0 {number(width)} {number(height)}" role="img" aria-label="{escape(name)}">'
        f"{''.join(parts)}</svg>"
    )


def line(x0: float, y0: float, x1: float, y1: float, kind: str) -> str:
    """A line from (x0, y0) to (x1, y1); `kind` is a class of the style sheet."""
    return f'<line class="{kind}" x1="{number(x0)}" y1="{number(y0)}" x2="{number(x1)}" y2="{number(y1)}"/>'


def text(x: float, y: float, words: str, kind: str = "label", anchor: str = "start") -> str:
    """`words`, escaped, at (x, y); `kind` is a class of the style sheet, `anchor` SVG's text-anchor."""
    return (
        f'<text class="{kind}" x="{number(x)}" y="{number(y)}" text-anchor="{anchor}">{escape(words)}</text>'
    )


def rect(
    x: float, y: float, width: float, height: float, fill: str, *, title: str = "", round: float = 0
) -> str:
    """A rectangle from its upper left corner (x, y); `title` is its tooltip, `round` its corners' radius."""
    note = f"<title>{escape(title)}</title>" if title else ""
    corner = f' rx="{number(round)}"' if round else ""
    return (
        f'<rect x="{number(x)}" y="{number(y)}" width="{number(max(width, 0))}" height="{number(height)}"'
        f' fill="{fill}"{corner}>{note}</rect>'
    )


def polyline(x: Floats, y: Floats) -> str:
    """The attribute `d` of a path through the points `x` (n,), `y` (n,)."""
    return "M" + "L".join(f"{number(a)} {number(b)}" for a, b in zip(x.tolist(), y.tolist(), strict=True))


def ticks(start: float, end: float, count: int) -> list[float]:
    """About `count` round times (s) from `start` to `end`."""
    steps = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400)
    step = next((s for s in steps if (end - start) / s <= count), 0.0)
    step = step or steps[-1] * math.ceil((end - start) / steps[-1] / count)  # of days
    first = math.ceil(start / step - 1e-9)
    return [i * step for i in range(first, math.floor(end / step + 1e-9) + 1)]


def clock(seconds: float, *, fine: bool = False) -> str:
    """`seconds` as 1:05, or 1:02:03 from an hour on; with tenths where `fine`."""
    tenths = round(seconds * 10)
    whole, rest = divmod(tenths, 10) if fine else (round(seconds), 0)
    hours, minutes, left = whole // 3600, whole % 3600 // 60, whole % 60
    end = f".{rest}" if fine else ""
    return f"{hours}:{minutes:02}:{left:02}{end}" if hours else f"{minutes}:{left:02}{end}"
