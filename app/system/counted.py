"""Numbers of things in sentences."""

from __future__ import annotations


def counted(number: int, one: str, many: str = "") -> str:
    """`1 file`, `2 files`; with `many` where the plural is another word than `one` with an s."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
