"""The report of one session."""

from __future__ import annotations

import re
from html import escape
from typing import Any

import numpy as np

from app.report import bars, curves, plane
from app.report.bars import percent
from app.report.figures import PersonFigures, SessionFigures, Spread, between
from app.report.html import READING, cards, legend, listing, page, section, signed, table
from app.report.svg import accent, clock
from app.system.palette import LIGHT

SHOWN = len(LIGHT.people)  # people with a drawing of their own
NOTES = ("participant", "condition", "notes", "consent")  # of session.json, what the user wrote
SIGNALS = ("valence", "arousal")
TRACES = ("file", "video", "baseline", "recovered")  # and what else belongs to where the values come from


def report(session: SessionFigures) -> str:
    """The page as text."""
    people = _most_seen(session)
    return page(
        f"{session.about.source}: session of {session.about.started_utc[:10]}",
        _head(session),
        _warnings(session),
        _key(session),
        section("Over time", *_over_time(session, people)),
        section("People", *_people(session, people), long=True),
        section("Markers", _markers(session), long=True) if session.markers else "",
        section("Quality and missing data", *_quality(session)),
        section("Where the values come from", *_origin(session), long=True),
        section("How to read this page", READING),
    )


def _most_seen(session: SessionFigures) -> tuple[PersonFigures, ...]:
    most = sorted(session.people, key=lambda person: -len(person.rows))[:SHOWN]
    return tuple(sorted(most, key=lambda person: person.id))


def _head(session: SessionFigures) -> str:
    about = session.about
    when = about.started_utc.replace("T", " ").removesuffix("Z").partition(".")[0]
    kind = f"{'camera' if about.live else 'video'}, {about.width} x {about.height} pixels"
    own = _entries(session, NOTES) if about.text("participant") or about.text("notes") else {}
    return (
        f"<header><h1>{escape(about.source)}</h1>"
        f'<p class="quiet">Session {escape(session.name)}, recorded {escape(when)} UTC, {kind}</p>'
        + (listing(own) if own else "")
        + "</header>"
    )


def _warnings(session: SessionFigures) -> str:
    found = []
    if not session.about.finished:
        found.append(
            "This session was not finished properly, or is still running: it shows what was written."
        )
    if not session.valence.count:
        found.append("No face was measured in this session.")
    return "".join(f'<p class="warning">{words}</p>' for words in found)


def _key(session: SessionFigures) -> str:
    ok = session.status.get("ok", 0) / max(1, sum(session.status.values()))
    figures = [
        (clock(session.duration), "duration"),
        (f"{len(session.people)}", "person" if len(session.people) == 1 else "people"),
        (percent(session.measured), "of the frames with a face"),
        (percent(ok), "of the rows are ok"),
        (signed(session.valence.mean), "mean valence"),
        (signed(session.arousal.mean), "mean arousal"),
    ]
    if len(session.latency):
        figures.append((f"{np.median(session.latency):.0f} ms", "median latency"))
    return cards(*figures)


def _over_time(session: SessionFigures, people: tuple[PersonFigures, ...]) -> list[str]:
    if not session.frames:
        return ['<p class="quiet">There are no rows.</p>']
    colours = [(accent(i), f"person {person.id}") for i, person in enumerate(people)]
    statuses = [(curves.colour_of(word), word.replace("_", " ")) for word in session.status]
    return [f"<figure>{curves.curves(session, people)}</figure>", legend(colours), legend(statuses)]


def _people(session: SessionFigures, people: tuple[PersonFigures, ...]) -> list[str]:
    if not people:
        return ['<p class="quiet">Nobody was seen.</p>']
    parts = [_person(session, person, i) for i, person in enumerate(people)]
    others = len(session.people) - len(people)
    if others:
        parts.append(
            f'<p class="note">{others} more, in sight for a shorter time, are counted but not drawn.</p>'
        )
    return parts


