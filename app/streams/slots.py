"""A fixed number of places for people who come and go: streams cannot grow a channel while they run."""

from __future__ import annotations

from app.types import Face, Result

KEPT = 2.0  # s that a place waits for the one who left; the tracker knows a face again for 1 s


class Slots:
    """Who has a place keeps it; a newcomer takes a free one, or that of whoever is gone for longest."""

    def __init__(self, count: int) -> None:
        self._owners: list[int | None] = [None] * count
        self._seen = [float("-inf")] * count  # s, frame.time when the owner was last in sight

    def place(self, result: Result) -> tuple[Face | None, ...]:
        """The face in each place; None where nobody is. A face beyond the number of places has none."""
        now = result.frame.time
        faces = {face.id: face for face in result.faces}
        for i, owner in enumerate(self._owners):
            if owner in faces or (owner is not None and not 0 <= now - self._seen[i] <= KEPT):
                self._owners[i] = owner if owner in faces else None
        for id in faces:
            if id not in self._owners:
                free = [i for i, owner in enumerate(self._owners) if owner is None]
                absent = [i for i, owner in enumerate(self._owners) if owner not in faces]
                if choice := free or sorted(absent, key=lambda i: self._seen[i]):
                    self._owners[choice[0]] = id
        for i, owner in enumerate(self._owners):
            if owner in faces:
                self._seen[i] = now
        return tuple(faces.get(owner) if owner is not None else None for owner in self._owners)
