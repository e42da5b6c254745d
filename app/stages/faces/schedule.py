"""In which frames the detectors run: the landmarks of known faces are found without them."""

from __future__ import annotations


class Schedule:
    """Decides frame by frame, by how many faces were found in the frame before."""

    def __init__(self, max_faces: int, *, still: bool) -> None:
        """`max_faces` are wanted at most. With `still` each picture is searched in full."""
        self._max_faces = max_faces
        self._still = still
        self._known = 0  # faces in the last frame
        self._search_now = True  # run both detectors in the next frame
        self._frames_since = 0  # the detectors ran

    def next(self, search_every: int) -> tuple[bool, bool]:
        """Whether the far detector runs in this frame, and whether the near one does.

        Both when nobody is known or somebody was just lost. Else they take turns, one every `search_every`
        frames, since each costs about as much as the landmarks of a face. Neither when as many faces are
        known as are wanted.
        """
        self._frames_since = 0 if self._search_now else self._frames_since + 1
        if self._search_now:
            return True, True
        if self._known >= self._max_faces:
            return False, False
        turn = self._frames_since % (2 * search_every)
        return turn == search_every, turn == 0

    def found(self, faces: int) -> None:
        """So many faces are in this frame."""
        self._search_now = self._still or not faces or faces < self._known
        self._known = faces
