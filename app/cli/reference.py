"""The reference of all commands as Markdown, made from their parsers: `python -m app.cli.reference`."""

from __future__ import annotations

from argparse import SUPPRESS, Action, ArgumentParser
from collections.abc import Iterator

from app.cli.arguments import options_of, window_parser
from app.cli.command import Command
from app.cli.commands import COMMANDS, WINDOW


def markdown() -> str:
    """The whole page; the same text whatever the width of the terminal is."""
    commands = [
        f"| [`{command.call}`](#{command.call.replace(' ', '-')}) | {command.summary} |"
        for command in (WINDOW, *COMMANDS)
    ]
    parts = [
        "# Command line",
        "`python -m app.cli.reference` prints this page; `mien --help` and `mien COMMAND --help` "
        "show the same text.",
        "\n".join(["| command | what it does |", "| --- | --- |", *commands]),
        "The exit code is 0 when all went well, 1 when a file or a check failed, 2 when nothing could start "
        "or the command line is wrong, and 130 after Ctrl-C.",
        *section(WINDOW, window_parser()),
    ]
    for command in COMMANDS:
        parts += section(command, command.parser())
    return "\n\n".join(parts) + "\n"


def section(command: Command, parser: ArgumentParser) -> Iterator[str]:
    """The paragraphs about one command."""
    yield f"## {command.call}"
    yield command.description
    yield block(usage(command, parser))
    if rows := [row(action) for action in listed(parser)]:
        yield "\n".join(["| option | meaning |", "| --- | --- |", *rows])
    width = max(len(example.line) for example in command.examples)
    yield block("\n".join(f"{example.line:<{width}}  # {example.does}" for example in command.examples))


def listed(parser: ArgumentParser) -> list[Action]:
    """The values and options of a command, values first, without hidden ones and --help, which all have."""
    shown = [
        action for action in options_of(parser)
        if "--help" not in action.option_strings and action.help != SUPPRESS
    ]  # fmt: skip
    return sorted(shown, key=lambda action: bool(action.option_strings))


def usage(command: Command, parser: ArgumentParser) -> str:
    """How the command is called, with its values but without each option."""
    if command.usage:
        return "\n".join(line.strip() for line in command.usage.splitlines())
    needed = [action for action in options_of(parser) if not action.option_strings or action.required]
    values = map(spelled, sorted(needed, key=lambda action: not action.option_strings))
    return " ".join([command.call, "[OPTION ...]", *values])


def spelled(action: Action) -> str:
    """An option or value as one types it: `-o DIR, --out DIR`, `FILE [FILE ...]`."""
    value = str(action.metavar or action.dest.upper())
    if action.choices is not None:
        value = "{" + ",".join(map(str, action.choices)) + "}"
    if not action.option_strings:
        return {"+": f"{value} [{value} ...]", "?": f"[{value}]"}.get(str(action.nargs), value)
    takes = "" if action.nargs == 0 else f" {value}"
    return ", ".join(name + takes for name in action.option_strings)


def row(action: Action) -> str:
    """The line of the table for one option or value."""
    known = {key: value for key, value in vars(action).items() if key != "help"} | {"prog": "mien"}
    said = (action.help or "") % known
    return f"| `{spelled(action)}` | {said} |"


def block(text: str) -> str:
    """`text` as a block of shell commands."""
    return f"```sh\n{text}\n```"


if __name__ == "__main__":
    print(markdown(), end="")
