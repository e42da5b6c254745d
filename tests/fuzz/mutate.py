"""Damage to a file: bits that flip, parts that are lost or moved, numbers and words that nobody expects."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

LONGEST_PART = 64  # bytes that are changed at once
NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")
NUMBERS = (
    b"-1", b"0", b"1e308", b"-1e308", b"1e400", b"nan", b"inf", b"-0.0", b"0.1", b"9" * 19, b"9" * 400, b"",
    b"+5", b"1_0", b"0x10", b"2147483648", b"18446744073709551616", b"null", b"true", b"1e-320", "٣".encode(),
)  # fmt: skip
WORDS = (
    b"", b"\0", b"\xff\xfe", b"\xed\xa0\x80", b"=1+1", b"<script>", b"../../..", b"a" * 70_000, b"[" * 5_000,
    b'"', b"\\ud800", b"{", b"}", b",", b"\n", b"\r\n", b";", b"/dev/zero", b"\xe2\x80\xae", b"null", b'""',
)  # fmt: skip


def mutant(data: bytes, chance: random.Random, *, text: bool) -> bytes:
    """`data` with one to four changes; those of a `text` are numbers, words and lines half of the time."""
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        kinds = OF_TEXT if text and chance.random() < 0.7 else OF_BYTES
        data = chance.choice(kinds)(data, chance)
    return data


def _place(data: bytes, chance: random.Random) -> int:
    """Anywhere, but half of the time in the head, which says how the rest is read."""
    most = max(0, len(data) - 1)
    return chance.randint(0, min(most, 400) if chance.random() < 0.5 else most)


def _flip(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 2, 16))):
        if changed:
            changed[_place(data, chance)] ^= 1 << chance.randint(0, 7)
    return bytes(changed)


def _overwrite(data: bytes, chance: random.Random) -> bytes:
    at, length = _place(data, chance), chance.randint(1, LONGEST_PART)
    fill = chance.choice((b"\0" * length, b"\xff" * length, chance.randbytes(length)))
    return data[:at] + fill + data[at + length :]


def _delete(data: bytes, chance: random.Random) -> bytes:
    at = _place(data, chance)
    return data[:at] + data[at + chance.randint(1, LONGEST_PART) :]


def _insert(data: bytes, chance: random.Random) -> bytes:
    at = _place(data, chance)
    return data[:at] + chance.randbytes(chance.randint(1, LONGEST_PART)) + data[at:]


def _truncate(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randint(0, len(data))]


def _repeat(data: bytes, chance: random.Random) -> bytes:
    at, length = _place(data, chance), chance.randint(1, 4096)
    return data[: at + length] + data[at : at + length] * chance.randint(1, 8) + data[at + length :]


def _number(data: bytes, chance: random.Random) -> bytes:
    return _replace(data, chance, list(NUMBER.finditer(data)), NUMBERS)


def _word(data: bytes, chance: random.Random) -> bytes:
    return _replace(data, chance, list(re.finditer(rb"\w+", data)), WORDS)


def _replace(
    data: bytes, chance: random.Random, found: list[re.Match[bytes]], by: tuple[bytes, ...]
) -> bytes:
    if not found:
        return data + chance.choice(by)
    which = chance.choice(found)
    return data[: which.start()] + chance.choice(by) + data[which.end() :]


def _lines(data: bytes, chance: random.Random) -> bytes:
    """A line is moved, left out, or there twice."""
    lines = data.splitlines(keepends=True)
    if not lines:
        return data
    line = lines.pop(chance.randrange(len(lines)))
    for _ in range(chance.choice((0, 1, 2))):
        lines.insert(chance.randint(0, len(lines)), line)
    return b"".join(lines)


Change = Callable[[bytes, random.Random], bytes]
OF_BYTES: tuple[Change, ...] = (_flip, _overwrite, _delete, _insert, _truncate, _repeat)
OF_TEXT: tuple[Change, ...] = (_number, _number, _word, _lines)
