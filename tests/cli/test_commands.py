"""The table of commands: each has its help, its options with their types, and loads nothing slow for them."""

import importlib
import pkgutil
import re
import shlex
import subprocess
import sys
from argparse import ArgumentParser
from typing import get_type_hints

import pytest

from app import cli
from app.cli import arguments, bench, export, reference
from app.cli.command import Command, Example
from app.cli.commands import COMMANDS, WINDOW
from app.exports.export import WRITERS
from app.sessions.video_recorder import VideoKind

ALL = (WINDOW, *COMMANDS)
SLOW = ("cv2", "onnxruntime", "mediapipe", "PySide6", "pyqtgraph")


def parser_of(command: Command) -> ArgumentParser:
    return arguments.window_parser() if command is WINDOW else command.parser()


def dests(command: Command) -> set[str]:
    options = arguments.options_of(command.parser())
    return {option.dest for option in options} - {"help", "version"}


def by_name(command: Command) -> str:
    return command.call


def test_each_file_with_a_command_is_in_the_table_under_its_name():
    names = [module.name for module in pkgutil.iter_modules(cli.__path__)]
    modules = {name: importlib.import_module(f"app.cli.{name}") for name in names}
    commands = {name: module.COMMAND for name, module in modules.items() if hasattr(module, "COMMAND")}
    assert commands.pop("window") is WINDOW
    assert commands == {command.name: command for command in COMMANDS}


@pytest.mark.parametrize("command", ALL, ids=by_name)
def test_what_run_reads_is_what_the_options_say(command):
    kind = get_type_hints(command.run, vars(sys.modules[command.run.__module__]))["arguments"]
    assert set(kind.__annotations__ if "__annotations__" in vars(kind) else ()) == dests(command)


@pytest.mark.parametrize("command", ALL, ids=by_name)
def test_help_fits_80_columns_and_says_what_each_option_does(command, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    text = parser_of(command).format_help()
    assert max(map(len, text.splitlines())) <= 80
    assert all(option.help for option in arguments.options_of(command.parser()))
    assert command.examples and all(
        example.line in text and example.does in text for example in command.examples
    )
    assert (
        command.summary[0].islower()
        and not command.summary.endswith(".")
        and command.description.endswith(".")
    )


@pytest.mark.parametrize("command", ALL, ids=by_name)
def test_each_example_is_a_command_line_of_that_command_or_another(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "clip.mp4").touch()
    for example in command.examples:
        _, *words = shlex.split(example.line)
        assert arguments.read(words).command in ALL
    if command.name:
        assert all(example.line.startswith(command.call) for example in command.examples)


def test_options_that_several_commands_have_mean_their_own_thing(capsys):
    assert arguments.read(["bench", "--live", "--record"]).options.record is True
    assert arguments.read(["--record"]).options.record is True
    assert vars(arguments.read(["analyze", "a.mp4"]).options).keys() == dests(COMMANDS[0])


def test_a_picture_of_the_window_may_be_asked_for_before_or_behind_replay():
    for words in (["--after", "2", "replay", "S"], ["replay", "S", "--after", "2"]):
        assert arguments.read(words).options.after == 2.0
    assert arguments.read(["--after", "2", "replay", "S", "--after", "3"]).options.after == 3.0


def test_choices_are_those_of_what_loads_slowly():
    assert tuple(WRITERS) == export.FORMATS
    assert tuple(kind.value for kind in VideoKind) == bench.VIDEO_KINDS


@pytest.mark.parametrize("words", ["--version", "--help", "analyze --help", "bench --help", "replay --help"])
def test_help_and_version_load_nothing_slow(words):
    program = (
        "import sys\n"
        "from app.__main__ import main\n"
        "try:\n    main(sys.argv[1:])\n"
        f"finally:\n    print([name for name in {SLOW!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program, *words.split()], capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout.splitlines()[-1] == "[]", done.stderr


def test_a_new_command_needs_its_file_and_its_row(monkeypatch, capsys):
    greet = Command(
        "greet", "say hello", "Says hello to NAME.", (Example("mien greet Ada", "says hello to Ada"),),
        add=lambda parser: parser.add_argument("name", help="whom"),
        run=lambda options: print(f"Hello {options.name}") or 0,
        check=lambda options: "" if options.name != "x" else "x is nobody",
    )  # fmt: skip
    monkeypatch.setattr(arguments, "COMMANDS", (*COMMANDS, greet))
    monkeypatch.setattr(reference, "COMMANDS", (*COMMANDS, greet))
    assert arguments.read(["greet", "Ada"]).run() == 0 and capsys.readouterr().out == "Hello Ada\n"
    assert re.search("greet +say hello", arguments.window_parser().format_help())
    assert "## mien greet" in reference.markdown()
    with pytest.raises(SystemExit, match="2"):
        arguments.read(["greet", "x"])
    assert capsys.readouterr().err.endswith("mien greet: error: x is nobody\n")


def test_the_reference_names_every_command_and_option_once_whatever_the_terminal(monkeypatch):
    text = reference.markdown()
    for command in ALL:
        part = text.split(f"\n## {command.call}\n")[1].split("\n## ")[0]
        for option in reference.listed(command.parser()):
            assert part.count(f"| `{reference.spelled(option)}` |") == 1
    assert "%(" not in text and "(default: sessions)" in text and "| `-h" not in text
    monkeypatch.setenv("COLUMNS", "40")
    assert reference.markdown() == text
