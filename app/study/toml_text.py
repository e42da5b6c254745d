"""The little of TOML that a study needs, written; `tomllib` reads it. See https://toml.io/en/v1.0.0."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterable, Mapping

Value = str | int | float | bool | datetime.date | tuple[str, ...]
BARE = re.compile(r"[A-Za-z0-9_-]+")


def table(head: str, entries: Mapping[str, Value | None]) -> str:
    """The lines of a table: its `head`, such as "[[participant]]" or "", and a line an entry; not of None."""
    lines = [head] if head else []
    lines += [f"{key(name)} = {value(said)}" for name, said in entries.items() if said is not None]
    return "\n".join(lines) + "\n"


def value(said: Value) -> str:
    """`said` as TOML."""
    if isinstance(said, bool):
        return "true" if said else "false"
    if isinstance(said, datetime.date):
        return said.isoformat()
    if isinstance(said, str):
        return _string(said)
    if isinstance(said, tuple):
        return f"[{', '.join(_strings(said))}]"
    return repr(said)


def key(name: str) -> str:
    """`name` as a key, in quotes where it needs them."""
    return name if BARE.fullmatch(name) else _string(name)


def _string(text: str) -> str:
    """JSON escapes as TOML does, but for the one character of ASCII that JSON leaves."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _strings(texts: Iterable[str]) -> Iterable[str]:
    return (_string(text) for text in texts)
