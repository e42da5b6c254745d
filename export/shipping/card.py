"""Reads and writes model cards: TOML, one value a line."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

from app.stages.cards import ModelError
from app.system.atomic import replace_text


def read(path: Path) -> dict[str, Any]:
    """The tables of the card at `path`. Raises FileNotFoundError, and ModelError when it is not valid
    TOML."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except ValueError as error:  # not TOML, or not UTF-8
        raise ModelError(f"{path} is not a model card ({error}); name models/<name>.toml.") from error


def write(path: Path, card: dict[str, Any]) -> None:
    """Writes `card` to `path`: text, numbers, flags, lists of those, and tables of them at any depth.

    Numbers keep six places. Raises TypeError for any other value.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_text(path, "\n".join(_lines(card, ())).lstrip("\n") + "\n")


def _lines(table: dict[str, Any], place: tuple[str, ...]) -> list[str]:
    inner = {key: value for key, value in table.items() if isinstance(value, dict)}
    plain = {key: value for key, value in table.items() if key not in inner}
    lines = ["", f"[{'.'.join(map(_key, place))}]"] if place and plain else []
    lines += [f"{_key(key)} = {_value(value)}" for key, value in plain.items()]
    for key, value in inner.items():
        lines += _lines(value, (*place, key))
    return lines


def _key(key: str) -> str:
    bare = key and all(c.isascii() and (c.isalnum() or c in "_-") for c in key)
    return key if bare else _value(key)


def _value(value: Any) -> str:
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, float):
        return repr(round(float(value), 6))  # NumPy's own numbers are floats too, with another repr
    if isinstance(value, bool | int | str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    raise TypeError(f"a card cannot hold {value!r}")
