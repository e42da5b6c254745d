"""The wall clock in a session's files: ISO 8601, UTC, with milliseconds."""

from __future__ import annotations

import math
from datetime import UTC, datetime


def utc(seconds: float) -> str:
    """The text of a time in seconds since 1970: 2026-03-01T09:30:00.000Z; "" for NaN."""
    if math.isnan(seconds):
        return ""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def seconds_of(text: str) -> float:
    """The seconds since 1970 of a text as `utc` writes it; NaN for "". Raises ValueError."""
    return datetime.fromisoformat(text).timestamp() if text else math.nan
