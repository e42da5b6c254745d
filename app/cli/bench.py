"""`mien bench`: what a frame costs, stage by stage, in the whole window, or over a long recording."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path

from app.cli.command import Command, Example
from app.cli.detector import add_detector
from app.cli.values import at_least, minutes, size
from app.stages.detectors import require_detector
from app.stages.precision import CARDS
from app.types import AUTOMATIC, DEFAULT_MAX_FACES, DEFAULT_PRECISION, EXPRESSIONS, Result

VIDEO_KINDS = ("clean", "overlay", "blurred")  # of app.sessions.video_recorder.VideoKind, which loads slowly
FRAMES = 300  # that are timed, where --frames is not given


class Arguments(argparse.Namespace):
    """What the options say."""

    file: Path | None
    frames: int | None
    size: tuple[int, int] | None
    copies: int
    precision: str | None
    detector: str
    wear: str | None
    live: bool
    minutes: float | None
    record: bool
    soak: float | None
    record_video: str | None
    files: int | None


def add(parser: argparse.ArgumentParser) -> None:
    """Adds the options."""
    parser.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="a video (default: the sample clip)"
    )
    parser.add_argument(
        "--frames", type=at_least(1), metavar="N",
        help=f"how many frames are timed (default: {FRAMES})",
    )  # fmt: skip
    parser.add_argument(
        "--size", type=size, metavar="WxH",
        help="scale each frame to fit this size: 1280x720, or 720p or 1080p (default: that of the video)",
    )  # fmt: skip
    parser.add_argument(
        "--copies", type=at_least(1), default=1, metavar="N",
        help="show the picture N times in each frame, which makes N times the faces (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--precision", choices=tuple(CARDS),
        help=f"how the affect network computes (default: {DEFAULT_PRECISION}; with --live: {AUTOMATIC})",
    )  # fmt: skip
    parser.add_argument(
        "--wear", choices=EXPRESSIONS, metavar="WORD",
        help="also let each face wear this expression, as Shift+W does on the stage",
    )  # fmt: skip
    add_detector(parser)
    live = parser.add_argument_group("the whole window")
    live.add_argument(
        "--live", action="store_true", help="play the video at its own rate in the real window, and time that"
    )
    live.add_argument("--minutes", type=minutes, metavar="M", help="with --live: how long (default: 1)")
    live.add_argument("--record", action="store_true", help="with --live: also record a session")
    soak = parser.add_argument_group("a long recording")
    soak.add_argument(
        "--soak", type=minutes, metavar="MINUTES",
        help="record the video in a loop for so long, and see whether memory stays flat",
    )  # fmt: skip
    soak.add_argument("--record-video", choices=VIDEO_KINDS, help="with --soak: also record the picture")
    many = parser.add_argument_group("many files")
    many.add_argument(
        "--files", type=at_least(2), metavar="N",
        help="measure N short copies of the video, with one worker and with two: files a minute",
    )  # fmt: skip


def check(arguments: Arguments) -> str:
    """One sentence about options that do not go together, or ""."""
    if arguments.files and (arguments.live or arguments.soak or arguments.size or arguments.copies > 1):
        return "--files measures whole files: leave out --live, --soak, --size and --copies"
    if arguments.files and (arguments.wear or arguments.frames):
        return "--files measures as mien analyze does: leave out --wear and --frames"
    if arguments.live and arguments.soak:
        return "--live and --soak are two measurements: ask for one of them"
    for option, given, needed, there in (
        ("--record", arguments.record, "--live", arguments.live),
        ("--minutes", arguments.minutes, "--live", arguments.live),
        ("--record-video", arguments.record_video, "--soak", arguments.soak),
    ):
        if given and not there:
            return f"{option} goes with {needed}"
    if arguments.wear and (arguments.live or arguments.soak):
        return "--wear goes with neither --live nor --soak"
    if arguments.soak and (arguments.size or arguments.copies > 1):
        return "--soak plays the video as it is: leave out --size and --copies"
    return ""


def run(arguments: Arguments) -> int:
    """Measures, and prints a table."""
    require_detector(arguments.detector)
    if arguments.files:
        from app.runs.throughput import throughput
        from app.system import paths

        words = ["--detector", arguments.detector]
        words += ["--precision", arguments.precision] if arguments.precision else []
        print(throughput(arguments.file or paths.sample_clip(), arguments.files, words))
    elif arguments.live:
        print(_live(arguments))
    elif arguments.soak:
        print(_soak(arguments, arguments.soak))
    else:
        print(_stages(arguments))
    return 0


def _stages(arguments: Arguments) -> str:
    from app.analysis.stage_times import stage_times
    from app.stages.pipeline import Pipeline
    from app.system import paths

    faces = max(DEFAULT_MAX_FACES, arguments.copies)
    pipeline = Pipeline.load(paths.models(), faces, affect=(_card(arguments),), detector=arguments.detector)
    file = arguments.file or paths.sample_clip()
    return stage_times(
        file, pipeline, frames=arguments.frames or FRAMES, size=arguments.size, copies=arguments.copies,
        also=_worn(arguments.wear) if arguments.wear else {},
    )  # fmt: skip


def _worn(expression: str) -> dict[str, Callable[[Result], object]]:
    from app.stages.made_up import worn
    from app.stages.synthesis import MISSING, Synthesizer
    from app.system import paths
    from app.system.errors import UserError

    synthesizer = Synthesizer.load(paths.models())
    if synthesizer is None:
        raise UserError(MISSING)
    return {"made faces": lambda result: worn(synthesizer, result, expression)}


def _soak(arguments: Arguments, minutes: float) -> str:
    from app.analysis.long_recording import record_long
    from app.sessions.video_recorder import VideoKind
    from app.stages.pipeline import Pipeline
    from app.system import paths

    pipeline = Pipeline.load(
        paths.models(), DEFAULT_MAX_FACES, affect=(_card(arguments),), detector=arguments.detector
    )
    kind = VideoKind(arguments.record_video) if arguments.record_video else None
    return record_long(arguments.file or paths.sample_clip(), pipeline, minutes, kind).text()


def _live(arguments: Arguments) -> str:
    from app.playing.first_source import has_display
    from app.system import paths

    if not has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from app.ui.tools.bench import bench_live

    return bench_live(
        arguments.file or paths.sample_clip(), arguments.minutes or 1.0, copies=arguments.copies,
        size=arguments.size, record=arguments.record, precision=arguments.precision or AUTOMATIC,
        detector=arguments.detector,
    )  # fmt: skip


def _card(arguments: Arguments) -> str:
    return CARDS[arguments.precision or DEFAULT_PRECISION]


COMMAND = Command(
    "bench",
    "measure how long each stage takes",
    "Prints how many milliseconds each stage takes for a frame; with --live what the whole window costs, "
    "with --soak whether memory stays flat in a long recording.",
    (
        Example("mien bench --size 720p --copies 4", "the stages on four faces"),
        Example("mien bench --wear happy", "also what made up faces cost"),
        Example("mien bench --live --minutes 5", "the window on the sample clip"),
        Example("mien bench --files 20", "files a minute, with one worker and two"),
        Example("mien bench --soak 10 --record-video clean", "ten minutes of recording"),
    ),
    add,
    run,
    check,
)
