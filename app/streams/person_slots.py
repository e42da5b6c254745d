"""A fixed number of slots for people who come and go: a stream cannot get another channel while it runs."""

from __future__ import annotations

from app.types import Face, Result

KEEP = 2.0  # s that the slot of somebody who left is kept free; the tracker remembers a face for 1 s


class PersonSlots:
    """Whoever has a slot keeps it. A newcomer gets a free one, else that of whoever has been away longest."""

    def __init__(self, count: int) -> None:
        """`count` slots, all of them free."""
        self._owners: list[int | None] = [None] * count  # ids of faces
        self._last_seen = [float("-inf")] * count  # s on the frames' clock

    def assign(self, result: Result) -> tuple[Face | None, ...]:
        """The face in each slot, None where nobody is. A face for which there is no slot is left out."""
        now = result.frame.time
        faces = {face.id: face for face in result.faces}
        for i, owner in enumerate(self._owners):
            if owner is not None and owner not in faces and not 0 <= now - self._last_seen[i] <= KEEP:
                self._owners[i] = None
        for id in faces:
            if id not in self._owners:
                self._give_slot(id, faces)
        for i, owner in enumerate(self._owners):
            if owner in faces:
                self._last_seen[i] = now
        return tuple(faces.get(owner) if owner is not None else None for owner in self._owners)

    def _give_slot(self, id: int, faces: dict[int, Face]) -> None:
        free = [i for i, owner in enumerate(self._owners) if owner is None]
        absent = [i for i, owner in enumerate(self._owners) if owner not in faces]
        if choice := free or sorted(absent, key=lambda i: self._last_seen[i]):
            self._owners[choice[0]] = id
