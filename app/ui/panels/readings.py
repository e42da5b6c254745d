"""What is read of each face: word, bars and numbers are of one moment, and stay as long as a text needs."""

from __future__ import annotations

from collections.abc import Iterable

from app.types import Face


class Readings:
    """Faces as they were at the last reading. All panels share one, so that none contradicts another.

    `refresh` is called by the clock of the texts. The next frame is then read; where none comes, as in a
    paused video, the newest one is read at the clock's next turn.
    """

    def __init__(self) -> None:
        self._read: dict[int, Face] = {}  # by id of the face
        self._newest: tuple[Face, ...] = ()
        self._due = False

    def see(self, faces: Iterable[Face]) -> None:
        """Takes the faces of a new frame: they are read where it is time, or where a face is new."""
        self._newest = tuple(faces)
        if self._due:
            self._take()
        else:
            self._read = {face.id: self._read.get(face.id, face) for face in self._newest}

    def refresh(self) -> bool:
        """It is time to read again; True where that was done at once, since no frame has come meanwhile."""
        stale = self._due and any(self._read.get(face.id) is not face for face in self._newest)
        if stale:
            self._take()
        self._due = True
        return stale

    def clear(self) -> None:
        """Forgets every face."""
        self._read, self._newest, self._due = {}, (), False

    def of(self, face: Face) -> Face:
        """`face` as it is read: itself where it was not seen before."""
        return self._read.get(face.id, face)

    def _take(self) -> None:
        self._read, self._due = {face.id: face for face in self._newest}, False
