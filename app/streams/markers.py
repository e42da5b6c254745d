"""A marker that another program sends, and how its text is made fit to be shown and written."""

from __future__ import annotations

from collections.abc import Callable

OnMarker = Callable[[str, str, float], None]
"""Is called with each marker: text, origin, and when it was set, in s of clock.now.

The origin is `lsl` or `udp`, or `mien` where Mien itself has to say something of the markers.
"""

MAX_LENGTH = 200  # characters; what is longer is cut off
LOOKED_AT = 4096  # characters of a text that are looked at at all


def one_line(text: str) -> str:
    """`text` as one line without control characters, of at most MAX_LENGTH characters; "" for nothing."""
    shown = "".join(c if c.isprintable() else " " for c in text[:LOOKED_AT])
    return " ".join(shown.split())[:MAX_LENGTH]
