"""A video's container, read by FFmpeg: its pictures upright, with square pixels, at the container's times."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import cast

import cv2

from app.sources.address import Address, Place
from app.sources.coded_size import CodedSize, pixel_aspect
from app.sources.connect import connect, unreadable
from app.sources.decoder import Decoded
from app.sources.first_stamp import first_stamp
from app.sources.fit import Fit, size_change
from app.sources.open_video import open_video
from app.sources.picture_size import is_too_large
from app.sources.size_changes import SizeChanges
from app.sources.source import Mode, SourceError
from app.sources.tracks import REORDERED, VideoTracks, video_tracks
from app.types import Image

DEFAULT_RATE = 30.0  # frames a second, where a file names none that can be believed
SLOWEST, FASTEST = 0.1, 1000.0  # frames a second that are believed
FAILURES = 1000  # reads in a row that may fail before a file counts as ended; at its end they take no time
LATEST_START = 1e6  # s; a picture that begins later has no time stamp that can be believed
NO_STAMP = 2.0**62  # and more: FFmpeg's stamp of a picture that has none
MATROSKA = b"\x1aE\xdf\xa3"  # its time stamps are whole milliseconds
FORMATS = {b"av01": "AV1", b"V_AV1": "AV1", b"vvc1": "H.266", b"vvi1": "H.266", b"apv1": "APV"}
TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


class Container:
    """A video file, or what comes from an address, as a `Decoder`."""

    def __init__(self, path: Place, begin: bytes, name: str = "") -> None:
        """Opens the file at `path`, whose first bytes are `begin`, or an address. Raises SourceError.

        Its sentences call the file `name`, where it has another one than its own.
        """
        name = name or path.name
        self._video = connect(path) if isinstance(path, Address) else open_video(path)
        # Each failed read of a silent network takes as long as it may.
        self._failures = 1 if isinstance(path, Address) else FAILURES
        if not self._video.isOpened():
            raise SourceError(
                unknown(name, begin)
                or f"{name} is not a video, or an unsupported format, or incomplete: try another copy."
            )
        get = self._video.get
        self._video.set(cv2.CAP_PROP_ORIENTATION_AUTO, 0)  # pictures are turned here, after they are square
        self._turn = TURNS.get(round(get(cv2.CAP_PROP_ORIENTATION_META)) % 360)
        width, height = round(get(cv2.CAP_PROP_FRAME_WIDTH)), round(get(cv2.CAP_PROP_FRAME_HEIGHT))
        aspect = pixel_aspect(get(cv2.CAP_PROP_SAR_NUM), get(cv2.CAP_PROP_SAR_DEN))
        self._first = CodedSize(width, height, aspect)
        self._before = self._shown(self._first)  # of the picture before
        self._sizes: SizeChanges | None = None  # no second connection is opened for the sizes
        if not isinstance(path, Address):
            self._sizes = SizeChanges(path, four_letters(get(cv2.CAP_PROP_FOURCC)), self._first)
        self._refuse_if_too_large(name)
        self._tracks: VideoTracks | None = None
        if not isinstance(path, Address):
            self._tracks = video_tracks(path, begin)
        self.note = self._tracks.note if self._tracks is not None else ""
        promised = get(cv2.CAP_PROP_FRAME_COUNT)
        self.frames = int(promised) if promised > 0 else None
        self._can_seek = not _is_bare(begin)
        self._start = 0.0  # s, of the first picture; OpenCV counts its times from there
        self._read_ahead = self._decode()
        if self._read_ahead is None:
            letters = four_letters(get(cv2.CAP_PROP_FOURCC)).lower().encode()
            self.close()
            known = unknown(name, begin + letters)
            if isinstance(path, Address) and not known:
                raise unreadable(path)
            raise SourceError(known or f"{name} holds no pictures: it may be cut off, or have sound only.")
        if get(cv2.CAP_PROP_FPS) > FASTEST and _is_sound(begin):  # FFmpeg gives a cover 90,000 a second
            self.close()
            raise SourceError(f"{name} holds sound and a cover picture, no video: name a video or a picture.")
        said = self._tracks.start if self._tracks is not None else None
        if said is None and not isinstance(path, Address):
            said = first_stamp(path)
        self._start = self._begins(begin, said)
        height, width = self._read_ahead.image.shape[:2]
        named = get(cv2.CAP_PROP_FPS)
        rate = named if SLOWEST <= named <= FASTEST else DEFAULT_RATE
        self.mode = Mode(width, height, rate, four_letters(get(cv2.CAP_PROP_FOURCC)))

    def read(self) -> Decoded | None:
        """The next picture; None at the end. Damage is skipped as long as pictures follow."""
        first, self._read_ahead = self._read_ahead, None
        decoded = first or self._decode()
        if decoded is None:
            return None
        return replace(decoded, time=decoded.time + self._start)

    def seek(self, at: float) -> bool:
        """Makes the next `read` give a picture near `at` s, as the container guesses.

        False for a bare stream of pictures: it has no times, and FFmpeg gives another picture without a word.
        False, too, where the size of the pictures has changed before: each has to be counted from the start.
        """
        if not self._can_seek or (self._sizes is not None and self._sizes.before(at - self._start)):
            return False
        self._read_ahead = None
        self._video.set(cv2.CAP_PROP_POS_MSEC, max(0.0, at - self._start) * 1000)
        return True

    def close(self) -> None:
        """Lets the file go. Safe to call twice."""
        self._video.release()
        if self._sizes is not None:
            self._sizes.close()

    def _decode(self) -> Decoded | None:
        """The next picture, at its time since the first one."""
        for failed in range(self._failures):
            ok, image = self._video.read()
            if ok and image is not None:
                stamp = (
                    self._video.get(cv2.CAP_PROP_POS_MSEC) / 1000
                )  # after `read`: of the picture just read
                size = self._first if self._sizes is None else self._sizes.of(stamp)
                upright, size_note = self._upright(cast(Image, image), size)
                return Decoded(upright, stamp, failed > 0, size_note)
        return None

    def _begins(self, begin: bytes, said: float | None) -> float:
        """When the first picture is shown, in s: later than 0 where, for instance, the sound begins earlier.

        FFmpeg's stamp is rounded to frames, so it may be off by half a frame. `said` is what the file itself
        says of its first picture: of that, or of one some whole frames away, the time is exact.
        """
        rate, stamp = self._video.get(cv2.CAP_PROP_FPS), self._video.get(cv2.CAP_PROP_PTS)
        start = 0.0
        if not SLOWEST <= rate <= FASTEST or abs(stamp) >= NO_STAMP:
            start = said or 0.0
        else:
            if stamp and self._read_ahead is not None:
                start = stamp / rate - self._read_ahead.time
            if begin.startswith(MATROSKA):
                start = said if said is not None and abs(said - start) < 1 / rate else round(start, 3)
            elif said is not None:
                frames = math.ceil((start - said) * rate - 0.5 - 1e-3)  # FFmpeg rounds halves up
                start = said + frames / rate if abs(frames) <= REORDERED else start
        return start if 0 < start < LATEST_START else 0.0

    def _refuse_if_too_large(self, name: str) -> None:
        width, height = _square(self._first)
        if is_too_large((width, height)):
            self.close()
            raise SourceError(f"{name} has pictures of {width} x {height} pixels: make them smaller.")

    def _upright(self, image: Image, size: CodedSize) -> tuple[Image, str]:
        """The picture, coded in such a `size`, upright, with square pixels, brought to the first size.

        With it goes a sentence where the size has just changed; else "".
        """
        image = image if self._turn is None else cast(Image, cv2.rotate(image, self._turn))
        shown, first = self._shown(size), self._shown(self._first)
        fit = Fit.of(shown, first)
        if fit is not None:
            image = fit.image(image)
        elif size.aspect != 1.0:
            image = cast(Image, cv2.resize(image, shown))
        before, self._before = self._before, shown
        return image, "" if before == shown else size_change(before, shown, fit)

    def _shown(self, size: CodedSize) -> tuple[int, int]:
        """Width and height upright and with square pixels."""
        width, height = _square(size)
        return (width, height) if self._turn in (None, cv2.ROTATE_180) else (height, width)


def _square(size: CodedSize) -> tuple[int, int]:
    """Width and height with square pixels: the shorter side grows, so that nothing is lost."""
    return round(size.width * max(size.aspect, 1.0)), round(size.height * max(1 / size.aspect, 1.0))


def unknown(name: str, begin: bytes) -> str:
    """One sentence about a file that cannot be decoded where its first bytes name the format; else ""."""
    format = next((format for mark, format in FORMATS.items() if mark in begin), "")
    if not format:
        return ""
    return (
        f"{name} is {format}, which Mien cannot decode here: convert it, for example with "
        f"`ffmpeg -i {name} -c:v libx264 converted.mp4`."
    )


def four_letters(code: float) -> str:
    """The name of a video format, such as MJPG, from OpenCV's number; "" when it has none."""
    letters = int(code).to_bytes(4, "little", signed=code < 0).decode("ascii", "replace").strip("\0 ")
    return letters if letters.isprintable() else ""


def _is_sound(begin: bytes) -> bool:
    """Whether a file is one of sound by its first bytes: MP3, FLAC, or MP4 with a brand for sound."""
    return begin.startswith((b"ID3", b"fLaC", b"\xff\xfb", b"\xff\xf3")) or (
        begin[4:8] == b"ftyp" and begin[8:11] in (b"M4A", b"M4B", b"M4P")
    )


def _is_bare(begin: bytes) -> bool:
    """Whether a file has no container: only the bytes of H.264, HEVC, MPEG video or MJPEG."""
    if begin.startswith(b"\xff\xd8"):
        return True
    code = begin.lstrip(b"\0")[:2]
    return begin.startswith(b"\0\0") and code[:1] == b"\x01" and code[1:] != b"\xba"  # that is MPEG-PS
