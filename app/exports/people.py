"""What formats have in common that keep each person apart: numbers only, the status as a code."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.sessions.info import ColumnInfo
from app.sessions.reading import RecordedSession
from app.sessions.schema.faces import COLUMNS, known
from app.types import Floats

# The numbers that are the same for all people in a frame; its time is the time stamp of each sample.
OF_FRAME = tuple(c.name for c in COLUMNS if c.of_frame and not c.is_text and c.name != "time_s")


@dataclass(frozen=True, slots=True)
class Person:
    """The rows of one face id, as numbers."""

    id: int
    times: Floats  # (n,) s, increasing
    frames: Floats  # (n,) numbers of the frames
    values: Floats  # (n, k) in the order of `People.columns`; NaN where missing


@dataclass(frozen=True, slots=True)
class People:
    """The rows of a session, person by person, with their columns."""

    columns: tuple[ColumnInfo, ...]  # k of them, `status` first
    levels: tuple[str, ...]  # the words that the codes 0, 1, 2 ... of `status` stand for
    times: Floats  # (m,) s, of every frame, with a face or not
    of_frame: Floats  # (m, 3) in the order of OF_FRAME
    persons: tuple[Person, ...]  # by id


def people(session: RecordedSession) -> People:
    """The rows of `session` sorted by face id, every number of them. Raises SessionError."""
    info = session.info
    columns = [known(name) for name in session.names]
    names = [c.name for c in columns if not c.is_text and not c.of_frame and c.name != "face"]
    rows = session.rows("time_s", "face", "status", *OF_FRAME, *names)
    levels = tuple(dict.fromkeys([*info.status, *np.unique(rows["status"])]))
    codes = np.select([rows["status"] == word for word in levels], [*range(len(levels))], np.nan)
    first = np.unique(rows["frame"], return_index=True)[1]
    persons = []
    for id in np.unique(rows["face"][~np.isnan(rows["face"])]):
        own = rows["face"] == id
        values = np.stack([codes[own], *(rows[name][own] for name in names)], axis=1)
        persons.append(Person(int(id), rows["time_s"][own], rows["frame"][own], values))
    meaning = "; ".join(f"{i} {word}: {info.status.get(word, '')}" for i, word in enumerate(levels))
    return People(
        columns=(ColumnInfo("status", meaning), *map(info.column, names)),
        levels=levels,
        times=rows["time_s"][first],
        of_frame=np.stack([rows[name][first] for name in OF_FRAME], axis=1),
        persons=tuple(persons),
    )
