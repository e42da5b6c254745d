"""Which frames of a source are measured, and which way up: every Nth, R a second, turned."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import cv2

from app.sources.source import Mode, Source
from app.stages.rate import Rate
from app.types import Frame, Image

TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
MOST_EVERY = 1_000_000
SLOWEST, FASTEST = 0.001, 1000.0  # frames a second
LONGEST = 1e6  # s
ROUNDING = 1e-4  # s by which a time may be early, since containers round theirs


@dataclass(frozen=True, slots=True)
class Selection:
    """What is taken of a source; the rows depend on it. By default all of it, as it is."""

    every: int = 1  # the first of so many frames
    rate: float = 0.0  # frames a second at most, by the source's own times; 0 for all
    rotate: int = 0  # degrees clockwise, on top of what the container says: 0, 90, 180 or 270
    seconds: float = 0.0  # from the first frame on; 0 to the end
    as_clip: float = 0.0  # of a folder whose pictures are frames: so many a second; 0 for a file

    def turned(self, image: Image) -> Image:
        """`image` (height, width, 3), turned."""
        turn = TURNS.get(self.rotate)
        return image if turn is None else cast(Image, cv2.rotate(image, turn))


ALL = Selection()  # every frame, as it is


class SelectedFrames:
    """The frames of another source that a Selection takes; they keep their numbers and times.

    Each says at which rate the source gave its frames: that fewer are taken is no fault of theirs.
    """

    def __init__(self, source: Source, selection: Selection) -> None:
        """`source` is opened and closed with this."""
        self._source, self._selection = source, selection
        self._number = 0  # of the next frame of the source, from 0
        self._first = self._due = 0.0  # s: time of the first frame, and from when on one is taken
        self._size_note = ""  # of frames that were left out
        self._rate = Rate()

    @property
    def name(self) -> str:
        """The source's."""
        return self._source.name

    @property
    def live(self) -> bool:
        """As the source."""
        return self._source.live

    @property
    def path(self) -> Path | None:
        """The source's."""
        return self._source.path

    @property
    def waiting(self) -> str:
        """The source's."""
        return self._source.waiting

    @property
    def mode(self) -> Mode:
        """The source's, with the size of the turned pictures and the rate of the frames that are taken."""
        mode, selection = self._source.mode, self._selection
        if selection.rotate in (90, 270):
            mode = replace(mode, width=mode.height, height=mode.width)
        rate = mode.rate / selection.every
        return replace(mode, rate=min(rate, selection.rate) if selection.rate else rate)

    @property
    def frames(self) -> int | None:
        """About how many are taken."""
        count, rate = self._source.frames, self._source.mode.rate
        if count is None or rate <= 0:
            return None
        if self._selection.seconds:
            count = min(count, int(self._selection.seconds * rate) + 1)
        return max(1, round(count * self.mode.rate / rate)) if count > 1 else count

    def open(self) -> None:
        """Begins at the start. Raises SourceError."""
        self._source.open()
        self._number, self._size_note, self._rate = 0, "", Rate()

    def read(self) -> Frame | None:
        """The next frame that is taken; None at the end. Raises SourceError."""
        chosen = self._selection
        while (frame := self._source.read()) is not None:
            if self._number == 0:
                self._first = self._due = frame.time
            if chosen.seconds and frame.time - self._first >= chosen.seconds - ROUNDING:
                return None
            self._size_note = frame.size_note or self._size_note
            taken = self._number % chosen.every == 0 and frame.time >= self._due - ROUNDING
            self._number += 1
            came = self._rate.add(frame.time)
            if taken:
                return self._take(frame, came)
        return None

    def close(self) -> None:
        """Safe to call twice."""
        self._source.close()

    def _take(self, frame: Frame, came: float) -> Frame:
        chosen, rate = self._selection, self._selection.rate
        if chosen.as_clip:  # whoever took the pictures chose when, and R may be a guess
            came = math.inf
        elif chosen.every == 1 and not rate:
            came = frame.rate
        if rate:
            steps = int((frame.time - self._first + ROUNDING) * rate) + 1
            self._due = self._first + steps / rate
        note, self._size_note = self._size_note, ""
        return replace(frame, image=self._selection.turned(frame.image), size_note=note, rate=came)
