"""The picture of each frame of a session: its own video, the file that was read, or a blank face."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from app.sessions.mkv import index, picture
from app.sessions.original import Original
from app.sessions.reading import RecordedSession
from app.sessions.schema.files import VIDEO_FILE
from app.sessions.video_recorder import VideoKind
from app.sources.selection import ALL, Selection
from app.sources.source import SourceError
from app.sources.video import VideoFile
from app.system.plain_file import is_there
from app.types import Face, Frame, Image

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
    """A picture to show, and what is to be said of it."""

    image: Image  # (height, width, 3) uint8 BGR
    image_note: str = ""  # why it is not the one that was measured, as in `Frame`; "" when it is


class Pictures(Protocol):
    """Whatever gives the picture of each time of a session."""

    @property
    def trouble(self) -> str:
        """One sentence for the user: why there are none; "" where there are, or never were any."""

    def at(self, time: float, faces: tuple[Face, ...]) -> Picture:
        """The newest picture that is not later than `time` (s, as in the rows), where `faces` were seen."""


def find_pictures(session: RecordedSession, changed: Callable[[], None] = lambda: None) -> Pictures:
    """The best pictures that there are; never fails.

    `changed` is called, on any thread, when the file turns out not to be the one that was measured.
    """
    info = session.info
    blank = BlankFaces((max(info.width, 16), max(info.height, 16)))
    own = session.folder / VIDEO_FILE
    try:
        if is_there(own) and len(index(own).times):
            return OwnVideo(own, blank, CHANGED.get(info.video.kind, "") if info.video else "")
    except OSError as error:
        blank.trouble = f"{own} is not shown ({error.strerror or error}): put the recorded video there."
        return blank
    if info.file is None or not info.file.kept:
        return blank
    selection = info.selection
    original = Original(info.file, session.folder, changed, folder=selection.as_clip > 0)
    return MeasuredVideo(original, blank, selection)


class BlankFaces:
    """A plain oval where each face was. `trouble` is a sentence: why there is no real picture; or ""."""

    def __init__(self, size: tuple[int, int]) -> None:
        """`size` is width, height of the pictures, in pixels."""
        self.trouble = ""
        self._size = size

    def at(self, time: float, faces: tuple[Face, ...], why: str = BLANK) -> Picture:
        """A picture with an oval for each of `faces`; `why` it stands in for the real one."""
        image = np.full((self._size[1], self._size[0], 3), GROUND, np.uint8)
        for face in faces:
            x0, y0, x1, y1 = face.box.tolist()
            centre, axes = ((x0 + x1) / 2, (y0 + y1) / 2), (x1 - x0, 1.15 * (y1 - y0))
            cv2.ellipse(image, (centre, axes, face.pose.roll), SKIN, -1, cv2.LINE_AA)
        return Picture(image, why)


class OwnVideo:
    """`video.mkv`: any picture at once, since each lies whole in the file."""

    trouble = ""

    def __init__(self, path: Path, blank: BlankFaces, changed: str) -> None:
        """`changed` is what was done to the faces in the video at `path`; "" for nothing."""
        self._path, self._index, self._blank, self._changed = path, index(path), blank, changed

    def at(self, time: float, faces: tuple[Face, ...]) -> Picture:
        """The newest picture that is not later than `time` (s); a blank face where it is damaged."""
        number = int(np.searchsorted(self._index.times, time + SAME, "right")) - 1
        try:
            image = picture(self._path, self._index, number) if number >= 0 else None
        except OSError:  # the disk was taken away
            image = None
        return self._blank.at(time, faces) if image is None else Picture(image, self._changed)


class MeasuredVideo:
    """The file that was measured, as long as the file is that one: what another shows was not measured."""

    def __init__(self, original: Original, blank: BlankFaces, selection: Selection = ALL) -> None:
        """Shows the file of `original` turned as `selection` says, or `blank` where that is another file."""
        self._original, self._blank = original, blank
        self._video = None if original.doubt else SourceVideo(original.path, blank, selection)

    @property
    def trouble(self) -> str:
        """Why the file is not the one that was measured, and what to do; "" where it is."""
        return self._original.sentence

    def at(self, time: float, faces: tuple[Face, ...]) -> Picture:
        """The newest picture of the file that is not later than `time` (s)."""
        if self._video is None or self._original.doubt:
            return self._blank.at(time, faces, self._original.doubt)
        return self._video.at(time, faces)


class SourceVideo:
    """The video file that was measured: frames are read on where that is quick, else it seeks."""

    def __init__(self, path: Path, blank: BlankFaces, selection: Selection = ALL) -> None:
        """Opens the video at `path`; where it cannot be read, `at` gives the faces of `blank`.

        Its pictures are turned as `selection` says.
        """
        self._video, self._blank, self._selection = VideoFile(path, selection.as_clip), blank, selection
        self._frame: Frame | None = None  # the newest that is not later than what was asked for
        self._next: Frame | None = None  # the one after it
        with contextlib.suppress(SourceError):
            self._video.open()
            self._next = self._video.read()

    def at(self, time: float, faces: tuple[Face, ...]) -> Picture:
        """The newest picture that is not later than `time` (s, as in the rows)."""
        nearest = self._frame or self._next
        if nearest is not None and not nearest.time <= time + SAME <= nearest.time + AHEAD:
            self._video.seek_before(time + SAME)
            self._frame, self._next = None, self._read()
        while self._next is not None and self._next.time <= time + SAME:
            self._frame, self._next = self._next, self._read()
        if self._frame is None:
            return self._blank.at(time, faces)
        return Picture(self._selection.turned(self._frame.image))

    def _read(self) -> Frame | None:
        try:
            return self._video.read()
        except SourceError:  # it stops early, as it did when it was measured
            return None
