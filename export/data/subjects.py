"""Sets that come without a split: every fifth person, in the order of their names, is kept for testing."""

from __future__ import annotations

from collections.abc import Sequence


def in_part(subject: str, subjects: Sequence[str], part: str) -> bool:
    """Whether this one of all `subjects` belongs to "train" or to "test": nobody is in both."""
    return (sorted(set(subjects)).index(subject) % 5 == 4) == (part == "test")
