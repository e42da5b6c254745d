"""The page that compares sessions by condition: each session is one point, the spread is across sessions."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from app.exports.report.bars import percent
from app.exports.report.conditions import Condition, expressions, in_plane, on_axis
from app.exports.report.figures import SessionFigures
from app.exports.report.html import READING, cards, dot, legend, page, section, signed, table
from app.exports.report.svg import accent, clock
from app.system.counted import counted


def comparison(sessions: Sequence[tuple[str, SessionFigures]]) -> str:
    """The HTML page that compares `sessions`, each given with the name of its condition."""
    conditions = _conditions(sessions)
    dots = legend((c.colour, f"{c.name} ({len(c.sessions)})") for c in conditions)
    return page(
        f"Comparison of {counted(len(sessions), 'session')}",
        f"<header><h1>Comparison of {counted(len(sessions), 'session')}</h1>"
        f'<p class="quiet">{escape(", ".join(c.name for c in conditions))}</p></header>',
        _warnings([figures for _, figures in sessions]),
        cards(
            (str(len(sessions)), "sessions"),
            (str(len(conditions)), "condition" if len(conditions) == 1 else "conditions"),
            (clock(sum(f.duration for _, f in sessions)), "total"),
        ),
        section("Conditions", _means(conditions)),
        section(
            "Valence and arousal",
            f'<div class="two"><figure>{in_plane(conditions)}</figure><div>'
            f'<figure>{on_axis(conditions, "valence")}</figure><br>'
            f'<figure>{on_axis(conditions, "arousal")}</figure></div></div>{dots}',
            '<p class="note">A dot is the mean of one session. A cross, or a bar with its tick, is the mean '
            "of a condition with one standard deviation across its sessions.</p>",
        ),
        section("Expressions", f"<figure>{expressions(conditions)}</figure>{dots}",
                '<p class="note">Share of the rows in which each expression was the most probable: the mean '
                "of the sessions, and each session as a dot.</p>"),
        section("Sessions", _table(conditions), long=True),
        section("How to read this page", READING),
    )  # fmt: skip


def _conditions(sessions: Sequence[tuple[str, SessionFigures]]) -> tuple[Condition, ...]:
    names = list(dict.fromkeys(name for name, _ in sessions))
    return tuple(
        Condition(name, accent(i), tuple(f for own, f in sessions if own == name))
        for i, name in enumerate(names)
    )


def _warnings(sessions: Sequence[SessionFigures]) -> str:
    """What makes a comparison unfair."""
    found = []
    if len({tuple((m.name, m.sha256) for m in f.info.models) for f in sessions}) > 1:
        found.append(
            "These sessions were made with different networks: analyse their videos again to compare them."
        )
    if len({f.info.settings.get("smoothing") for f in sessions}) > 1:
        found.append(
            "Some of these sessions were smoothed and some were not; the means use raw values in either case."
        )
    found += [figures.lacking for figures in sessions if figures.lacking]
    for figures in sessions:
        if not figures.valence.count:
            found.append(f"No face was measured in {figures.name}: it is left out of the means.")
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
                dot(c.colour, c.name), str(len(c.sessions)),
                *(f"{signed(s.mean)} ± {s.sd:.2f}" if s.sd == s.sd else signed(s.mean) for s in both),
                common, percent(measured),
            )
        )  # fmt: skip
    heads = (
        "condition",
        "sessions",
        "valence, mean ± sd",
        "arousal, mean ± sd",
        "most common",
        "with a face",
    )
    return table(heads, rows, (1, 2, 3, 5))


def _table(conditions: Sequence[Condition]) -> str:
    rows = [
        (
            dot(c.colour, c.name), f.name,
            f.info.details.participant or "-", clock(f.duration), percent(f.measured),
            percent(f.status.get("ok", 0) / max(1, sum(f.status.values()))),
            signed(f.valence.mean), signed(f.arousal.mean), f.dominant or "-",
        )
        for c in conditions
        for f in c.sessions
    ]  # fmt: skip
    heads = (
        *("condition", "session", "participant", "duration", "with a face", "ok", "valence", "arousal"),
        "most common",
    )
    return table(heads, rows, range(3, 8))
