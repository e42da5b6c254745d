"""The picture of each moment of a session: its own video, the file that was read, or a blank face."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from app.sessions.mkv import index, picture
from app.sessions.original import Original
from app.sessions.reading import RecordedSession
from app.sessions.video_recorder import NAME as VIDEO
from app.sessions.video_recorder import VideoKind
from app.types import Face

GROUND, SKIN = (36, 32, 30), (72, 66, 62)  # BGR of the blank face
AHEAD = 3.0  # s that are read on rather than jumped over
SAME = 2e-3  # s by which two times of one picture may differ


# Why what is shown is not what was measured.
BLANK = "this session was recorded without its picture"
CHANGED = {
    VideoKind.CLEAN.value: "",
    VideoKind.BLURRED.value: "the faces in the recorded picture are blurred",
    VideoKind.OVERLAY.value: "the recorded picture has drawings over the faces",
}


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    image: np.ndarray  # (height, width, 3) uint8 BGR
    stand_in: str = ""  # as in Frame


class Pictures(Protocol):
    @property
    def trouble(self) -> str:
        """One sentence for the user: why there are none; "" where there are, or never were any."""

    def at(self, time: float, faces: tuple[Face, ...]) -> Picture:
        """The newest picture that is not later than `time`."""


def find_pictures(recording: RecordedSession, changed: Callable[[], None] = lambda: None) -> Pictures:
    """The best there is; never fails. `changed` is called, on any thread, when they turn out to be others."""
    size = max(recording.about.width, 16), max(recording.about.height, 16)
    blank = BlankFaces(size)
    own = recording.folder / VIDEO
    if own.exists() and len(index(own).times):
        video = recording.about.whole.get("video")
        kind = video.get("kind") if isinstance(video, dict) else None
        return OwnVideo(own, blank, CHANGED.get(str(kind), ""))
    file = recording.about.whole.get("file")
    return MeasuredVideo(Original(file, changed), blank) if isinstance(file, dict) else blank


class BlankFaces:
    """A plain oval where each face was."""

    trouble = ""

    def __init__(self, size: tuple[int, int]) -> None:
        self._ground = np.full((size[1], size[0], 3), GROUND, np.uint8)

    def at(self, time: float, faces: tuple[Face, ...], why: str = BLANK) -> Picture:
        image = self._ground.copy()
        for face in faces:
            x0, y0, x1, y1 = face.box.tolist()
            centre, axes = ((x0 + x1) / 2, (y0 + y1) / 2), (x1 - x0, 1.15 * (y1 - y0))
            cv2.ellipse(image, (centre, axes, face.pose.roll), SKIN, -1, cv2.LINE_AA)
        return Picture(image, why)


class OwnVideo:
    """`video.mkv`: any picture at once, since each lies whole in the file."""

    trouble = ""

    def __init__(self, path: Path, blank: BlankFaces, changed: str) -> None:
        self._path, self._index, self._blank, self._changed = path, index(path), blank, changed

    def at(self, time: float, faces: tuple[Face, ...]) -> Picture:
        number = int(np.searchsorted(self._index.times, time + SAME, "right")) - 1
        image = picture(self._path, self._index, number) if number >= 0 else None
        return self._blank.at(time, faces) if image is None else Picture(image, self._changed)


class MeasuredVideo:
    """The file that was measured, as long as the file is that one: what another shows was not measured."""

    def __init__(self, original: Original, blank: BlankFaces) -> None:
        self._original, self._blank = original, blank
        self._video = None if original.doubt else SourceVideo(original.path, blank)

    @property
    def trouble(self) -> str:
        return self._original.sentence

    def at(self, time: float, faces: tuple[Face, ...]) -> Picture:
        if self._video is None or self._original.doubt:
            return self._blank.at(time, faces, self._original.doubt)
        return self._video.at(time, faces)


class SourceVideo:
    """A video file: read on where that is quick, else sought from the key frame before."""

    def __init__(self, path: Path, blank: BlankFaces) -> None:
        self._video, self._blank = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG), blank
        self._image: cv2.typing.MatLike | None = None
        self._time = -np.inf  # of `_image`
        self._next: cv2.typing.MatLike | None = None
        self._next_time = -np.inf

    def at(self, time: float, faces: tuple[Face, ...]) -> Picture:
        if not self._time <= time + SAME <= self._time + AHEAD:
            self._jump(time)
        while self._next_time <= time + SAME:
            self._image, self._time = self._next, self._next_time
            self._advance()
        return self._blank.at(time, faces) if self._image is None else Picture(self._image)

    def _jump(self, time: float) -> None:
        """To a picture not later than `time`; containers seek by guesses, so it tries from farther back."""
        for back in (0.0, 2.0, 10.0, np.inf):
            self._video.set(cv2.CAP_PROP_POS_MSEC, max(0.0, (time - back) * 1000))
            self._image, self._time = None, -np.inf
            self._advance()
            if self._next_time <= time + SAME or time - back <= 0:
                return

    def _advance(self) -> None:
        good, image = self._video.read()
        self._next = image if good else None
        stamp = self._video.get(cv2.CAP_PROP_POS_MSEC) / 1000
        self._next_time = stamp if good else np.inf
