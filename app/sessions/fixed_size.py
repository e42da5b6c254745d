"""One size for a whole session: a camera that was unplugged may come back with another one.

A file whose pictures change brings them to the first size itself, and says so in `Frame.size_note`. Faces
of a camera are measured in the picture as it came. Only then picture and places are scaled together into the
first one's size, with black bars where its shape differs, so that each row still matches the recorded picture
and places can be compared over the whole session.
"""

from __future__ import annotations

from app.sources.letterbox import Letterbox, size_change
from app.types import Result


class FixedSize:
    """Scales pictures and places of results to the size of the first one."""

    def __init__(self) -> None:
        """The first result decides the size."""
        self._size: tuple[int, int] | None = None  # width, height of the first picture
        self._before: tuple[int, int] | None = None  # of the picture before

    def __call__(self, result: Result) -> tuple[Result, str]:
        """The result to be recorded, and a sentence where the size has just changed; else ""."""
        height, width = result.frame.image.shape[:2]
        size = width, height
        self._size = self._size or size
        letterbox = Letterbox.of(size, self._size)
        before, self._before = self._before or size, size
        said = size_change(before, size, letterbox) if before != size else result.frame.size_note
        return (result if letterbox is None else letterbox(result)), said
