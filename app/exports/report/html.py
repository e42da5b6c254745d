"""The parts that both pages are made of: the page itself, without any address in it, tables and lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from app import __version__
from app.exports.report.style import CSS

READING = (
    "<p><b>Valence</b> runs from unpleasant (-1) to pleasant (+1), <b>arousal</b> from calm (-1) to excited "
    "(+1). Curves and paths show smoothed values; every number is computed from all raw values, none left "
    "out. Both are one rater's view, and the rater is no person: the network learned them from what a "
    "vision-language model sees in pictures of faces (earlier networks from people's votes for expressions). "
    "They say what a face shows, not what a person feels. Rows whose status is not ok are in doubt: they are "
    "counted all the same.</p>"
)


class Html(str):
    """Text that is HTML already, made here; any other text is escaped where it is shown."""

    __slots__ = ()


def page(title: str, *parts: str) -> str:
    """A whole HTML page with `title` and `parts`, which needs no network and runs no script."""
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
    """A section with a heading; a `long` one may be broken in two when printed."""
    kind = ' class="long"' if long else ""
    return f"<section{kind}>\n<h2>{escape(title)}</h2>\n" + "\n".join(parts) + "\n</section>"


def cards(*pairs: tuple[str, str]) -> str:
    """Large figures: pairs of a value and the words below it, as plain text."""
    each = "".join(f"<div><b>{escape(value)}</b><span>{escape(words)}</span></div>" for value, words in pairs)
    return f'<div class="key">{each}</div>'


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], numbers: Iterable[int] = ()) -> str:
    """A table of plain text, except for cells of `Html`; columns `numbers` (from 0) are aligned right."""
    right = frozenset(numbers)
    kinds = [' class="n"' if i in right else "" for i in range(len(heads))]
    head = "".join(f"<th{kind}>{escape(word)}</th>" for kind, word in zip(kinds, heads, strict=True))
    body = "".join(
        "<tr>"
        + "".join(f"<td{kind}>{_cell(cell)}</td>" for kind, cell in zip(kinds, row, strict=True))
        + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(text: str) -> str:
    return text if isinstance(text, Html) else escape(text)


@dataclass(frozen=True, slots=True)
class Entry:
    """A name and its value in a list, both as plain text."""

    name: str
    value: str


def listing(entries: Iterable[Entry]) -> str:
    """A list of names with their values."""
    each = "".join(f"<dt>{escape(e.name)}</dt><dd>{escape(e.value)}</dd>" for e in entries)
    return f"<dl>{each}</dl>"


def entries(name: str, value: object) -> Iterator[Entry]:
    """The entries of a value of a JSON file; none where it says nothing.

    Nested values are flattened: {"b": 1} under the name "a" gives "a b".
    """
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from entries(f"{name} {str(key).replace('_', ' ')}".strip(), inner)
    elif isinstance(value, list | tuple) and any(isinstance(part, Mapping) for part in value):
        for number, part in enumerate(value, 1):
            yield from entries(f"{name} {number}", part)
    elif isinstance(value, list | tuple):
        yield Entry(name, ", ".join(str(part) for part in value))
    elif isinstance(value, bool):
        yield Entry(name, "yes" if value else "no")
    elif value not in ("", None):
        yield Entry(name, f"{value:.4g}" if isinstance(value, float) else str(value))


def legend(entries: Iterable[tuple[str, str]]) -> str:
    """A legend: pairs of a colour and what it means, as plain text."""
    each = "".join(f'<span><i class="dot" style="background:{c}"></i>{escape(w)}</span>' for c, w in entries)
    return f'<div class="legend">{each}</div>'


def dot(colour: str, words: str) -> Html:
    """A dot of `colour` (#rrggbb) before `words`, which are plain text."""
    return Html(f'<i class="dot" style="background:{colour}"></i>{escape(words)}')


def signed(value: float) -> str:
    """`value` with its sign and two decimals: +0.12; a dash for NaN."""
    if value != value:
        return "-"
    return f"{value:+.2f}" if abs(value) >= 0.005 else "0.00"
