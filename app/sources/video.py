"""A video or a picture as a source: every frame, at the times that its container gives."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import cast

import cv2
import numpy as np

from app.sources.source import Mode, SourceError
from app.types import Bytes, Frame, Image

PICTURES = {".bmp", ".jpeg", ".jpg", ".pgm", ".png", ".ppm", ".tif", ".tiff", ".webp"}
BACKDROP = 128  # grey level that shows through where a picture is transparent
ROUNDING = 1e-3  # s by which containers round their times
SEEK_BACK = (0.0, 2.0, 10.0)  # s before the wanted time, tried in turn since containers seek by guesses
DEFAULT_RATE = 30.0  # frames a second, where a file names none that can be believed


class VideoFile:
    """A video file as a `Source`: every frame from start to end. A picture is a video of one frame."""

    live = False
    waiting = ""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self.name = self.path.name
        self.mode = Mode(0, 0, 0.0, "")
        self.frames: int | None = None
        self._video: cv2.VideoCapture | None = None
        self._next: Frame | None = None  # read ahead by one: a file without pictures fails in `open`
        self._last: Frame | None = None  # that `read` gave

    def open(self) -> None:
        """Begin at the start of the file, also when it is open already.

        Raises SourceError when the file is missing, may not be read, or holds no pictures.
        """
        self.close()
        self._check()
        if self.path.suffix.lower() in PICTURES:
            self._open_picture()
        else:
            self._open_video()

    def read(self) -> Frame | None:
        """The next frame, None at the end.

        Raises SourceError at the end of a file that stops well before the length it promises.
        """
        if self._next is None and self._cut_off():
            raise SourceError(
                f"{self.name} stops well before its end: it is cut off or damaged, so get a whole copy; "
                "what could be read was used."
            )
        if self._next is not None:
            self._last = self._next
            self._next = self._read_ahead(self._last)
            return self._last
        return None

    def seek(self, at: float) -> None:
        """Makes the next `read` give the first frame at `at` s or later, or else the last one.

        Frames are then numbered as at a steady rate.
        """
        if self._video is None:
            return  # a picture has one frame only
        self.seek_before(at)
        before, frame = None, self._next
        while frame is not None and frame.time < at - ROUNDING:
            before, frame = frame, self._read_ahead(frame)
        found = frame or before  # containers promise a few frames too many
        self._next = found and replace(found, index=round(found.time * self.mode.rate))

    def seek_before(self, at: float) -> None:
        """Makes the next `read` give a frame at `at` s or somewhat earlier, or else the first one.

        Containers seek by guesses, so this looks from farther back until it is not too late. Decoding the
        frames from there up to `at` is left to the caller; they are numbered as at a steady rate.
        """
        if self._video is None:
            return  # a picture has one frame only
        frame = None
        for back in (*SEEK_BACK, at):
            self._video.set(cv2.CAP_PROP_POS_MSEC, max(0.0, at - back) * 1000)
            frame = self._read_ahead(None)
            if frame is not None and frame.time <= at:
                break
        self._next = frame and replace(frame, index=round(frame.time * self.mode.rate))

    def close(self) -> None:
        """Let the file go. Safe to call twice."""
        if self._video is not None:
            self._video.release()
        self._video = self._next = self._last = None

    def _cut_off(self) -> bool:
        """By number of frames and by time: in some containers either is only a guess."""
        if not self.frames or self._last is None:
            return False
        few = self._last.index + 1 < 0.95 * self.frames - 5
        return few and self._last.time < 0.95 * self.frames / self.mode.rate - 0.5

    def _check(self) -> None:
        try:
            if self.path.is_dir():
                raise SourceError(f"{self.path} is a folder: name a video or a picture in it.")
            if self.path.exists() and not self.path.is_file():
                raise SourceError(f"{self.path} is not a file: name a video or a picture.")
            with self.path.open("rb") as file:
                if not file.read(1):
                    raise SourceError(f"{self.path} is empty: get a whole copy of it.")
        except FileNotFoundError:
            raise SourceError(f"{self.path} does not exist: check the name and the folder.") from None
        except PermissionError:
            raise SourceError(f"{self.path} may not be read: change its permissions or copy it.") from None
        except OSError as error:
            reason = error.strerror
            raise SourceError(f"{self.path} cannot be read ({reason}): copy it to another disk.") from None

    def _open_picture(self) -> None:
        """Raises SourceError."""
        data = np.fromfile(self.path, np.uint8)  # not imread, which on Windows knows only ASCII names
        try:
            image = _bgr(data)
        except cv2.error:
            image = None
        if image is None:
            raise SourceError(
                f"{self.name} is not a picture, or a damaged one: save it again from another program."
            )
        self.mode, self.frames = Mode(image.shape[1], image.shape[0], 1.0, ""), 1
        self._next = Frame(0, 0.0, image, time.perf_counter())

    def _open_video(self) -> None:
        self._video = cv2.VideoCapture(str(self.path), cv2.CAP_FFMPEG)
        if not self._video.isOpened():
            self.close()
            raise SourceError(
                f"{self.name} is not a video, or a kind unknown here, or cut off: try another copy."
            )
        rate = self._video.get(cv2.CAP_PROP_FPS)
        rate = rate if 0.1 <= rate <= 1000 else DEFAULT_RATE
        promised = int(self._video.get(cv2.CAP_PROP_FRAME_COUNT))
        self.frames = promised if promised > 0 else None
        self._next = self._read_ahead(None)
        if self._next is None:
            self.close()
            raise SourceError(f"{self.name} holds no pictures: it may be cut off, or have sound only.")
        height, width = self._next.image.shape[:2]
        self.mode = Mode(width, height, rate, four_letters(self._video.get(cv2.CAP_PROP_FOURCC)))

    def _read_ahead(self, before: Frame | None) -> Frame | None:
        """The frame after `before`, with a later time, whatever the container says; None at the end."""
        ok, image = self._video.read() if self._video is not None else (False, None)
        if not ok or image is None or self._video is None:
            return None
        picture = cast(Image, image)
        stamp = self._video.get(cv2.CAP_PROP_POS_MSEC) / 1000  # after `read`: of the frame that was read
        if before is None:
            stamp = max(stamp, 0.0)  # some files begin before their own start
            return Frame(0, stamp, picture, time.perf_counter())
        later = stamp if stamp > before.time else before.time + 1 / self.mode.rate
        return Frame(before.index + 1, later, picture, time.perf_counter())


def four_letters(code: float) -> str:
    """The name of a video format, such as MJPG, from OpenCV's number; "" when it has none."""
    letters = int(code).to_bytes(4, "little", signed=code < 0).decode("ascii", "replace").strip("\0 ")
    return letters if letters.isprintable() else ""


def _bgr(data: Bytes) -> Image | None:
    """The picture in a file's bytes as (height, width, 3) uint8 BGR; None when it is none.

    Transparent parts show grey: what hides under them is often noise.
    """
    raw = cv2.imdecode(data, cv2.IMREAD_UNCHANGED)
    if raw is None or raw.ndim < 3 or raw.shape[2] != 4 or raw.dtype.kind != "u":
        # OpenCV itself knows grey, 16 bits, and which way up a camera was held.
        return cast(Image | None, cv2.imdecode(data, cv2.IMREAD_COLOR))
    depth = 255.0 if raw.dtype == np.uint8 else 65535.0
    alpha = raw[..., 3:].astype(np.float32) / depth
    colour = raw[..., :3].astype(np.float32) * (255 / depth)
    blended: Image = np.rint(colour * alpha + BACKDROP * (1 - alpha)).astype(np.uint8)
    return blended
