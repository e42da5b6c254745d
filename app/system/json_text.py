"""JSON that somebody else may have written: read with limits, so that it costs little."""

from __future__ import annotations

import json
import math
import re
from typing import Any

MOST_BYTES = 4_000_000  # of a text
MOST_DEPTH = 20  # of what lies in one another
MOST_DIGITS = 18  # of a whole number: any fits 64 bits
SURROGATE = re.compile("[\ud800-\udfff]")


def read_json(content: bytes) -> Any:
    """The value that `content` says, as json.loads gives it; raises ValueError with a clause for the user.

    Refused are more than MOST_BYTES, what is nested deeper than MOST_DEPTH, numbers that are infinite or have
    more than MOST_DIGITS digits, and text that cannot be written again as UTF-8.
    """
    if len(content) > MOST_BYTES:
        raise ValueError(f"it has more than {MOST_BYTES / 1e6:.0f} MB")
    try:
        value = json.loads(
            content.decode("utf-8-sig"), parse_int=_whole, parse_float=_number, parse_constant=_constant
        )
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    except UnicodeDecodeError:
        raise ValueError("it is no UTF-8 text") from None
    _check(value)
    return value


def _whole(digits: str) -> int:
    if len(digits.lstrip("-")) > MOST_DIGITS:
        raise ValueError(f"it holds a number of {len(digits)} digits")
    return int(digits)


def _number(digits: str) -> float:
    if not math.isfinite(number := float(digits)):
        raise ValueError(f"it holds the number {digits[:20]}, which is too large")
    return number


def _constant(word: str) -> float:
    raise ValueError(f"it holds {word}, which is no number")


def _check(value: Any) -> None:
    """Looks at every part, without recursion."""
    parts = [(value, 0)]
    while parts:
        part, depth = parts.pop()
        if depth > MOST_DEPTH:
            raise ValueError("it is nested too deep")
        if isinstance(part, dict):
            parts += [(inner, depth + 1) for pair in part.items() for inner in pair]
        elif isinstance(part, list):
            parts += [(inner, depth + 1) for inner in part]
        elif isinstance(part, str) and SURROGATE.search(part):
            raise ValueError("it holds text that is no Unicode")
