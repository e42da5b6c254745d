"""In which frames the detectors run, and where: the landmarks of known faces are found without them."""

from __future__ import annotations

from dataclasses import dataclass

TILES = 2  # that are looked at in each frame while nobody is known


@dataclass(frozen=True, slots=True)
class Search:
    """What is searched in one frame."""

    far: bool = False  # the whole picture, with the far detector
    near: bool = False  # the whole picture, with the near detector
    tiles: int = 0  # so many tiles, with the near detector

    @property
    def any(self) -> bool:
        """Whether anything is searched."""
        return self.far or self.near or self.tiles > 0


class Schedule:
    """Decides frame by frame, by how many faces were found in the frame before."""

    def __init__(self, max_faces: int, *, still: bool, count: bool = False) -> None:
        """`max_faces` are wanted at most. With `still` each picture is searched in full.

        With `count` it goes on searching when as many are known, to count the others.
        """
        self.max_faces = max_faces
        self.known = 0  # faces in the last frame
        self._still, self._count = still, count
        self._search_now = True  # run both detectors in the next frame
        self._frames_since = 0  # the detectors ran

    @property
    def full(self) -> bool:
        """Whether as many faces are known as are wanted."""
        return self.known >= self.max_faces

    def search_now(self) -> None:
        """Much is searched in the next frame, whoever is known."""
        self._search_now = True

    def next(self, search_every: int) -> Search:
        """What is searched in this frame.

        Much when nobody is known or somebody was just lost. Else the detectors take turns, one every
        `search_every` frames, since each costs about as much as the landmarks of a face, and halfway between
        them a tile is looked at.
        """
        self._frames_since = 0 if self._search_now else self._frames_since + 1
        if self._search_now:
            return Search(far=True, near=True, tiles=TILES)
        if self.full and not self._count:
            return Search()
        at = self._frames_since % (2 * search_every)
        tiles = int(at % search_every == search_every // 2)
        return Search(far=at == search_every, near=at == 0, tiles=tiles)

    def found(self, faces: int) -> None:
        """So many faces are in this frame."""
        self._search_now = self._still or not faces or faces < self.known
        self.known = faces
