"""What both pages are put together from: a page of its own without any address in it, tables, lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from app import __version__
from app.report.style import CSS

READING = (
    "<p><b>Valence</b> runs from unpleasant (-1) to pleasant (+1), <b>arousal</b> from calm (-1) to excited "
    "(+1). Curves and paths show smoothed values; every number is computed from all raw values, none left "
    "out. They say what a face shows to a network that learned from what people see in pictures of faces, "
    "not what a person feels. Rows whose status is not ok are in doubt: they are counted, not removed.</p>"
)


def page(title: str, *parts: str) -> str:
    """Everything in one file: it needs no network and runs no script."""
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{CSS}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(part for part in parts if part)
        + f"\n<footer>Made by Mien {__version__}, on this computer.</footer>\n</main>\n</body>\n</html>\n"
    )


def section(title: str, *parts: str, long: bool = False) -> str:
    """`long`: may be broken in two when printed."""
    kind = ' class="long"' if long else ""
    return f"<section{kind}>\n<h2>{escape(title)}</h2>\n" + "\n".join(parts) + "\n</section>"


def cards(*pairs: tuple[str, str]) -> str:
    """Large figures, each with the words below it."""
    each = "".join(f"<div><b>{escape(value)}</b><span>{escape(words)}</span></div>" for value, words in pairs)
    return f'<div class="key">{each}</div>'


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], numbers: Iterable[int] = ()) -> str:
    """Cells are HTML already; `numbers` are the columns set to the right."""
    right = frozenset(numbers)
    kinds = [' class="n"' if i in right else "" for i in range(len(heads))]
    head = "".join(f"<th{kind}>{escape(word)}</th>" for kind, word in zip(kinds, heads, strict=True))
    body = "".join(
        "<tr>" + "".join(f"<td{kind}>{cell}</td>" for kind, cell in zip(kinds, row, strict=True)) + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def listing(entries: Mapping[str, Any]) -> str:
    """Names and values, nested ones flattened: {"a": {"b": 1}} gives "a b"."""
    flat = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in _flat(entries, ""))
    return f"<dl>{flat}</dl>"


def _flat(value: Any, name: str) -> Iterable[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(inner, f"{name} {str(key).replace('_', ' ')}".strip())
    elif isinstance(value, list | tuple) and any(isinstance(entry, Mapping) for entry in value):
        for number, entry in enumerate(value, 1):
            yield from _flat(entry, f"{name} {number}")
    elif isinstance(value, list | tuple):
        yield name, ", ".join(str(entry) for entry in value)
    elif isinstance(value, bool):
        yield name, "yes" if value else "no"
    elif value not in ("", None):
        yield name, f"{value:.4g}" if isinstance(value, float) else str(value)


def legend(entries: Iterable[tuple[str, str]]) -> str:
    """Colours and what they stand for."""
    each = "".join(f'<span><i class="dot" style="background:{c}"></i>{escape(w)}</span>' for c, w in entries)
    return f'<div class="legend">{each}</div>'


def signed(value: float) -> str:
    """+0.12, or a dash for none."""
    if value != value:
        return "-"
    return f"{value:+.2f}" if abs(value) >= 0.005 else "0.00"
