"""Whether a camera's picture is much too dark or too bright, and what to do about it.

This is about the light in the room. `app.stages.quality` decides whether a single face can be measured.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.types import Image

STEP = 16  # pixels: every 16th of every 16th row is enough for a mean
DARK = 30.0  # mean grey, 0..255, below which a picture is dark
WHITE, MAX_WHITE_SHARE = 250, 0.4  # grey level, and the share of the picture that may reach it
LASTING = 3.0  # s that the light must be bad, or good again, before the tip changes

TIPS = {
    "": "",
    "dark": "The picture is very dark: add light from the front, or take away what covers the camera.",
    "bright": "The picture is far too bright: dim the light, or turn the camera away from window and lamp.",
}


class Exposure:
    """Looks at pictures now and then; `tip` changes only when the light has been the same for LASTING."""

    def __init__(self) -> None:
        self.tip = ""  # one sentence; "" while the light is good
        self._now, self._since = "", 0.0  # the light in the last pictures, and since when, in s

    def see(self, image: Image, time: float, statuses: Sequence[str] = ()) -> str:
        """The tip after `image`, (height, width, 3) uint8 BGR, at `time` s.

        `statuses` are those of the faces in it, keys of `quality.MEANING`.
        """
        kind = light(image, statuses)
        if kind != self._now or time < self._since:
            self._now, self._since = kind, time
        if time - self._since >= LASTING:
            self.tip = TIPS[kind]
        return self.tip


def light(image: Image, statuses: Sequence[str] = ()) -> str:
    """A key of TIPS for `image`, (height, width, 3) uint8 BGR, with faces of these `statuses`.

    One face that can be measured proves that the light is good enough.
    """
    if "ok" in statuses:
        return ""
    grey = image[::STEP, ::STEP].mean(axis=2)
    if grey.mean() < DARK or (statuses and set(statuses) == {"too_dark"}):
        return "dark"
    if (grey >= WHITE).mean() > MAX_WHITE_SHARE or (statuses and set(statuses) == {"too_bright"}):
        return "bright"
    return ""
