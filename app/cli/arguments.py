"""How a command line is read: which command it calls, with which options."""

from __future__ import annotations

import sys
from argparse import Action, ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from app.cli.command import Command, columns
from app.cli.commands import COMMANDS, WINDOW
from app.sources.address import is_address


@dataclass(frozen=True, slots=True)
class Call:
    """A command with what its options say: an attribute of `options` for each."""

    command: Command
    options: Namespace

    def run(self) -> int:
        """Runs the command; gives its exit code. Raises what the command raises."""
        return self.command.run(self.options)


def read(argv: Sequence[str] | None = None) -> Call:
    """Reads a command line, by default that of the program.

    Ends the program with exit code 2 and a sentence when something is wrong with it, also when an option
    would have no effect, so that nobody relies on it.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    names = {command.name: command for command in COMMANDS}
    whole = window_parser()
    place = first_name(whole, words)
    if place is None or words[place] not in names:
        return _parsed(WINDOW, whole, words if place is None else _with_video(whole, words, place))
    command = names[words[place]]
    before = vars(whole.parse_args(words[:place]))
    parser = command.parser()
    for action in options_of(whole):
        if action.dest not in before or before[action.dest] == whole.get_default(action.dest):
            continue
        if action.dest not in command.shares:
            whole.error(
                f"{action.option_strings[0]} before {command.name} has no effect: leave it out, or put "
                f"it behind {command.name} if that has such an option"
            )
        parser.set_defaults(**{action.dest: before[action.dest]})
    return _parsed(command, parser, words[place + 1 :])


def window_parser() -> ArgumentParser:
    """The parser of `mien` itself; its help also names the commands."""
    rows = [(command.name, command.summary) for command in COMMANDS]
    return WINDOW.parser("commands (mien COMMAND --help says more):\n" + columns(rows))


def options_of(parser: ArgumentParser) -> list[Action]:
    """All options and values that a parser knows; argparse itself has no public list of them."""
    return list(parser._actions)


def first_name(parser: ArgumentParser, words: Sequence[str]) -> int | None:
    """The place of the first of `words` that is neither an option of `parser` nor the value of one."""
    with_value = [
        name for action in options_of(parser) if action.nargs is None for name in action.option_strings
    ]
    is_value = False
    for place, word in enumerate(words):
        if not is_value and not word.startswith("-"):
            return place
        is_value = not is_value and any(name.startswith(word) for name in with_value)  # it may be shortened
    return None


def _parsed(command: Command, parser: ArgumentParser, words: list[str]) -> Call:
    options = parser.parse_args(words)
    if problem := command.check(options):
        parser.error(problem)
    return Call(command, options)


def _with_video(whole: ArgumentParser, words: list[str], place: int) -> list[str]:
    """What is in the place of a command is what `--video` names: `mien clip.mp4` plays it."""
    word, rest = words[place], words[place + 1 :]
    names = [command.name for command in COMMANDS]
    if not is_address(word) and not Path(word).exists():
        meant = get_close_matches(word, names, 1)
        whole.error(
            f"{word} is neither a file nor a command: "
            + (f"did you mean `mien {meant[0]}`?" if meant else "check its name, or see mien --help")
        )
    other = first_name(whole, rest)
    if other is not None and rest[other] in names:
        whole.error(
            f"{word} before {rest[other]} has no effect: leave it out, or put it behind "
            f"{rest[other]} if that takes files"
        )
    if other is not None:
        whole.error(f"the window plays one file, so {rest[other]} is too many: mien analyze takes several")
    return [*words[:place], "--video", word, *rest]
