"""Valence and arousal over time with the markers, and below them what was measured and what is missing."""

from __future__ import annotations

from html import escape

import numpy as np

from app.exports.report.figures import PersonFigures, SessionFigures
from app.exports.report.svg import clock, line, number, person_accent, polyline, rect, svg, text, ticks
from app.exports.report.thin import thin
from app.system.palette import LIGHT
from app.types import Floats

WIDTH, LEFT, RIGHT = 1040.0, 46.0, 10.0
CURVE, SPACE, TOP = 150.0, 22.0, 26.0  # height of a curve, between two, above the first for the flags
STRIP, BINS, SLOTS = 22.0, 800, 260
STATUS = {
    "ok": "#7fb8a4", "no_face": "#dfe3e8", "cut_off": "#9a6a4f", "too_small": "#b79ad6",
    "turned_away": "#e08e45",
    "too_dark": "#5c6675", "too_bright": "#f2dc8a", "blurred": "#8fb4de", "low_confidence": "#e0709a",
    "rate_too_low": "#7a5fb0",
}  # fmt: skip
OTHER = "#c9a3a3"
MOST_MARKERS = 1000  # on a page


def colour_of(status: str) -> str:
    """The colour, as #rrggbb, of a word of the column `status`."""
    return STATUS.get(status, OTHER)


def curves(session: SessionFigures, people: tuple[PersonFigures, ...]) -> str:
    """Valence and arousal of `people` over time, from smoothed values, with the markers and each status.

    Where there are more values than fit on the page, a band shows their least and greatest.
    """
    bottom = TOP + 2 * CURVE + SPACE
    height = bottom + SPACE + STRIP + 22
    lines, words = _times(session, bottom)
    parts = [lines]
    for i, signal in enumerate(("valence", "arousal")):
        top = TOP + i * (CURVE + SPACE)
        parts += [_frame(signal, top)]
        parts += [_curve(session, person, f"{signal}_smooth", top) for person in people]
    parts += [
        _strip(session, bottom + SPACE),
        _markers(session, bottom + SPACE + STRIP),
        words,
    ]
    return svg(WIDTH, height, "Valence and arousal over time, with markers", *parts)


def _x(session: SessionFigures, times: Floats) -> Floats:
    return LEFT + (times - session.start) / max(session.duration, 1e-9) * (WIDTH - LEFT - RIGHT)


def _at(session: SessionFigures, time: float) -> float:
    return float(_x(session, np.array(time)))


def _frame(signal: str, top: float) -> str:
    lines = [
        line(LEFT, top + k * CURVE / 4, WIDTH - RIGHT, top + k * CURVE / 4, "grid") for k in (0, 1, 3, 4)
    ]
    lines.append(line(LEFT, top + CURVE / 2, WIDTH - RIGHT, top + CURVE / 2, "axis"))
    labels = [
        text(LEFT - 6, top + 4 + k * CURVE / 2, w, "label", "end") for k, w in enumerate(("+1", "0", "-1"))
    ]
    middle = top + CURVE / 2
    turned = f'transform="translate(13 {number(middle)}) rotate(-90)"'
    name = f'<text class="name" text-anchor="middle" {turned}>{signal}</text>'
    return "".join([*lines, *labels, name])


def _curve(session: SessionFigures, person: PersonFigures, column: str, top: float) -> str:
    rows = person.rows
    thinned = thin(rows["time_s"], rows[column][:, None], session.start, session.end, BINS)
    x = _x(session, thinned.times)
    mean, low, high = (
        top + (1 - v[:, 0].clip(-1, 1)) / 2 * CURVE for v in (thinned.values, thinned.low, thinned.high)
    )
    parts, colour = [], person_accent(person.id)
    for part in thinned.parts:
        if low is not mean and part.stop - part.start > 1 and (low[part] != high[part]).any():
            outline = polyline(
                np.concatenate([x[part], x[part][::-1]]), np.concatenate([low[part], high[part][::-1]])
            )
            parts.append(f'<path class="band" d="{outline}Z" fill="{colour}"/>')
        parts.append(f'<path class="curve" d="{polyline(x[part], mean[part])}" stroke="{colour}"/>')
    return "".join(parts)


def _times(session: SessionFigures, bottom: float) -> tuple[str, str]:
    """The lines of round times, for below the curves, and their labels, for above."""
    fine = session.duration < 5
    lines, words = [], []
    for at in ticks(session.start, session.end, 12):
        x = _at(session, at)
        anchor = "end" if x > WIDTH - RIGHT - 16 else "middle"
        lines.append(line(x, TOP, x, bottom, "grid"))
        words.append(text(x, bottom + 14, clock(at, fine=fine), "label", anchor))
    return "".join(lines), "".join(words)


def _strip(session: SessionFigures, top: float) -> str:
    """The share of each status in each slot of time, stacked, `ok` at the bottom."""
    words = sorted(session.status, key=lambda word: (word != "ok", word == "no_face", word))
    slots = min(SLOTS, max(1, session.frames // 2))  # wide enough for a frame in each
    edges = np.linspace(session.start, session.end + 1e-9, slots + 1)
    codes = [session.status_words.index(word) for word in words]
    counts = np.array([np.histogram(session.times[session.statuses == c], edges)[0] for c in codes], float)
    if not counts.size:
        return ""
    shares = counts / np.maximum(counts.sum(axis=0), 1)
    tops = np.cumsum(shares, axis=0)
    step = (WIDTH - LEFT - RIGHT) / slots
    parts = []
    for w, word in enumerate(words):
        d = "".join(
            f"M{number(LEFT + i * step)} {number(top + STRIP * (1 - tops[w, i]))}h{number(step + 0.3)}"
            f"v{number(STRIP * shares[w, i])}h-{number(step + 0.3)}z"
            for i in np.flatnonzero(shares[w] > 0)
        )
        parts.append(f'<path d="{d}" fill="{colour_of(word)}"><title>{escape(word)}</title></path>')
    return "".join([*parts, text(LEFT - 6, top + STRIP / 2 + 4, "status", "label", "end")])


def _markers(session: SessionFigures, bottom: float) -> str:
    """A numbered flag and a line through everything; their texts are in the table of markers."""
    parts = []
    for i, event in enumerate(session.markers[:MOST_MARKERS], 1):
        if not session.start <= event.time <= session.end:
            continue
        x = _at(session, event.time)
        parts += [line(x, TOP - 4, x, bottom, "marker")]
        wide = 10 + 6 * len(str(i))
        parts += [
            rect(x - wide / 2, TOP - 20, wide, 16, LIGHT.text, title=event.text or event.kind, round=3),
            text(x, TOP - 8, str(i), "flag", "middle"),
        ]
    return "".join(parts)
