"""The wall clock in a session's files: ISO 8601, UTC, with milliseconds.

It may be set at any time, so that nothing is reckoned from two of its times.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime

FIRST, LAST = -62_135_596_800.0, 253_402_300_799.0  # s since 1970: the years 1 to 9999, which a text can say


def utc(seconds: float) -> str:
    """The text of a time in seconds since 1970: 2026-03-01T09:30:00.000Z; "" for NaN and after 9999."""
    if not FIRST <= seconds < LAST:
        return ""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def utc_offset(seconds: float) -> str:
    """What the local time was ahead of UTC at a time in seconds since 1970, as ISO 8601 has it: +02:00."""
    return datetime.fromtimestamp(seconds, UTC).astimezone().isoformat()[-6:]


def seconds_of(text: str) -> float:
    """The seconds since 1970 of a text as `utc` writes it; NaN for "". Raises ValueError."""
    if not text:
        return math.nan
    try:
        return datetime.fromisoformat(text).timestamp()
    except (OverflowError, OSError) as error:  # a year that this system does not know
        raise ValueError(f"{text[:40]!r} is no time") from error
