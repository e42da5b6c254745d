"""How the command line is read: every option of `mien`, and which of them do not go together."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path

from app import __version__
from app.cli.commands import add_commands, add_streams
from app.stages.precision import CARDS
from app.types import DEFAULT_PRECISION, PRECISION_CHOICES

EXAMPLES = """examples:
  mien                              open the window on the camera, or on the sample clip without one
  mien clip.mp4                     open the window on a video or a picture, as --video does
  mien analyze a.mp4 b.mp4 -o out   write a folder with faces.csv and session.json for each
  mien analyze --explain a.mp4      the same, with pictures of what speaks for each expression
  mien bench --size 720p --copies 4 time the stages on four faces
  mien bench --live --minutes 5     play the clip through the real window, and time that
  mien replay sessions/SESSION      play a recorded session in the window
  mien verify sessions/SESSION      check that a session is what was recorded
  mien report sessions/SESSION      make one page of a recorded session
  mien export sessions/SESSION --format parquet
"""

# Options of `mien` itself, by where their values are kept; a command that opens a window knows the last two.
OWN = {
    "--camera": "camera", "--video": "video", "--record": "record", "--precision": "window_precision",
    "--lsl": "lsl", "--osc": "osc", "--udp-markers": "udp_markers", "--selftest": "selftest",
    "--screenshot": "screenshot", "--after": "after",
}  # fmt: skip
# Those that a value follows; any of them may be shortened.
VALUED = ("--camera", "--video", "--precision", "--osc", "--udp-markers", "--screenshot", "--after")
# Options of `mien bench`, and what each of them needs.
BENCH = {"--record": "live", "--minutes": "live", "--record-video": "soak"}


def read(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """What was asked for; what has no effect ends the program with a sentence: nobody shall rely on it."""
    whole, commands = _parser()
    given = whole.parse_args(_with_video(whole, commands, list(sys.argv[1:] if argv is None else argv)))
    command = given.command
    for option, name in OWN.items() if command else ():
        shown = command == "replay" and name in ("screenshot", "after")
        if getattr(given, name) != whole.get_default(name) and not shown:
            whole.error(
                f"{option} before {command} has no effect: leave it out, or put it behind {command} where "
                "that has one of its own"
            )
    if command == "bench":
        _check_bench(whole, given)
    return given


def _with_video(whole: argparse.ArgumentParser, commands: Iterable[str], words: list[str]) -> list[str]:
    """A file in the place of a command is what `--video` names: `mien clip.mp4` plays it."""
    named = _named(words)
    if named is None or words[named] in commands:
        return words
    word, rest = words[named], words[named + 1 :]
    if Path(word).is_dir():
        whole.error(f"{word} is a folder: `mien replay {word}` plays a recorded session")
    if not Path(word).exists():
        meant = get_close_matches(word, commands, 1)
        whole.error(
            f"{word} is neither a file nor a command: "
            + (f"did you mean `mien {meant[0]}`?" if meant else "check its name, or see mien --help")
        )
    if (other := _named(rest)) is not None and rest[other] not in commands:
        whole.error(f"the window plays one file, so {rest[other]} is too many: mien analyze takes several")
    return [*words[:named], "--video", word, *rest]


def _named(words: list[str]) -> int | None:
    """Where the first of `words` stands that is no option of `mien` and no value of one."""
    is_value = False
    for place, word in enumerate(words):
        if not is_value and not word.startswith("-"):
            return place
        is_value = not is_value and any(option.startswith(word) for option in VALUED)
    return None


def _check_bench(whole: argparse.ArgumentParser, given: argparse.Namespace) -> None:
    if given.live and given.soak:
        whole.error("--live and --soak are two measurements: ask for one of them")
    for option, needed in BENCH.items():
        if getattr(given, f"bench_{option[2:].replace('-', '_')}") and not getattr(given, needed):
            whole.error(f"{option} goes with --{needed}")
    if given.soak and (given.size or given.copies > 1):
        whole.error("--soak plays the clip as it is: leave out --size and --copies")


def _parser() -> tuple[argparse.ArgumentParser, Iterable[str]]:
    """The parser, and the names of the commands."""
    whole = argparse.ArgumentParser(
        "mien",
        description="Reads faces live: eye centres, expression, valence and arousal, on your own machine.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    whole.add_argument("--version", action="version", version=f"mien {__version__}")
    whole.add_argument("--selftest", action="store_true", help="check what came with the program, and exit")
    source = whole.add_mutually_exclusive_group()
    source.add_argument("--camera", metavar="NAME", help="part of the camera's name, or its number from 0")
    source.add_argument(
        "--video", type=Path, metavar="FILE",
        help="a video or a picture instead of the camera; its name alone does the same",
    )  # fmt: skip
    whole.add_argument("--record", action="store_true", help="record from the first picture on")
    whole.add_argument(
        "--screenshot", type=Path, metavar="FILE", help="save a picture of the window there, then close it"
    )
    whole.add_argument(
        "--after", type=_seconds, default=5.0, metavar="S", help="seconds until the screenshot (default: 5)"
    )
    whole.add_argument(
        "--precision", choices=PRECISION_CHOICES, dest="window_precision",
        help="of the affect network; auto: as the machine can bear (default: as the last time)",
    )  # fmt: skip
    add_streams(whole)
    whole.set_defaults(run=None)
    commands = whole.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    analyze = commands.add_parser(
        "analyze", help="analyse videos without a window",
        description="Writes a session folder for each file: faces.csv with a row for each face of each "
        "frame, events.csv, and session.json, which says what every column means. The same file gives the "
        "same bytes. Exit code 1 when a file failed or shows no face; the others are analysed all the same.",
    )  # fmt: skip
    analyze.add_argument("files", nargs="+", type=Path, metavar="FILE", help="videos or pictures")
    analyze.add_argument(
        "-o", "--out", type=Path, default=Path("sessions"), metavar="DIR",
        help="where each file gets a folder of its own (default: sessions)",
    )  # fmt: skip
    analyze.add_argument(
        "--faces", type=_at_least(1), default=4, metavar="N", help="how many at once, at most (default: 4)"
    )
    analyze.add_argument(
        "--jobs", type=_at_least(1), default=1, metavar="N", help="files analysed at once (default: 1)"
    )
    analyze.add_argument(
        "--resume", action="store_true", help="leave out files that are analysed in DIR already"
    )
    analyze.add_argument(
        "--precision", choices=CARDS, default=DEFAULT_PRECISION,
        help="of the affect network (default: int8; float32: three times its time, see the cards in models/)",
    )  # fmt: skip
    analyze.add_argument(
        "--explain", action="store_true",
        help="also draw, for each person's strongest moment, which places of the face speak for the "
        "expression and for the runner-up (DIR/FILE/explain)",
    )  # fmt: skip
    bench = commands.add_parser(
        "bench", help="time the stages of the pipeline",
        description="Prints what a frame costs, stage by stage; with --live what the whole window costs, "
        "with --soak whether memory stays flat while it records.",
    )  # fmt: skip
    bench.add_argument("file", nargs="?", type=Path, metavar="FILE", help="default: the sample clip")
    bench.add_argument("--frames", type=_at_least(1), default=300, metavar="N", help="default: 300")
    bench.add_argument("--size", type=_size, metavar="WxH", help="fit each frame into it; or 720p, 1080p")
    bench.add_argument(
        "--copies", type=_at_least(1), default=1, metavar="N", help="times the picture side by side"
    )
    bench.add_argument(
        "--soak", type=_minutes, metavar="MINUTES", help="record the clip in a loop, and watch the memory"
    )
    bench.add_argument(
        "--live", action="store_true", help="play the clip at its own rate through the real window"
    )
    bench.add_argument(
        "--minutes",
        type=_minutes,
        dest="bench_minutes",
        metavar="M",
        help="with --live: how long (default: 1)",
    )
    bench.add_argument(
        "--precision", choices=CARDS, help="of the affect network (default: int8; with --live automatic)"
    )
    bench.add_argument(
        "--record", action="store_true", dest="bench_record", help="with --live: record the numbers meanwhile"
    )
    bench.add_argument(
        "--record-video", choices=("clean", "overlay", "blurred"), dest="bench_record_video",
        help="with --soak: record the picture, too",
    )  # fmt: skip
    replay = commands.add_parser(
        "replay", help="play a recorded session in the window",
        description="Opens the window on a recorded session, with its picture where one was kept: play, "
        "pause, step, seek, any speed. Markers that are added then are kept apart, in events-added.csv.",
    )  # fmt: skip
    replay.add_argument("session", type=Path, metavar="SESSION", help="session folder")
    add_commands(commands)
    return whole, commands.choices


def _at_least(least: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not text.isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(f"{text!r} is no whole number from {least} on")
        return int(text)

    return number


def _seconds(text: str) -> float:
    """0 or more."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= 1e6:
        raise argparse.ArgumentTypeError(f"{text!r} is no length of time such as 2 or 0.5")
    return value


def _minutes(text: str) -> float:
    """More than 0."""
    if not (value := _seconds(text)):
        raise argparse.ArgumentTypeError("0 is too short to measure anything")
    return value


def _size(text: str) -> tuple[int, int]:
    known = {"720p": (1280, 720), "1080p": (1920, 1080)}
    if text in known:
        return known[text]
    width, _, height = text.partition("x")
    if not (width.isdigit() and height.isdigit() and int(width) >= 16 and int(height) >= 16):
        raise argparse.ArgumentTypeError(f"{text!r} is no size such as 1280x720 or 720p")
    return int(width), int(height)
