"""ELAN: `NAME.eaf` with a tier of markers, and for each person when they were there and what they showed."""

from __future__ import annotations

import itertools
import mimetypes
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from app.sessions.event import MARKER, Event
from app.sessions.original import is_file, is_on_strange_computer
from app.sessions.reading import RecordedSession
from app.sessions.schema.column import Values
from app.system.atomic import output_file
from app.system.extras import need
from app.types import Floats

MARK = 500  # ms that a marker lasts on its tier, if the next one does not come before
GAP = 0.5  # s without a face that end a stretch


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
    _add_events(eaf, "markers", [event for event in events if event.kind == MARKER])
    _add_events(eaf, "events", [event for event in events if event.kind != MARKER])
    rows = session.rows("time_s", "face", "expression_smooth")
    for id in np.unique(rows["face"][~np.isnan(rows["face"])]):
        own = rows.where(rows["face"] == id)
        presence, shown = f"face {id:.0f}", f"face {id:.0f} expression"
        eaf.add_tier(presence)
        eaf.add_tier(shown)
        for start, end, _ in stretches(own["time_s"], np.zeros(len(own))):
            _annotate(eaf, presence, start, end, f"face {id:.0f}")
        for start, end, word in stretches(own["time_s"], own["expression_smooth"]):
            _annotate(eaf, shown, start, end, word)
    with output_file(path) as draft:
        eaf.to_file(str(draft))
    return (path,)


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


def stretches(times: Floats, values: Values) -> Iterator[tuple[float, float, Any]]:
    """Start (s), end (s) and value of each run of equal `values` (n,) at the increasing `times` (n,), in s.

    A run ends where the next begins, or before a gap of more than GAP.
    """
    if not len(times):
        return
    gaps = np.diff(times) > GAP
    cuts = [0, *(np.flatnonzero(gaps | (values[1:] != values[:-1])) + 1), len(times)]
    for first, following in itertools.pairwise(cuts):
        together = following < len(times) and not gaps[following - 1]
        yield float(times[first]), float(times[following if together else following - 1]), values[first]


def _add_events(eaf: Any, name: str, events: list[Event]) -> None:
    eaf.add_tier(name)
    starts = [round(event.time * 1000) for event in events]
    for i, event in enumerate(events):
        later = [start for start in starts[i + 1 :] if start > starts[i]]
        end = min(starts[i] + MARK, later[0] if later else starts[i] + MARK)
        tier = name
        if starts[i] in starts[:i]:  # ELAN lets no two overlap in a tier
            tier = f"{name} {starts[:i].count(starts[i]) + 1}"
            if tier not in eaf.get_tier_names():
                eaf.add_tier(tier)
        eaf.add_annotation(tier, starts[i], end, event.text or event.kind)


def _annotate(eaf: Any, tier: str, start: float, end: float, word: Any) -> None:
    """Ends at least a millisecond after it starts."""
    begin = round(start * 1000)
    eaf.add_annotation(tier, begin, max(begin + 1, round(end * 1000)), str(word))
