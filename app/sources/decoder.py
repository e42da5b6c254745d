"""What `VideoFile` needs of a way to decode files: of a video's container, of a picture, of an animation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from app.sources.source import Mode
from app.types import Image


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """One picture of a file, upright and with square pixels, in the size of the file's first one."""

    image: Image  # (height, width, 3) uint8 BGR
    time: float  # s, as the container says; it may repeat or go back
    after_damage: bool = False  # whether pictures just before this one could not be decoded
    size_note: str = ""  # one sentence where the file's pictures have another size from this one on


class Decoder(Protocol):
    """Gives the pictures of one open file in their order; used by one thread at a time."""

    @property
    def mode(self) -> Mode:
        """Size of the first picture as it is given, nominal rate, and format."""

    @property
    def frames(self) -> int | None:
        """How many pictures the file promises; None where it does not say."""

    def read(self) -> Decoded | None:
        """The next picture; None at the end."""

    def seek(self, at: float) -> bool:
        """Makes the next `read` give a picture near `at` s, as containers guess; False where it cannot."""

    def close(self) -> None:
        """Lets the file go. Safe to call twice."""
