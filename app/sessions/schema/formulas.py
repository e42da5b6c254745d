"""Text that no spreadsheet takes for a formula, and the same text back.

A program of tables computes a cell that begins with = + - or @, which may open an address or a program. An
apostrophe before it says that the cell is text. A semicolon begins a cell too, where a country's lists use
it, whatever quotes stand around.
"""

from __future__ import annotations

import re

WIDE = "\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}"
SIGNS = f"=+\\-@\t\r{WIDE}"
FORMULA = re.compile(f"(^|;)( *)('*[{SIGNS}])")
GUARDED = re.compile(f"(^|;)( *)'('*[{SIGNS}])")


def guard(text: str) -> str:
    """`text` with an apostrophe wherever a spreadsheet would begin a formula."""
    return FORMULA.sub(r"\1\2'\3", text)


def unguard(text: str) -> str:
    """The text that `guard` was given."""
    return GUARDED.sub(r"\1\2\3", text)
