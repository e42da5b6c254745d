"""A marker that another program sends, and how its text is made fit to be shown and written."""

from __future__ import annotations

from collections.abc import Callable

OnMarker = Callable[[str, str, float], None]
"""Is called with each marker: text, origin (`lsl` or `udp`), and when it was set, in s of perf_counter."""

MAX_LENGTH = 200  # characters; what is longer is cut off


def one_line(text: str) -> str:
    """`text` as one line without control characters, of at most MAX_LENGTH characters; "" for nothing."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:MAX_LENGTH]