def _person(session: SessionFigures, person: PersonFigures, index: int) -> str:
    colour, times = accent(index), person.rows["time_s"]
    numbers = table(
        ("raw values", "mean", "sd", "5 %", "95 %"),
        [
            _spread("valence", person.valence),
            _spread("arousal", person.arousal),
            *(_spread(f"{n} from baseline", s) for n, s in zip(SIGNALS, person.from_baseline, strict=False)),
        ],
        range(1, 5),
    )
    return (
        f'<div class="person"><header><h3><i class="dot" style="background:{colour}"></i>Person {person.id}'
        f'</h3><span class="quiet">{clock(times[0])} to {clock(times[-1])}, measured in '
        f"{percent(person.share)} of the frames</span></header>"
        f"<figure>{plane.path(session, person, index)}</figure>"
        f"<div><figure>{bars.expressions(person.expressions, colour, f'Expressions of person {person.id}')}"
        "<figcaption>Share of the frames in which each expression was the most probable</figcaption></figure>"
        f"<br>{numbers}</div></div>"
    )


def _spread(name: str, spread: Spread) -> tuple[str, ...]:
    sd = f"{spread.sd:.2f}" if spread.sd == spread.sd else "-"
    return (name, signed(spread.mean), sd, signed(spread.low), signed(spread.high))


def _markers(session: SessionFigures) -> str:
    """Each with what was measured from it until the next one, or the end."""
    rows = []
    ends = [*(event.time for event in session.markers[1:]), float("inf")]
    for i, (event, end) in enumerate(zip(session.markers, ends, strict=True), 1):
        found = between(session, event.time, end)
        spreads = (f"{signed(s.mean)} ± {s.sd:.2f}" if s.count > 1 else "-" for s in found[:2])
        rows.append((str(i), clock(event.time, fine=True), escape(event.text), escape(event.origin), *spreads,
                     found[2] or "-"))  # fmt: skip
    heads = ("", "time", "marker", "set by", "valence, mean ± sd", "arousal, mean ± sd", "commonest")
    note = '<p class="note">Values are those of all people from a marker until the next one.</p>'
    return table(heads, rows, (4, 5)) + note


def _quality(session: SessionFigures) -> list[str]:
    rows = sum(session.status.values())
    statuses = table(
        ("status", "meaning", "rows", "share"),
        [
            (
                f'<i class="dot" style="background:{curves.colour_of(word)}"></i>{escape(word)}',
                escape(session.about.status.get(word, "")), f"{count:,}", percent(count / rows),
            )
            for word, count in session.status.items()
        ],
        (2, 3),
    )  # fmt: skip
    offered = session.frames + session.lost
    entries = {
        "frames": f"{session.frames:,}",
        "dropped": f"{session.lost:,} ({percent(session.lost / offered)} of those that came)"
        if session.lost
        else "none",
        "rate": f"{session.rate:.2f} frames a second (promised: {session.about.rate:g})",
        "longest gap": f"{session.longest_gap:.3f} s between two frames",
    }
    parts = [listing(entries)]
    if len(session.latency):
        median, late, most = np.percentile(session.latency, [50, 95, 100])
        parts.append(
            f"<figure>{bars.latency(session.latency)}<figcaption>Latency, from capture until the "
            f"values were ready: median {median:.1f} ms, 95 % below {late:.1f} ms, "
            f"at most {most:.1f} ms</figcaption></figure>"
        )
    return [statuses, "<br>", f'<div class="two">{"".join(f"<div>{part}</div>" for part in parts)}</div>']


def _origin(session: SessionFigures) -> list[str]:
    about = session.about
    models = table(
        ("model", "for", "measured", "SHA-256"),
        [
            (
                f"{escape(m.name)}<br><span class=\"quiet\">{escape(m.precision)}</span>",
                escape(m.task), listing(m.measured), f"<code>{escape(m.sha256)}</code>",
            )
            for m in about.models
        ],
    )  # fmt: skip
    made = {
        "program": f"Mien {about.app_version}", "platform": about.platform, "settings": dict(about.settings),
        "ended by": about.ended_by or "-",
    }  # fmt: skip
    return [models, "<br>", listing(made | _entries(session, TRACES))]


def _entries(session: SessionFigures, names: tuple[str, ...]) -> dict[str, Any]:
    """Those of session.json that say something."""
    whole = dict(session.about.whole)
    if isinstance(file := whole.get("file"), dict):  # its folder is nobody's business
        whole["file"] = file | {"path": re.split(r"[/\\]", str(file.get("path", "")))[-1]}
    return {name: whole[name] for name in names if whole.get(name) not in (None, "", [], False)}
