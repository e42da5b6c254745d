"""One size for a whole session: a camera that was unplugged may come back with another one.

A file whose pictures change brings them to the first size itself, and says so in `Frame.size_note`. Faces
of a camera are measured in the picture as it came. Only then picture and places are scaled together into the
first one's size, with black bars where its shape differs, so that each row still matches the recorded picture
and places can be compared over the whole session.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from app.sources.fit import Fit, size_change
from app.types import Face, Result, Signals


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
        fit = Fit.of(size, self._size)
        before, self._before = self._before or size, size
        said = size_change(before, size, fit) if before != size else result.frame.size_note
        return (result if fit is None else fitted(result, fit)), said


def fitted(result: Result, fit: Fit) -> Result:
    """`result` with its picture and all places brought to the size that `fit` leads to."""
    faces = tuple(_face(face, fit) for face in result.faces)
    return replace(result, frame=replace(result.frame, image=fit.image(result.frame.image)), faces=faces)


def _face(face: Face, fit: Fit) -> Face:
    xy, z = fit.points(face.landmarks[:, :2]), face.landmarks[:, 2:] * fit.scale[:1]
    return replace(
        face,
        box=fit.points(face.box.reshape(2, 2)).reshape(4),
        landmarks=np.hstack([xy, z]).astype(np.float32),
        raw=_signals(face.raw, fit),
        smooth=_signals(face.smooth, fit),
    )


def _signals(signals: Signals, fit: Fit) -> Signals:
    return replace(signals, eyes=fit.points(signals.eyes))
