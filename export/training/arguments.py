"""What the commands of export/ share on their command lines: a help that is the file's docstring, and
limits."""

from __future__ import annotations

import argparse


def parser(command: str, text: str | None) -> argparse.ArgumentParser:
    """The parser of `python -m export.<command>`, whose help is `text` as it is written."""
    return argparse.ArgumentParser(
        prog=f"python -m export.{command}",
        description=text,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def positive(text: str) -> int:
    """A whole number of at least 1, for `type` of an argument. Raises argparse.ArgumentTypeError."""
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number of at least 1")
    return number


def share(text: str) -> float:
    """A number above 0 and at most 1, for `type` of an argument. Raises argparse.ArgumentTypeError."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number above 0 and at most 1")
    return number
