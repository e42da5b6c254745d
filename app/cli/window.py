"""`mien` without a command: the window on a camera or a file, or an analysis where there is no display."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from app import __version__
from app.cli import analyze, selftest
from app.cli.command import Command, Example
from app.cli.detector import add_detector
from app.cli.values import address, between, file_or_address, port, seconds
from app.sources.address import Address, Place
from app.stages.detectors import require_detector
from app.types import DEFAULT_MAX_FACES, MOST_FACES, PRECISION_CHOICES

if TYPE_CHECKING:
    from app.streams.streams import StreamOptions
    from app.system.settings import Settings


MOST_SCREENS = 16


class Arguments(argparse.Namespace):
    """What the options say."""

    selftest: bool
    full: bool
    camera: str | None
    video: Place | None
    record: bool
    stage: bool
    study: Path | None
    screen: int | None
    screenshot: Path | None
    after: float
    precision: str | None
    faces: int | None
    detector: str
    lsl: bool
    osc: tuple[str, int] | None
    udp_markers: int | None


def add(parser: argparse.ArgumentParser) -> None:
    """Adds the options."""
    parser.add_argument("--version", action="version", version=f"mien {__version__}")
    parser.add_argument("--selftest", action="store_true", help="the same as mien selftest")
    parser.add_argument(
        "--full", action="store_true", help="with --selftest: everything, for an administrator"
    )
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--camera", metavar="NAME", help="part of the camera's name, or its number from 0")
    source.add_argument(
        "--video", type=file_or_address, metavar="FILE",
        help="a video, a picture, the folder of a recorded session, or an rtsp:// or http:// address, to "
        "which Mien then connects, instead of the camera; FILE alone does the same",
    )  # fmt: skip
    parser.add_argument("--record", action="store_true", help="record as soon as the first picture is shown")
    parser.add_argument(
        "--study", type=Path, metavar="FOLDER",
        help="open the study in this folder, or its study.toml: recordings go into it, by participant",
    )  # fmt: skip
    parser.add_argument("--stage", action="store_true", help="begin with the stage view, for an audience")
    parser.add_argument(
        "--screen", type=between(1, MOST_SCREENS), metavar="N",
        help="open on this screen, counted from 1 (default: as the system says)",
    )  # fmt: skip
    parser.add_argument(
        "--precision", choices=PRECISION_CHOICES,
        help="how the affect network computes; auto: 8-bit, and as much work for each frame as there is time "
        "for; the others leave nothing out (default: as the last time)",
    )  # fmt: skip
    parser.add_argument(
        "--faces", type=between(1, MOST_FACES), metavar="N",
        help=f"how many faces of a frame are measured at most, 1 to {MOST_FACES} (default: as the last time)",
    )  # fmt: skip
    add_detector(parser)
    add_screenshot(parser)
    add_streams(parser)


def add_screenshot(parser: argparse.ArgumentParser) -> None:
    """Adds the options for a picture of the window."""
    parser.add_argument(
        "--screenshot", type=Path, metavar="FILE", help="save a picture of the window in FILE, then close it"
    )
    parser.add_argument(
        "--after", type=seconds, default=5.0, metavar="S",
        help="seconds until that picture is taken (default: %(default)g)",
    )  # fmt: skip


def add_streams(parser: argparse.ArgumentParser) -> None:
    """Adds the options for what leaves the window and what comes in; all of it is off by default."""
    group = parser.add_argument_group("streams of the window")
    group.add_argument(
        "--lsl", action="store_true",
        help="send Mien-Affect and Mien-Markers over Lab Streaming Layer, and receive the markers of others; "
        "anybody in the local network can read these and set markers",
    )  # fmt: skip
    group.add_argument(
        "--osc", type=address, metavar="[HOST:]PORT",
        help="send OSC messages there (HOST by default: this computer)",
    )  # fmt: skip
    group.add_argument(
        "--udp-markers", type=port, metavar="PORT",
        help="set a marker for each line that arrives at this port of this computer; "
        "any program on it can send one",
    )  # fmt: skip


def wanted(arguments: Arguments) -> StreamOptions:
    """What the options of `add_streams` say."""
    from app.streams.streams import Address, StreamOptions

    osc = Address(arguments.osc[1], arguments.osc[0]) if arguments.osc else None
    return StreamOptions(arguments.lsl, osc, arguments.udp_markers)


def run(arguments: Arguments) -> int:
    """Opens the window until it is closed. Raises UserError where it cannot be opened.

    A file or a session that cannot be played is said in the window, since a file manager shows nobody what is
    printed. Without a display it analyses the file instead, by default the sample clip.
    """
    if arguments.selftest:
        return selftest.run(selftest.Arguments(full=arguments.full))
    from app.playing.first_source import FirstSource, choose, has_display
    from app.sources.source import SourceError
    from app.sources.video import VideoFile
    from app.system.errors import UserError

    require_detector(arguments.detector)
    at = arguments.video if isinstance(arguments.video, Address) else None
    if at is not None and has_display():
        print(at.sentence, file=sys.stderr)
    if not has_display():
        if option := _needs_window(arguments):
            raise UserError(f"{option} needs the window, and there is no display: use mien analyze FILE.")
        if at is not None:
            raise UserError("There is no display: use mien analyze ADDRESS --seconds S.")
        if isinstance(arguments.video, Path) and arguments.video.is_dir():
            raise UserError("A replay needs the window, and there is no display: use mien report SESSION.")
        return _analyze_instead(arguments.video, arguments.faces or DEFAULT_MAX_FACES, arguments.detector)
    if arguments.study is not None:  # what was typed is answered where it was typed
        from app.study.folder import StudyFolder

        StudyFolder(arguments.study).read()
    chosen, notice = load_settings()
    chosen = replace(
        chosen,
        precision=arguments.precision or chosen.precision,
        max_faces=arguments.faces or chosen.max_faces,
    )
    session = _session(arguments.video)
    if session is not None:
        first = FirstSource(None, "")
    else:
        try:
            first = choose(arguments.camera, arguments.video, chosen)
        except SourceError as error:
            if not isinstance(arguments.video, Path) or arguments.screenshot is not None:
                raise
            print(error, file=sys.stderr)
            first = FirstSource(VideoFile(arguments.video), "")  # the window tries it again, and says it
    open_window = load_window()
    return open_window(
        first.source, first.notice or notice, chosen, arguments.screenshot, arguments.after,
        record=arguments.record, wanted=wanted(arguments), session=session, detector=arguments.detector,
        study=arguments.study, stage=arguments.stage, screen=arguments.screen,
    )  # fmt: skip


def _session(opened: Place | None) -> Path | None:
    """The folder of the session where `opened` is one, or its `session.json`; else None."""
    from app.sessions.schema.files import INFO_FILE

    if not isinstance(opened, Path) or not (opened.is_dir() or opened.name == INFO_FILE):
        return None
    return opened if opened.is_dir() else opened.parent


def load_settings() -> tuple[Settings, str]:
    """What the user chose in the window, and "" or a sentence for it that has been printed, too.

    Few see what is printed, so that the window says it where it has nothing else to say.
    """
    from app.system import settings

    chosen, notice = settings.load()
    if notice:
        print(notice, file=sys.stderr)
    return chosen, notice


def load_window() -> Callable[..., int]:
    """The function that opens the window, `app.ui.run.run`. Raises UserError where Qt cannot be loaded."""
    from app.system.errors import UserError

    try:
        from app.ui.run import run as open_window
    except ImportError as error:  # Qt lacks a library of the system
        raise UserError(
            f"The window cannot be opened ({error}): install the system's package that holds this library."
        ) from error
    return open_window


def _needs_window(arguments: Arguments) -> str:
    """The first option given that only the window can do, as it is spelled; "" for none."""
    given = {
        "--camera": arguments.camera, "--screenshot": arguments.screenshot, "--record": arguments.record,
        "--stage": arguments.stage, "--screen": arguments.screen,
        "--study": arguments.study, "--precision": arguments.precision,
        "--lsl": arguments.lsl, "--osc": arguments.osc, "--udp-markers": arguments.udp_markers,
    }  # fmt: skip
    return next((option for option, value in given.items() if value), "")


def check(arguments: Arguments) -> str:
    """One sentence about options that do not go together, or ""."""
    if arguments.selftest and (arguments.video or arguments.camera):
        return "--selftest tests what came with the program: leave out the file or camera"
    if arguments.full and not arguments.selftest:
        return "--full says how much --selftest tests: put --selftest before it"
    return ""


def _analyze_instead(video: Place | None, max_faces: int, detector: str) -> int:
    from app.analysis.options import AnalysisOptions
    from app.runs.run import Plan
    from app.runs.task import Task
    from app.system import paths

    file = video or paths.sample_clip()
    print(
        f"There is no display, so {file.name} is analysed without a window; see mien --help.", file=sys.stderr
    )
    options = AnalysisOptions(Path("sessions"), paths.models(), max_faces, detector=detector)
    return analyze.analyze_files(Plan([Task(file)], options))


COMMAND = Command(
    "",
    "open the window",
    "Reads faces live: eye centres, expression, valence and arousal, on your own computer. Without a command "
    "it opens the window on FILE, or on a camera, or on the sample clip where there is no camera.",
    (
        Example("mien", "the window on the camera"),
        Example("mien clip.mp4", "the window on a video or a picture"),
        Example("mien --camera logitech --record", "records as soon as a picture is shown"),
        Example("mien analyze a.mp4 b.mp4 -o out", "a folder with rows for each file"),
        Example("mien replay sessions/S1", "plays a recorded session"),
    ),
    add,
    run,
    check,
    usage="mien [OPTION ...] [FILE]\n       mien COMMAND ...",
)
