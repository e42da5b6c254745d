"""What a marker from outside is, and how its text is made fit to be shown and written."""

from collections.abc import Callable

Marked = Callable[[str, str, float], None]  # text, origin, when on the clock of time.perf_counter
LONGEST = 200  # characters that are kept


def plain(line: str) -> str:
    """One line without control characters, of at most LONGEST characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in line).split())[:LONGEST]
