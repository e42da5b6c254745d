"""What formats have in common that keep each person apart: numbers only, the status as a code.

A session may have more rows than fit into memory with all their columns: times and numbers of the frames are
read at once, the other values block by block.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from app.sessions.info import ColumnInfo, SessionError
from app.sessions.reading import RecordedSession
from app.sessions.schema.column import Values
from app.sessions.schema.faces import COLUMNS, known
from app.sessions.schema.limits import MOST_IN_MEMORY, MOST_PEOPLE
from app.sessions.word_codes import WordCodes
from app.types import Floats

# The numbers that are the same for all people in a frame; its time is the time stamp of each sample.
OF_FRAME = tuple(c.name for c in COLUMNS if c.of_frame and not c.is_text and c.name != "time_s")


@dataclass(frozen=True, slots=True)
class Person:
    """One face id: when it was seen."""

    id: int
    times: Floats  # (n,) s, increasing
    frames: Floats  # (n,) numbers of the frames


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some rows of one person, in their order."""

    person: int  # its place in `People.persons`
    times: Floats  # (n,) s
    values: Floats  # (n, k) in the order of `People.columns`; NaN where missing


class People:
    """The people of a session and what they showed.

    Attributes: `columns`, k of them, `status` first; `levels`, the words that the codes 0, 1, 2 ... of
    `status` stand for; `times` (m,), in s, of every frame, with a face or not; `of_frame` (m, 3), in the
    order of OF_FRAME; `persons`, by id.
    """

    def __init__(self, session: RecordedSession) -> None:
        """Reads who was seen when. Raises SessionError."""
        session.refuse_above(MOST_IN_MEMORY, "this format: use parquet or csv, or make several sessions")
        info = session.info
        known_columns = [known(name) for name in session.names]
        numbers = (c for c in known_columns if not c.is_text and not c.of_frame)
        self._names = [column.name for column in numbers if column.name != "face"]
        self._session, self._status = session, WordCodes("status", info.status)
        parts: dict[str, list[Values]] = {
            name: [np.empty(0)] for name in ("times", "faces", "own times", "own frames")
        }
        of_frame: list[Values] = [np.empty((0, len(OF_FRAME)))]
        last = np.nan
        for block in session.blocks(("time_s", "face", "status", *OF_FRAME)):
            self._status.of(block["status"])
            first = np.diff(block["frame"], prepend=last) != 0
            last = block["frame"][-1]
            parts["times"].append(block["time_s"][first])
            of_frame.append(np.stack([block[name][first] for name in OF_FRAME], axis=1))
            seen = ~np.isnan(block["face"])
            parts["faces"].append(block["face"][seen])
            parts["own times"].append(block["time_s"][seen])
            parts["own frames"].append(block["frame"][seen])
        whole = {name: np.concatenate(found) for name, found in parts.items()}
        self.times, self.of_frame = whole["times"], np.concatenate(of_frame)
        self.levels = tuple(self._status.words)
        self.persons = tuple(_persons(session, whole["faces"], whole["own times"], whole["own frames"]))
        meaning = "; ".join(f"{i} {word}: {info.status.get(word, '')}" for i, word in enumerate(self.levels))
        self.columns = (ColumnInfo("status", meaning), *map(info.column, self._names))

    def stretches(self) -> Iterator[Stretch]:
        """All rows with a face, each person's in their order. Raises SessionError."""
        places = {person.id: i for i, person in enumerate(self.persons)}
        for block in self._session.blocks(("time_s", "face", "status", *self._names)):
            faces = block["face"]
            order = np.argsort(faces, kind="stable")  # rows without a face come last
            order = order[: np.count_nonzero(~np.isnan(faces))]
            if not len(order):
                continue
            every = [self._status.of(block["status"]), *(block[name] for name in self._names)]
            values = np.stack([column[order] for column in every], axis=1).astype(np.float64)
            ids, first = np.unique(faces[order], return_index=True)
            for id, start, end in zip(ids.tolist(), first, [*first[1:], len(order)], strict=True):
                yield Stretch(places[int(id)], block["time_s"][order[start:end]], values[start:end])


def _persons(session: RecordedSession, faces: Values, times: Floats, frames: Floats) -> Iterator[Person]:
    order = np.argsort(faces, kind="stable")
    ids, first = np.unique(faces[order], return_index=True)
    if len(ids) > MOST_PEOPLE:
        raise SessionError(
            f"{session.csv} has {len(ids)} faces, too many for this format: use parquet or csv."
        )
    ends = [*first[1:], len(order)][: len(ids)]
    for id, start, end in zip(ids.tolist(), first, ends, strict=True):
        yield Person(int(id), times[order[start:end]], frames[order[start:end]])
