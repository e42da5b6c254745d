"""Walk: an open file whose elements or boxes are looked at, and no more of them than a whole file has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

MOST = 20_000  # elements or boxes of a file that are looked at, on all levels together


@dataclass(slots=True)
class Walk:
    """An open file, and how many of its elements or boxes may still be looked at."""

    file: BinaryIO
    left: int = MOST

    def read(self, at: int, count: int) -> bytes:
        """At most `count` bytes from `at`."""
        self.file.seek(at)
        return self.file.read(count)

    def step(self) -> bool:
        """Whether one more may be looked at."""
        self.left -= 1
        return self.left >= 0

    def number(self, at: int, end: int) -> int:
        """What stands from `at` to `end`, its highest byte first; at most 8 bytes of it."""
        return int.from_bytes(self.read(at, min(end - at, 8)), "big")
