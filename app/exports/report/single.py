"""The report of one session."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict
from html import escape

import numpy as np

from app.exports.report import bars, curves, plane
from app.exports.report.action_tally import CLEAR
from app.exports.report.bars import percent
from app.exports.report.curves import MOST_MARKERS
from app.exports.report.figures import PersonFigures, SessionFigures, Spread, between
from app.exports.report.html import (
    READING,
    Entry,
    Html,
    cards,
    dot,
    entries,
    legend,
    listing,
    page,
    section,
    signed,
    table,
)
from app.exports.report.svg import clock, person_accent
from app.sessions.header import Details
from app.sessions.info import SessionInfo
from app.stages.actions.names import ACTIONS, HONEST
from app.stages.actions.names import words as action_words

SIGNALS = ("valence", "arousal")
MOST_ACTIONS = 8  # of a person, in the table
TASKS = {  # of networks and of what else was fitted, in words
    "actions": "reads actions of the face",
    "affect": "reads expression, valence and arousal",
    "eye-centres": "finds the centre of each eye",
    "face-detection": "finds faces",
    "face-landmarks": "finds the landmarks of a face",
}


def report(session: SessionFigures) -> str:
    """The HTML page of `session`."""
    people = session.people
    return page(
        f"{session.info.source}: session of {session.info.started_utc[:10]}",
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


def _head(session: SessionFigures) -> str:
    info = session.info
    when = info.started_utc.replace("T", " ").removesuffix("Z").partition(".")[0]
    kind = f"{'camera' if info.live else 'video'}, {info.width} x {info.height} pixels"
    own = _details(info.details) if info.details.participant or info.details.notes else []
    return (
        f"<header><h1>{escape(info.source)}</h1>"
        f'<p class="quiet">Session {escape(session.name)}, recorded {escape(when)} UTC, {kind}</p>'
        + (listing(own) if own else "")
        + "</header>"
    )


def _warnings(session: SessionFigures) -> str:
    found = []
    if not session.info.finished:
        found.append(
            "This session was interrupted, or is still running: the page shows what was written so far."
        )
    if session.lacking:
        found.append(session.lacking)
    if not session.valence.count:
        found.append("No face was measured in this session.")
    return "".join(f'<p class="warning">{escape(words)}</p>' for words in found)


def _key(session: SessionFigures) -> str:
    ok = session.status.get("ok", 0) / max(1, sum(session.status.values()))
    figures = [
        (clock(session.duration), "duration"),
        (f"{session.seen}", "person" if session.seen == 1 else "people"),
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
    colours = [(person_accent(person.id), f"person {person.id}") for person in people]
    statuses = [(curves.colour_of(word), word.replace("_", " ")) for word in session.status]
    parts = [f"<figure>{curves.curves(session, people)}</figure>", legend(colours), legend(statuses)]
    if any(person.from_baseline for person in people):
        parts.append(
            '<p class="note">Curves and paths show the change from a person\'s own neutral face, from the '
            "moment its baseline was set.</p>"
        )
    return parts


def _people(session: SessionFigures, people: tuple[PersonFigures, ...]) -> list[str]:
    if not people:
        return ['<p class="quiet">Nobody was seen.</p>']
    parts = [_person(session, person) for person in people]
    others = session.seen - len(people)
    if others:
        parts.append(
            f'<p class="note">{others} more, in sight for a shorter time, are counted but not drawn.</p>'
        )
    return parts


def _person(session: SessionFigures, person: PersonFigures) -> str:
    colour, times = person_accent(person.id), person.rows["time_s"]
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
        f"<figure>{plane.path(session, person)}</figure>"
        f"<div><figure>{bars.expressions(person.expressions, colour, f'Expressions of person {person.id}')}"
        "<figcaption>Share of the frames in which each expression was the most probable</figcaption></figure>"
        f"<br>{numbers}{_actions(person)}</div></div>"
    )


def _actions(person: PersonFigures) -> str:
    """The actions of the face that were seen, those that were strongest first; "" where none is known."""
    if person.actions is None:
        return ""
    mean, shown = person.actions.mean, person.actions.shown
    rows = [
        (action_words(ACTIONS[i]), ACTIONS[i], f"{mean[i]:.2f}", percent(shown[i]))
        for i in np.argsort(-mean, kind="stable")[:MOST_ACTIONS]
        if mean[i] == mean[i]  # NaN never was known
    ]
    heads = ("action of the face", "column", "mean", f"{CLEAR:g} or more")
    return f'<br>{table(heads, rows, (2, 3))}<p class="note">Actions are {HONEST}.</p>'


def _spread(name: str, spread: Spread) -> tuple[str, ...]:
    sd = f"{spread.sd:.2f}" if spread.sd == spread.sd else "-"
    return (name, signed(spread.mean), sd, signed(spread.low), signed(spread.high))


def _markers(session: SessionFigures) -> str:
    """Each with what was measured from it until the next one, or the end."""
    rows = []
    shown = session.markers[:MOST_MARKERS]
    ends = [*(event.time for event in session.markers[1 : len(shown) + 1]), float("inf")]
    for i, (event, end) in enumerate(zip(shown, ends, strict=False), 1):
        found = between(session, event.time, end)
        spreads = (f"{signed(s.mean)} ± {s.sd:.2f}" if s.count > 1 else "-" for s in found[:2])
        rows.append((str(i), clock(event.time, fine=True), event.text, event.origin, *spreads,
                     found[2] or "-"))  # fmt: skip
    heads = ("", "time", "marker", "set by", "valence, mean ± sd", "arousal, mean ± sd", "most common")
    note = '<p class="note">Values are those of all people from a marker until the next one.</p>'
    more = len(session.markers) - len(shown)
    rest = f'<p class="note">{more:,} more markers are not shown.</p>' if more else ""
    return table(heads, rows, (4, 5)) + note + rest


def _quality(session: SessionFigures) -> list[str]:
    rows = sum(session.status.values())
    statuses = table(
        ("status", "meaning", "rows", "share"),
        [
            (
                dot(curves.colour_of(word), word), session.info.status.get(word, ""), f"{count:,}",
                percent(count / rows),
            )
            for word, count in session.status.items()
        ],
        (2, 3),
    )  # fmt: skip
    offered = session.frames + session.lost
    share = percent(session.lost / max(1, offered))
    counted = (
        Entry("frames", f"{session.frames:,}"),
        Entry("dropped", f"{session.lost:,} ({share} of those that arrived)" if session.lost else "none"),
        Entry("rate", f"{session.rate:.2f} frames a second (nominal: {session.info.rate:g})"),
        Entry("longest gap", f"{session.longest_gap:.3f} s between two frames"),
    )
    parts = [listing((*counted, *_unmeasured(session)))]
    if len(session.latency):
        median, late, most = np.percentile(session.latency, [50, 95, 100])
        parts.append(
            f"<figure>{bars.latency(session.latency)}<figcaption>Latency, from capture until the "
            f"values were ready: median {median:.1f} ms, 95 % below {late:.1f} ms, "
            f"at most {most:.1f} ms</figcaption></figure>"
        )
    return [statuses, "<br>", f'<div class="two">{"".join(f"<div>{part}</div>" for part in parts)}</div>']


def _unmeasured(session: SessionFigures) -> Iterator[Entry]:
    """What events say of faces in sight that were not measured; nothing where there were none."""
    noted = [event for event in session.events if event.kind == "unmeasured_faces"]
    if noted:
        more = f"; {len(noted) - 1:,} more such events in events.csv" if len(noted) > 1 else ""
        yield Entry("faces measured", f"{noted[0].text} in sight from {clock(noted[0].time)} on{more}")


def _origin(session: SessionFigures) -> list[str]:
    info = session.info
    models = table(
        ("network", "what it does", "precision", "SHA-256"),
        [
            (m.name, TASKS.get(m.task, m.task), m.precision, Html(f"<code>{escape(m.sha256)}</code>"))
            for m in info.models
        ],
    )
    how_well = (
        '<p class="note">How well each network does is in session.json, and in the chapter Accuracy of '
        "Mien's documents.</p>"
    )
    made = [
        Entry("program", f"Mien {info.app_version}"),
        *entries("platform", info.platform),
        *entries("settings", info.settings),
        Entry("ended by", info.ended_by or "-"),
    ]
    return [models, how_well, "<br>", listing([*made, *_traces(info)])]


def _details(details: Details) -> list[Entry]:
    """What the user wrote of the session, without what was left empty."""
    return [entry for name, value in asdict(details).items() if value for entry in entries(name, value)]


def _traces(info: SessionInfo) -> Iterator[Entry]:
    """What else belongs to where the values come from: file, video, baselines, recovery."""
    if info.file is not None:
        yield Entry("file", re.split(r"[/\\]", info.file.path)[-1])  # its folder is nobody's business
        yield from entries("file bytes", info.file.bytes if info.file.bytes >= 0 else None)
        yield from entries("file sha256", info.file.sha256)
    if info.video is not None:
        yield from entries("video", asdict(info.video))
    for person in info.baselines:
        yield from entries(f"baseline of person {person.face}", asdict(person.baseline))
    if info.recovered:
        yield Entry("recovered", "yes")
