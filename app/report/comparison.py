"""The page that compares sessions by condition: each session is one point, the spread is across sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from app.report import plane
from app.report.bars import percent
from app.report.figures import Figures, Spread, spread
from app.report.html import READING, cards, legend, page, section, signed, table
from app.report.svg import accent, clock, line, number, rect, svg, text
from app.types import EXPRESSIONS


@dataclass(frozen=True, slots=True)
class Condition:
    """Sessions that belong together."""

    name: str
    colour: str
    sessions: tuple[Figures, ...]

    def spread(self, signal: str) -> Spread:
        """Of the sessions' means of "valence" or "arousal"; a session without a face is left out."""
        return spread(np.array([getattr(session, signal).mean for session in self.sessions]))


def comparison(sessions: Sequence[tuple[str, Figures]]) -> str:
    """The page as text; each session with the name of its condition."""
    conditions = _conditions(sessions)
    dots = legend((c.colour, f"{c.name} ({len(c.sessions)})") for c in conditions)
    return page(
        f"Comparison of {len(sessions)} sessions",
        f"<header><h1>Comparison of {len(sessions)} sessions</h1>"
        f'<p class="quiet">{escape(", ".join(c.name for c in conditions))}</p></header>',
        _warnings([figures for _, figures in sessions]),
        cards(
            (str(len(sessions)), "sessions"),
            (str(len(conditions)), "condition" if len(conditions) == 1 else "conditions"),
            (clock(sum(f.duration for _, f in sessions)), "in all"),
        ),
        section("Conditions", _means(conditions)),
        section(
            "Valence and arousal",
            f'<div class="two"><figure>{_plane(conditions)}</figure><div>'
            f'<figure>{_dots(conditions, "valence")}</figure><br>'
            f'<figure>{_dots(conditions, "arousal")}</figure></div></div>{dots}',
            '<p class="note">A dot is the mean of one session. A cross, or a bar with its tick, is the mean '
            "of a condition with one standard deviation across its sessions.</p>",
        ),
        section("Expressions", f"<figure>{_expressions(conditions)}</figure>{dots}",
                '<p class="note">Share of the rows in which each expression was the most probable: the mean '
                "of the sessions, and each session as a dot.</p>"),
        section("Sessions", _table(conditions), long=True),
        section("How to read this page", READING),
    )  # fmt: skip


def _conditions(sessions: Sequence[tuple[str, Figures]]) -> tuple[Condition, ...]:
    names = list(dict.fromkeys(name for name, _ in sessions))
    return tuple(
        Condition(name, accent(i), tuple(f for own, f in sessions if own == name))
        for i, name in enumerate(names)
    )


def _warnings(sessions: Sequence[Figures]) -> str:
    """What makes a comparison unfair."""
    found = []
    if len({tuple((m.name, m.sha256) for m in f.about.models) for f in sessions}) > 1:
        found.append(
            "These sessions were made with different models: analyse their videos anew to compare them."
        )
    if len({f.about.settings.get("smoothing") for f in sessions}) > 1:
        found.append(
            "Some of these sessions were smoothed and some were not; means use raw values all the same."
        )
    for figures in sessions:
        if not figures.valence.count:
            found.append(f"No face was measured in {figures.name}: it has no part in the means.")
    return "".join(f'<p class="warning">{escape(words)}</p>' for words in found)


def _means(conditions: Sequence[Condition]) -> str:
    rows = []
    for c in conditions:
        both = [c.spread(signal) for signal in ("valence", "arousal")]
        dominant = [f.dominant for f in c.sessions if f.dominant]
        common = max(sorted(set(dominant)), key=dominant.count) if dominant else "-"
        measured = float(np.mean([f.measured for f in c.sessions]))
        rows.append(
            (
                f'<i class="dot" style="background:{c.colour}"></i>{escape(c.name)}', str(len(c.sessions)),
                *(f"{signed(s.mean)} ± {s.sd:.2f}" if s.sd == s.sd else signed(s.mean) for s in both),
                common, percent(measured),
            )
        )  # fmt: skip
    heads = ("condition", "sessions", "valence, mean ± sd", "arousal, mean ± sd", "commonest", "with a face")
    return table(heads, rows, (1, 2, 3, 5))


def _plane(conditions: Sequence[Condition]) -> str:
    parts = [plane.ground()]
    for c in conditions:
        for f in c.sessions:
            if f.valence.count:
                parts.append(
                    f'<circle cx="{number(plane.across(f.valence.mean))}" '
                    f'cy="{number(plane.down(f.arousal.mean))}" r="4" fill="{c.colour}" fill-opacity="0.45">'
                    f"<title>{escape(f.name)}</title></circle>"
                )
    for c in conditions:
        if c.spread("valence").count:
            parts.append(plane.cross(c.spread("valence"), c.spread("arousal"), c.colour))
    side = plane.SIDE + 2 * plane.EDGE
    return svg(side, side, "Means of the sessions in the valence-arousal plane", *parts)


def _dots(conditions: Sequence[Condition], signal: str) -> str:
    """A row for each condition on one axis from -1 to 1."""
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


def _expressions(conditions: Sequence[Condition]) -> str:
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


def _table(conditions: Sequence[Condition]) -> str:
    rows = [
        (
            f'<i class="dot" style="background:{c.colour}"></i>{escape(c.name)}', escape(f.name),
            escape(f.about.text("participant")) or "-", clock(f.duration), percent(f.measured),
            percent(f.status.get("ok", 0) / max(1, sum(f.status.values()))),
            signed(f.valence.mean), signed(f.arousal.mean), f.dominant or "-",
        )
        for c in conditions
        for f in c.sessions
    ]  # fmt: skip
    heads = (
        *("condition", "session", "participant", "duration", "with a face", "ok", "valence", "arousal"),
        "commonest",
    )
    return table(heads, rows, range(3, 8))


def _short(name: str) -> str:
    return name if len(name) <= 14 else name[:13] + "…"
