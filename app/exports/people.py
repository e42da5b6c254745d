"""What formats have in common that keep each person apart: numbers only, the status as a code."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.sessions.info import ColumnInfo
from app.sessions.reading import TEXT, RecordedSession

OF_FRAME = ("frame", "dropped", "latency_ms")  # the same for all people in a frame
OF_NOBODY = frozenset({*OF_FRAME, "time_s", "face"})


@dataclass(frozen=True, slots=True)
class Person:
    """The rows of one face id."""

    id: int
    times: np.ndarray  # (n,) s, increasing
    frames: np.ndarray  # (n,)
    values: np.ndarray  # (n, k) in the order of `People.fields`; NaN where missing


@dataclass(frozen=True, slots=True)
class People:
    """A session, person by person."""

    fields: tuple[ColumnInfo, ...]  # k of them, `status` first
    levels: tuple[str, ...]  # the words that the codes 0, 1, 2 ... of `status` stand for
    times: np.ndarray  # (m,) s, of every frame, with a face or not
    of_frame: np.ndarray  # (m, 3) in the order of OF_FRAME
    persons: tuple[Person, ...]  # by id


def people(recording: RecordedSession) -> People:
    """Raises SessionError."""
    said = {field.name: field for field in recording.about.fields}
    names = [name for name in recording.names if name not in TEXT | OF_NOBODY]
    rows = recording.rows("time_s", "face", "status", *OF_FRAME, *names)
    levels = tuple(dict.fromkeys([*recording.about.status, *np.unique(rows["status"])]))
    codes = np.select([rows["status"] == word for word in levels], [*range(len(levels))], np.nan)
    first = np.unique(rows["frame"], return_index=True)[1]
    persons = []
    for id in np.unique(rows["face"][~np.isnan(rows["face"])]):
        own = rows["face"] == id
        values = np.stack([codes[own], *(rows[name][own] for name in names)], axis=1)
        persons.append(Person(int(id), rows["time_s"][own], rows["frame"][own], values))
    meaning = "; ".join(
        f"{i} {word}: {recording.about.status.get(word, '')}" for i, word in enumerate(levels)
    )
    return People(
        fields=(ColumnInfo("status", meaning), *(said.get(name, ColumnInfo(name)) for name in names)),
        levels=levels,
        times=rows["time_s"][first],
        of_frame=np.stack([rows[name][first] for name in OF_FRAME], axis=1),
        persons=tuple(persons),
    )
