"""A video or a picture as a source: every frame, at the times that its container gives."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from app.sources.container import Container
from app.sources.decoder import Decoder
from app.sources.kinds import HEAD, is_read_as_picture, kind_of
from app.sources.picture_folder import PictureFolder
from app.sources.pictures import StillPicture
from app.sources.source import Mode, SourceError
from app.sources.whole import is_cut_off
from app.system import clock
from app.types import Frame

ROUNDING = 1e-3  # s by which containers round their times
SEEK_BACK = (0.0, 2.0, 10.0)  # s before the wanted time, tried in turn since containers seek by guesses
FEW, FEW_FRAMES, FEW_SECONDS = 0.95, 5, 0.5  # a container that promises so much more is not merely rounding


class VideoFile:
    """A video file as a `Source`: every frame from start to end. A picture is a video of one frame.

    With `as_clip` a folder of pictures is a video of so many a second.

    Attributes: `start`, the time of its first frame, in s; `frames`, how many its container promises.
    """

    live = False
    waiting = ""

    def __init__(self, path: Path | str, as_clip: float = 0.0) -> None:
        self.path = Path(path)
        self.name = self.path.name or self.path.absolute().name
        self._as_clip = as_clip
        self.mode = Mode(0, 0, 0.0, "")
        self.frames: int | None = None
        self.start = 0.0
        self._decoder: Decoder | None = None
        self._next: Frame | None = None  # read ahead by one: a file without pictures fails in `open`
        self._last: Frame | None = None  # that `read` gave

    @property
    def note(self) -> str:
        """One sentence once all was read, such as that its container had promised more; "" for none."""
        if isinstance(self._decoder, PictureFolder):
            return self._decoder.note
        notes = [self._decoder.note] if isinstance(self._decoder, Container) and self._decoder.note else []
        if self._next is None and self._last is not None and self._has_few():
            holds = self._last.index + 1
            notes.append(f"the container names {self.frames} frames and holds {holds}: the file is whole")
        return "; ".join(notes)

    def open(self) -> None:
        """Begin at the start of the file, also when it is open already.

        Raises SourceError when the file is missing, may not be read, or holds no pictures.
        """
        self.close()
        begin = self._check()
        if self._as_clip:
            self._decoder = self._pictures()
        else:
            self._decoder = self._file(begin)
        self.mode, self.frames = self._decoder.mode, self._decoder.frames
        self._next = self._read_ahead(None)
        self.start = self._next.time if self._next is not None else 0.0

    def read(self) -> Frame | None:
        """The next frame, None at the end.

        Raises SourceError at the end of a file that stops well before the length it promises.
        """
        if self._next is None and self._has_few() and self._is_cut_off():
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

        Frames are then numbered as at a steady rate. Raises SourceError.
        """
        self.seek_before(at)
        before, frame = None, self._next
        while frame is not None and frame.time < at - ROUNDING:
            before, frame = frame, self._read_ahead(frame)
        found = frame or before  # containers promise a few frames too many
        self._next = found and replace(found, index=self._number(found.time))

    def seek_before(self, at: float) -> None:
        """Makes the next `read` give a frame at `at` s or somewhat earlier, or else the first one.

        Containers seek by guesses, so this looks from farther back until it is not too late, at last from the
        very start. Decoding the frames from there up to `at` is left to the caller; they are numbered as at a
        steady rate. Raises SourceError.
        """
        if self._decoder is None or self.frames == 1:
            return  # a picture has one frame only
        for back in (*SEEK_BACK, at):
            if not self._decoder.seek(at - back):
                break
            frame = self._read_ahead(None)
            if frame is not None and frame.time <= at:
                self._next = replace(frame, index=self._number(frame.time))
                return
        self.open()

    def close(self) -> None:
        """Let the file go. Safe to call twice."""
        if self._decoder is not None:
            self._decoder.close()
        self._decoder = self._next = self._last = None

    def _pictures(self) -> Decoder:
        try:
            return PictureFolder(self.path, self._as_clip)
        except OSError as error:
            raise SourceError(f"{self.path} cannot be read ({error.strerror}): copy it.") from None

    def _file(self, begin: bytes) -> Decoder:
        kind = kind_of(begin)
        if kind is not None and not kind.decoded:
            raise SourceError(
                f"{self.name} is {kind.name}, which Mien does not read: save it as PNG or JPEG, or as MP4."
            )
        if is_read_as_picture(self.path, kind):
            return StillPicture(self.path, kind)
        return Container(self.path, begin)

    def _number(self, time: float) -> int:
        return round((time - self.start) * self.mode.rate)

    def _has_few(self) -> bool:
        """Whether much less came than was promised, by number and by time: either may be a guess."""
        if not self.frames or self._last is None:
            return False
        few = self._last.index + 1 < FEW * self.frames - FEW_FRAMES
        seen = self._last.time - self.start
        return few and seen < FEW * self.frames / self.mode.rate - FEW_SECONDS

    def _is_cut_off(self) -> bool:
        try:
            return is_cut_off(self.path)
        except OSError:  # it was taken away while it was read
            return True

    def _check(self) -> bytes:
        """The first bytes of the file. Raises SourceError."""
        try:
            str(self.path).encode()
            if self.path.is_dir():
                if self._as_clip:
                    return b""
                raise SourceError(
                    f"{self.path} is a folder: name a video or a picture in it; mien analyze with --as-clip "
                    "takes its pictures for one clip."
                )
            if self._as_clip and self.path.exists():
                raise SourceError(f"{self.path} is not a folder: --as-clip takes folders of pictures.")
            if self.path.exists() and not self.path.is_file():
                raise SourceError(f"{self.path} is not a file: name a video or a picture.")
            with self.path.open("rb") as file:
                begin = file.read(HEAD)
            if not begin:
                raise SourceError(f"{self.name} is empty: get a whole copy of it.")
            return begin
        except UnicodeEncodeError:
            name = str(self.path).encode("utf-8", "backslashreplace").decode()
            raise SourceError(f"{name} has a name that is not UTF-8: rename the file.") from None
        except ValueError:  # a zero byte
            raise SourceError(f"{str(self.path)!r} is no name of a file: check the name.") from None
        except FileNotFoundError:
            raise SourceError(f"{self.path} does not exist: check the name and the folder.") from None
        except PermissionError:
            raise SourceError(f"{self.path} may not be read: change its permissions or copy it.") from None
        except OSError as error:
            reason = error.strerror
            raise SourceError(f"{self.path} cannot be read ({reason}): copy it to another disk.") from None

    def _read_ahead(self, before: Frame | None) -> Frame | None:
        """The frame after `before`, with a later time, whatever the container says; None at the end."""
        decoded = self._decoder.read() if self._decoder is not None else None
        if decoded is None:
            return None
        now = clock.now()
        if before is None:  # some files begin before their own start
            return Frame(0, max(decoded.time, 0.0), decoded.image, now)
        later = decoded.time if decoded.time > before.time else before.time + 1 / self.mode.rate
        lost = max(0, round((later - before.time) * self.mode.rate) - 1) if decoded.after_damage else 0
        return Frame(
            before.index + 1 + lost, later, decoded.image, now, dropped=lost, size_note=decoded.size_note
        )
