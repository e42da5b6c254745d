"""One video as several people: its picture side by side with itself, each copy some time behind."""

from __future__ import annotations

import math
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from app.sources.source import Mode
from app.sources.video import VideoFile
from app.types import Frame, Image

BEHIND = 90  # frames that a copy lags behind the one before it, so that they show different faces
BACKDROP = 24  # grey level beside the copies


class Mosaic:
    """A Source: `copies` of a video in a grid of `size` (width, height), every other one mirrored.

    The next picture is made ahead on a thread of its own, as a video's next one is decoded.
    """

    live, waiting, path = False, "", None

    def __init__(self, path: Path, copies: int, size: tuple[int, int] = (1280, 720)) -> None:
        self._video, self._copies, self._size = VideoFile(path), copies, size
        self.name = f"{path.name}, {copies} times"
        self.mode = Mode(0, 0, 0.0, "")
        self.frames: int | None = None
        self._past = deque[Image](maxlen=(copies - 1) * BEHIND + 1)
        self._work: ThreadPoolExecutor | None = None
        self._next: Future[Frame | None] | None = None

    def open(self) -> None:
        """Raises SourceError. What was seen before goes on: in a loop the copies do not jump together."""
        self.close()
        self._video.open()
        mode = self._video.mode
        self.mode, self.frames = Mode(*self._size, mode.rate, mode.format), self._video.frames
        self._work = ThreadPoolExecutor(1, "mosaic")
        self._next = self._work.submit(self._make)

    def read(self) -> Frame | None:
        """The next picture of all copies; None at the end. Raises SourceError."""
        if self._work is None or self._next is None:
            return None
        frame = self._next.result()
        self._next = None if frame is None else self._work.submit(self._make)
        return frame

    def close(self) -> None:
        """Ends its thread and closes the video."""
        if self._work is not None:
            self._work.shutdown()
        self._work = self._next = None
        self._video.close()

    def _make(self) -> Frame | None:
        frame = self._video.read()
        return None if frame is None else replace(frame, image=self._whole(frame.image))

    def _whole(self, image: Image) -> Image:
        width, height = self._size
        columns = math.ceil(math.sqrt(self._copies))
        lines = math.ceil(self._copies / columns)
        scale = min(width / columns / image.shape[1], height / lines / image.shape[0])
        size = int(scale * image.shape[1]), int(scale * image.shape[0])
        self._past.append(np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8))
        whole = np.full((height, width, 3), BACKDROP, np.uint8)
        left, top = (width - columns * size[0]) // 2, (height - lines * size[1]) // 2
        for i in range(self._copies):
            x, y = left + (i % columns) * size[0], top + (i // columns) * size[1]
            part = self._past[max(0, len(self._past) - 1 - i * BEHIND)]
            place = whole[y : y + size[1], x : x + size[0]]
            if i % 2:
                cv2.flip(part, 1, place)
            else:
                place[:] = part
        return whole
