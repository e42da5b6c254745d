"""ELAN: `NAME.eaf` with a tier of markers, and for each person when they were there and what they showed."""

from __future__ import annotations

import itertools
import math
import mimetypes
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from app.sessions.event import MARKER, Event
from app.sessions.info import SessionError
from app.sessions.original import is_file, is_on_strange_computer
from app.sessions.reading import RecordedSession
from app.sessions.schema.column import Values
from app.sessions.schema.limits import MOST_IN_MEMORY, MOST_PEOPLE
from app.sessions.word_codes import WordCodes
from app.system.atomic import output_file
from app.system.extras import need
from app.system.plain_file import PRIVATE
from app.types import Floats

MARK = 500  # ms that a marker lasts on its tier, if the next one does not come before
GAP = 0.5  # s without a face that end a stretch, or two and a half frames where that is longer
MOST_ANNOTATIONS = 100_000  # of people; ELAN has all of them in memory
MOST_TIERS = 100  # of events at one moment


def write(session: RecordedSession, folder: Path) -> tuple[Path, ...]:
    """Writes `session` as `folder/NAME.eaf`; gives that file.

    Raises SessionError, MissingExtra and WriteError.
    """
    pympi = need("pympi", "ELAN")
    path = folder / f"{session.name}.eaf"
    eaf = pympi.Elan.Eaf(author=f"Mien {session.info.app_version}")
    eaf.remove_tier("default")
    for video in _videos(session):
        kind = mimetypes.guess_type(video.name)[0] or "video/x-matroska"
        eaf.add_linked_file(video.absolute().as_uri(), _from(folder, video), kind)
    events = session.events()
    if len(events) > MOST_ANNOTATIONS:
        raise _too_much(session, f"events ({len(events):,})")
    _add_events(eaf, "markers", [event for event in events if event.kind == MARKER])
    _add_events(eaf, "events", [event for event in events if event.kind != MARKER])
    _add_people(eaf, session)
    with output_file(path) as draft, TemporaryDirectory(dir=draft.parent) as place:
        made = Path(place) / "made.eaf"
        eaf.to_file(str(made))  # of a file that is there already, pympi would leave a copy beside it
        made.chmod(PRIVATE)
        made.replace(draft)
    return (path,)


def _add_people(eaf: Any, session: RecordedSession) -> None:
    """Two tiers for each person: when they were there, and what they showed."""
    session.refuse_above(MOST_IN_MEMORY, "ELAN: use parquet or csv, or make several sessions")
    words = WordCodes("expression_smooth")
    parts: dict[str, list[Values]] = {name: [np.empty(0)] for name in ("time_s", "face")}
    shown, frames, last = [np.empty(0, np.uint8)], [np.empty(0)], np.nan
    for block in session.blocks(("frame", "time_s", "face", "expression_smooth")):
        seen = ~np.isnan(block["face"])
        for name, found in parts.items():
            found.append(block[name][seen])
        shown.append(words.of(block["expression_smooth"][seen]))
        frames.append(block["time_s"][np.diff(block["frame"], prepend=last) != 0])
        last = block["frame"][-1]
    times, faces, codes = (np.concatenate(found) for found in (*parts.values(), shown))
    period = _period(np.concatenate(frames))
    order = np.argsort(faces, kind="stable")
    ids, first = np.unique(faces[order], return_index=True)
    if len(ids) > MOST_PEOPLE:
        raise _too_much(session, f"{len(ids):,} faces")
    left = MOST_ANNOTATIONS
    for id, start, end in zip(ids.tolist(), first, [*first[1:], len(order)][: len(ids)], strict=True):
        own = order[start:end]
        there = list(stretches(times[own], np.zeros(len(own)), max(GAP, 2.5 * period)))
        showed = list(stretches(times[own], codes[own], max(GAP, 2.5 * period)))
        left -= len(there) + len(showed)
        if left < 0:
            raise _too_much(session, "changes")
        name = f"face {id:.0f}"
        _add_stretches(eaf, name, there, period, [name])
        _add_stretches(eaf, f"{name} expression", showed, period, words.words)


def _too_much(session: RecordedSession, what: str) -> SessionError:
    return SessionError(f"{session.csv} has too many {what} for ELAN: use parquet or csv.")


def _period(times: Floats) -> float:
    """The usual time from one frame to the next (s); 0 where there are not two frames."""
    return max(0.0, float(np.median(np.diff(times)))) if len(times) > 1 else 0.0


def _from(folder: Path, video: Path) -> str | None:
    """The way from one to the other; None on Windows between two drives."""
    try:
        return f"./{Path(os.path.relpath(video, folder)).as_posix()}"
    except ValueError:
        return None


def _videos(session: RecordedSession) -> list[Path]:
    """The one that was recorded with the session, or else the one that was analysed, where it still is."""
    found = sorted(path for path in session.folder.glob("*.mkv") if not path.is_symlink())
    file = session.info.file
    if found or file is None or is_on_strange_computer(Path(file.path), session.folder):
        return found
    return [Path(file.path)] if is_file(Path(file.path)) else []


def stretches(times: Floats, values: Values, gap: float = GAP) -> Iterator[tuple[float, float, Any]]:
    """Start (s), end (s) and value of each run of equal `values` (n,) at the increasing `times` (n,), in s.

    A run ends where the next begins, or before a gap of more than `gap` (s).
    """
    if not len(times):
        return
    gaps = np.diff(times) > gap
    cuts = [0, *(np.flatnonzero(gaps | (values[1:] != values[:-1])) + 1), len(times)]
    for first, following in itertools.pairwise(cuts):
        together = following < len(times) and not gaps[following - 1]
        yield float(times[first]), float(times[following if together else following - 1]), values[first]


def _add_events(eaf: Any, name: str, events: list[Event]) -> None:
    eaf.add_tier(name)
    starts = [round(event.time * 1000) for event in events]
    later = dict(itertools.pairwise(dict.fromkeys(starts)))
    at_once: Counter[int] = Counter()
    tiers = {name}
    for start, event in zip(starts, events, strict=True):
        at_once[start] += 1  # ELAN lets no two overlap in a tier
        tier = name if at_once[start] == 1 else f"{name} {at_once[start]}"
        if tier not in tiers:
            if len(tiers) >= MOST_TIERS:
                continue
            tiers.add(tier)
            eaf.add_tier(tier)
        end = min(start + MARK, later.get(start, start + MARK))
        eaf.add_annotation(tier, start, end, event.text or event.kind)


def _add_stretches(
    eaf: Any, tier: str, found: list[tuple[float, float, Any]], period: float, words: Sequence[str]
) -> None:
    """One annotation each; what was seen in a single frame lasts for one `period` (s), if nothing follows."""
    eaf.add_tier(tier)
    nexts = [*(start for start, _, _ in found[1:]), math.inf]
    for (start, end, value), following in zip(found, nexts, strict=True):
        end = min(start + period, following) if end == start else end
        begin = round(start * 1000)
        eaf.add_annotation(tier, begin, max(begin + 1, round(end * 1000)), words[int(value)])
