"""Whether a camera's picture is much too dark or too bright, and what to do about it.

Whether a single face can be measured is told by `quality`; this is about the light in the room.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

STEP = 16  # every 16th pixel of every 16th row is enough for a mean
DARK = 30.0  # mean grey, 0..255, below which a picture is dark
WHITE, WHITE_SHARE = 250, 0.4  # grey level, and the part of the picture that may reach it
LASTING = 3.0  # s that it must be so, and then must not be so, before anything is said or taken back

TIPS = {
    "": "",
    "dark": "The picture is very dark: add light from the front, or take away what covers the camera.",
    "bright": "The picture is far too bright: dim the light, or turn the camera away from window and lamp.",
}


class Exposure:
    """Fed with pictures now and then; `tip` changes only when the light has been the same for a while."""

    def __init__(self) -> None:
        self.tip = ""  # one sentence; "" while the light is good
        self._now, self._since = "", 0.0  # what the last pictures were, and from when on, in s

    def see(self, image: np.ndarray, time: float, statuses: Sequence[str] = ()) -> str:
        """The tip after the (height, width, 3) uint8 `image` at `time` s with faces of these `statuses`."""
        kind = light(image, statuses)
        if kind != self._now or time < self._since:
            self._now, self._since = kind, time
        if time - self._since >= LASTING:
            self.tip = TIPS[kind]
        return self.tip


def light(image: np.ndarray, statuses: Sequence[str] = ()) -> str:
    """A key of TIPS. A face that can be measured is proof enough that the light will do."""
    if "ok" in statuses:
        return ""
    grey = image[::STEP, ::STEP].mean(axis=2)
    if grey.mean() < DARK or (statuses and set(statuses) == {"too_dark"}):
        return "dark"
    if (grey >= WHITE).mean() > WHITE_SHARE or (statuses and set(statuses) == {"too_bright"}):
        return "bright"
    return ""
