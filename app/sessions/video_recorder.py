"""Writes `video.mkv`, the picture of a session, on its own thread: it may drop frames but delays none."""

from __future__ import annotations

import math
import threading
from collections import deque
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import cv2
import numpy as np

from app import __version__
from app.sessions.mkv import MkvWriter
from app.sessions.sync_thread import SyncThread
from app.system import clock
from app.types import Box, Image, Result

QUALITY = 85  # of JPEG, 0..100: no blocks can be seen on a face
ROOM = 12  # frames that may wait to be written
SYNC_EVERY = 15  # frames between two moments from which on a power cut loses nothing
MARGIN = 0.35  # of a face's box that is blurred around it: hair, ears and chin lie outside the landmarks
SEEN_MARGIN = 0.6  # the same for a face that is seen but not measured: it is not looked for in every frame
LATELY = 10.0  # s after the last picture that was left out in which it is said
LINGER = 1.0  # s that a face which is not found any more stays blurred where it was


class VideoKind(Enum):
    """What is seen in the video."""

    CLEAN = "clean"
    OVERLAY = "overlay"
    BLURRED = "blurred"  # faces cannot be recognised where they were seen, whether measured or not


@dataclass(frozen=True, slots=True)
class VideoState:
    """What `session.json` says of the video."""

    file: str
    kind: str
    codec: str
    quality: int
    frames: int  # written
    dropped: int  # not written since the disk or the computer was too slow


class VideoRecorder:
    """Takes frames from any thread and writes them as a video on its own; nobody waits for it.

    Frames that are too many are dropped and counted. Attributes: `written` and `dropped`, in frames; `error`,
    why nothing more is written, or None.
    """

    def __init__(self, path: Path, kind: VideoKind, rate: float) -> None:
        """`kind` says what the video shows; `rate` is nominal, in frames a second.

        The file `path` is created with the first frame.
        """
        self.path, self.kind = path, kind
        self.error: OSError | None = None  # why nothing more is written
        self.written = self.dropped = 0
        self._rate = rate if rate > 0 else 30.0
        self._waiting: deque[tuple[Result, float]] = deque()
        self._changed = threading.Condition()
        self._closing = False
        self._left_out = -math.inf  # s, clock.now(), when a frame was dropped last
        self._draw = (
            Blur() if kind is VideoKind.BLURRED else _with_overlay if kind is VideoKind.OVERLAY else _clean
        )
        self._thread = threading.Thread(target=self._guard, name="video", daemon=True)
        self._thread.start()

    @property
    def losing(self) -> bool:
        """Whether frames were dropped in the last LATELY s."""
        return clock.now() - self._left_out < LATELY

    def append(self, result: Result, time: float) -> None:
        """Adds the frame of `result` at `time` (s, as in its rows), or drops it where too many wait."""
        with self._changed:
            if self._closing or self.error is not None or len(self._waiting) >= ROOM:
                self.dropped += 1
                self._left_out = clock.now()
                return
            self._waiting.append((result, time))
            self._changed.notify()

    def close(self) -> None:
        """Writes the frames that wait and completes the file. Safe to call twice."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join()

    def state(self) -> VideoState:
        """How far the video has come, for `session.json`."""
        return VideoState(self.path.name, self.kind.value, "MJPEG", QUALITY, self.written, self.dropped)

    def _guard(self) -> None:
        writer: MkvWriter | None = None
        syncs: SyncThread | None = None
        try:
            while (next := self._next()) is not None:
                result, time = next
                if writer is None or syncs is None:
                    height, width = result.frame.image.shape[:2]
                    writer = MkvWriter(self.path, (width, height), self._rate, f"mien {__version__}")
                    syncs = SyncThread(writer.sync)
                image = self._draw(result, time)
                jpeg = cv2.imencode(".jpg", image, (cv2.IMWRITE_JPEG_QUALITY, QUALITY))[1]
                writer.write(time, jpeg.tobytes())
                self.written += 1
                if self.written % SYNC_EVERY == 0:
                    syncs.ask()
        except OSError as error:
            self.error = error
        for part in (syncs, writer):  # no call may run on a file that is closed
            try:
                if part is not None:
                    part.close()
            except OSError as error:  # it plays all the same, only without an index
                self.error = self.error or error

    def _next(self) -> tuple[Result, float] | None:
        with self._changed:
            while not self._waiting and not self._closing:
                self._changed.wait()
            return self._waiting.popleft() if self._waiting else None


def _clean(result: Result, time: float) -> Image:
    return result.frame.image


def _with_overlay(result: Result, time: float) -> Image:
    """A copy with box, eyes and values of each face."""
    image = result.frame.image.copy()
    line = max(1, image.shape[0] // 360)
    for face in result.faces:
        x0, y0, x1, y1 = (round(v) for v in face.box.tolist())
        cv2.rectangle(image, (x0, y0), (x1, y1), (255, 255, 255), line)
        for x, y in face.smooth.eyes.tolist():
            cv2.circle(image, (round(x), round(y)), 2 * line, (255, 255, 255), line)
        values = face.smooth
        text = f"{face.id} {values.expression} V {values.valence:+.2f} A {values.arousal:+.2f}"
        at = max(0, x0), max(12 * line, y0 - 4 * line)
        for colour, width in (((0, 0, 0), 3 * line), ((255, 255, 255), line)):
            cv2.putText(image, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.45 * line, colour, width, cv2.LINE_AA)
    return image


class Blur:
    """Blurs faces so that nobody can be recognised, also for a while after a face was lost."""

    def __init__(self) -> None:
        """Remembers where faces were; one for each video."""
        # by the id of the face, or else by its place: when and where it was last
        self._places: dict[int | bytes, tuple[float, Box]] = {}

    def __call__(self, result: Result, time: float) -> Image:
        """A copy of the picture of `result`, at `time` (s), with its faces blurred."""
        for face in result.faces:
            self._places[face.id] = time, _around(face.box, MARGIN)
        for box in result.unmeasured:
            self._places[box.tobytes()] = time, _around(box, SEEN_MARGIN)
        self._places = {id: place for id, place in self._places.items() if time - place[0] <= LINGER}
        image = result.frame.image.copy()
        height, width = image.shape[:2]
        for _, box in self._places.values():
            x0, y0 = np.clip(box[:2].astype(int), 0, (width, height))
            x1, y1 = np.clip(box[2:].astype(int), 0, (width, height))
            if x1 > x0 and y1 > y0:
                blots = cv2.resize(image[y0:y1, x0:x1], (5, 5), interpolation=cv2.INTER_AREA)
                image[y0:y1, x0:x1] = cv2.resize(blots, (int(x1 - x0), int(y1 - y0)))
        return image


def _around(box: Box, margin: float) -> Box:
    room = margin * (box[2:] - box[:2])
    return np.concatenate([box[:2] - room, box[2:] + room])
