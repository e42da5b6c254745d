"""What the engine and the analysis need to know of a camera or a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app.system.errors import UserError
from app.types import Frame


class SourceError(UserError):
    """A camera or a file that gives no pictures; the text is one sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Mode:
    """What a source really delivers, whatever it was asked for."""

    width: int  # pixels
    height: int  # pixels
    rate: float  # frames a second; nominal, the times of the frames are what counts
    format: str  # four characters, such as MJPG; "" when unknown


class Source(Protocol):
    """Gives frames between `open` and `close`; used by one thread at a time; can be opened again."""

    @property
    def name(self) -> str:
        """What the user calls it: a camera's name, or a file's."""

    @property
    def live(self) -> bool:
        """True for a camera: frames come when they come, and old ones may be dropped."""

    @property
    def mode(self) -> Mode:
        """What was granted; known with the first frame."""

    @property
    def frames(self) -> int | None:
        """About how many frames there will be; None for a camera or where the file does not say."""

    @property
    def path(self) -> Path | None:
        """The file that is read; None for a camera, and for a picture that is no file's own."""

    @property
    def waiting(self) -> str:
        """Why no pictures come just now, and what to do, as a camera says that was unplugged; else ""."""

    def open(self) -> None:
        """Raises SourceError; a camera may do so in `read`, so that opening it can be broken off."""

    def read(self) -> Frame | None:
        """The next frame. None: from a camera, nothing yet; from a file, the end. Raises SourceError."""

    def close(self) -> None:
        """Safe to call twice, and when `open` failed."""
