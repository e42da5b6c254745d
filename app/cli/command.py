"""What a command is: its name, its help, its options, and the function that runs it."""

from __future__ import annotations

import shutil
import textwrap
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

WIDTH = 78  # columns of help at most, so that it fits a terminal of 80


@dataclass(frozen=True, slots=True)
class Example:
    """A command line that a user can copy, and what it does."""

    line: str
    does: str


def nothing_wrong(arguments: Any) -> str:
    """The check of a command whose options all go together."""
    return ""


@dataclass(frozen=True, slots=True)
class Command:
    """One row of the table in `app.cli.commands`.

    `run` gets what the options say, as a Namespace with an attribute for each, and gives the exit code: 0, or
    1 when part of the work failed. It raises UserError where nothing can be done at all. It imports what
    takes long to load, so that --help answers at once.
    """

    name: str  # what the user types; "" for the window, which `mien` alone opens
    summary: str  # one line for `mien --help`, without a full stop
    description: str  # whole sentences for `mien NAME --help`
    examples: tuple[Example, ...]
    add: Callable[[ArgumentParser], None]  # adds the options to a parser
    run: Callable[[Any], int]
    check: Callable[[Any], str] = nothing_wrong  # one sentence about options that do not go together, or ""
    # Options of the window that may also come before this command's name.
    shares: frozenset[str] = frozenset()
    usage: str | None = None  # None: made from the options

    @property
    def call(self) -> str:
        """How the command is called: "mien analyze", or "mien" for the window."""
        return f"mien {self.name}".strip()

    def parser(self, beside: str = "") -> ArgumentParser:
        """A fresh parser of the command's options; `beside` is text that its help shows before them."""
        parser = ArgumentParser(
            self.call,
            usage=self.usage,
            description="\n\n".join(part for part in (wrap(self.description), beside) if part),
            epilog="examples:\n" + columns([(example.line, example.does) for example in self.examples]),
            formatter_class=RawDescriptionHelpFormatter,
        )
        self.add(parser)
        return parser


def wrap(text: str) -> str:
    """`text` in lines that fit the terminal, at most 78 columns wide."""
    return textwrap.fill(text, min(WIDTH, shutil.get_terminal_size().columns - 2))


def columns(rows: list[tuple[str, str]]) -> str:
    """Two columns of text, indented; where a row is too wide its second text gets a line of its own."""
    indent = 2 + max((len(left) for left, right in rows if len(left) + len(right) <= WIDTH - 4), default=0)
    lines = []
    for left, right in rows:
        if len(left) + 2 <= indent and indent + 2 + len(right) <= WIDTH:
            lines.append(f"  {left:<{indent}}{right}")
        else:
            lines += [f"  {left}", f"      {right}"]
    return "\n".join(lines)
