"""The command line: `mien`, `mien analyze`, `mien bench`, and what `app.commands` adds."""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from logging.handlers import RotatingFileHandler
from pathlib import Path

from app import __version__, paths, settings
from app.commands import add_commands, add_streams, wanted
from app.errors import UserError
from app.precision import AUTOMATIC, CARDS, CHOICES, STANDARD
from app.settings import Settings

OK, FAILED, CANNOT_START, STOPPED = 0, 1, 2, 130

EXAMPLES = """examples:
  mien                              open the window on the camera, or on the sample clip without one
  mien --video clip.mp4             open the window on a video
  mien analyze a.mp4 b.mp4 -o out   write a folder with faces.csv and session.json for each
  mien analyze --explain a.mp4      the same, with pictures of what speaks for each expression
  mien bench --size 720p --copies 4 time the stages on four faces
  mien bench --live --minutes 5     play the clip through the real window, and time that
  mien replay sessions/SESSION      play a recorded session in the window
  mien verify sessions/SESSION      check that a session is what was recorded
  mien report sessions/SESSION      make one page of a recorded session
  mien export sessions/SESSION --format parquet
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a command; the exit code: 0 well, 1 a file failed, 2 cannot start or wrong usage, 130 Ctrl-C."""
    multiprocessing.freeze_support()  # in the packaged program, the processes of --jobs begin here
    parser = _parser()
    arguments = parser.parse_args(argv)
    streams = arguments.lsl or arguments.osc or arguments.udp_markers
    window = arguments.camera is not None or arguments.video or streams or arguments.effort
    if arguments.command and window:
        parser.error(
            f"--camera, --video, streams and --precision before {arguments.command} belong to the window"
        )
    _start_log()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: what was recorded is closed
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        return STOPPED
    except BrokenPipeError:  # the reader of our output went away, as `mien bench | head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except UserError as error:
        print(error, file=sys.stderr)
        return CANNOT_START
    except Exception as error:  # the last resort: the user gets a sentence, the log gets the rest
        logging.getLogger(__name__).exception("mien failed")
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
        print(f"Mien failed ({reason}); please report it with {paths.log_file()}.", file=sys.stderr)
        return CANNOT_START


def _run(arguments: argparse.Namespace) -> int:
    """Here and below, what takes long to load is imported where it is needed: --help answers at once."""
    chosen, notice = settings.load()
    if notice:
        print(notice, file=sys.stderr)
    if arguments.run is not None:
        return int(arguments.run(arguments))
    if arguments.command == "analyze":
        return _analyze(
            arguments.files, arguments.out, arguments.faces, arguments.jobs, arguments.resume,
            CARDS[arguments.precision], arguments.explain,
        )  # fmt: skip
    if arguments.command == "bench":
        return _bench(arguments)
    if arguments.selftest:
        return _selftest()
    from app import start

    if start.has_display():
        return _window(arguments, chosen)
    if arguments.command == "replay":
        print("A replay needs the window, and there is no display: use mien report SESSION.", file=sys.stderr)
        return CANNOT_START
    if arguments.camera is not None:
        print("A camera needs the window, and there is no display: use mien analyze FILE.", file=sys.stderr)
        return CANNOT_START
    file = arguments.video or paths.sample_clip()
    print(f"There is no display, so {file.name} is analysed here; see mien --help.", file=sys.stderr)
    return _analyze([file], Path("sessions"), Settings().max_faces)


def _window(arguments: argparse.Namespace, chosen: Settings) -> int:
    from app import start

    chosen = replace(chosen, effort=arguments.effort or chosen.effort)
    session = arguments.session if arguments.command == "replay" else None
    if session is None:
        opening = start.choose(arguments.camera, arguments.video, chosen)
    else:
        opening = start.Opening(None, "")
    try:
        from app.ui import run
    except ImportError as error:  # Qt lacks a library of the system
        raise UserError(f"The window cannot be opened ({error}): install what the README names.") from error
    return run(
        opening.source, opening.notice, chosen, arguments.screenshot, arguments.after,
        record=arguments.record, wanted=wanted(arguments), session=session,
    )  # fmt: skip


def _analyze(
    files: list[Path],
    out: Path,
    max_faces: int,
    jobs: int = 1,
    resume: bool = False,
    affect: str = "affect",
    explained: bool = False,
) -> int:
    """What was chosen in the window plays no part here: the same command gives the same rows everywhere."""
    from app.analyze import Loader, analyze
    from app.jobs import analyze_at_once, close_unfinished, not_done

    close_unfinished(out)
    if resume:
        files = not_done(files, out, paths.models(), max_faces, affect, explained=explained)
    load = Loader(paths.models(), max_faces, affect)
    if jobs == 1:
        return analyze(files, out, load, max_faces, explained=explained)
    return analyze_at_once(files, out, load, max_faces, jobs, explained=explained)


def _bench(arguments: argparse.Namespace) -> int:
    if arguments.live:
        return _bench_live(arguments)
    from app.bench import bench
    from app.pipeline import Pipeline

    affect = CARDS[arguments.precision or STANDARD]
    pipeline = Pipeline.load(paths.models(), max(4, arguments.copies), affect=(affect,))
    if arguments.soak:
        from app.sessions.videorecord import Kind
        from app.soak import soak

        kind = Kind(arguments.record_video) if arguments.record_video else None
        print(soak(arguments.file or paths.sample_clip(), pipeline, arguments.soak, kind))
        return OK
    print(
        bench(
            arguments.file or paths.sample_clip(), pipeline,
            frames=arguments.frames, size=arguments.size, copies=arguments.copies,
        )
    )  # fmt: skip
    return OK


def _bench_live(arguments: argparse.Namespace) -> int:
    from app import start

    if not start.has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from app.ui.bench import bench_live

    file = arguments.file or paths.sample_clip()
    said = bench_live(
        file, arguments.minutes, copies=arguments.copies, size=arguments.size, record=arguments.record,
        effort=arguments.precision or AUTOMATIC,
    )  # fmt: skip
    print(said)
    return OK


def _selftest() -> int:
    from app.selftest import selftest

    for check in selftest(paths.models(), paths.sample_clip()):
        print(f"{check.name:<14} {check.ms:8.2f} ms   {check.note}")
    print("Everything works.")
    return OK


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "mien",
        description="Reads faces live: eye centres, expression, valence and arousal, on your own machine.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"mien {__version__}")
    parser.add_argument("--selftest", action="store_true", help="check what came with the program, and exit")
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--camera", metavar="NAME", help="part of the camera's name, or its number from 0")
    source.add_argument(
        "--video", type=Path, metavar="FILE", help="a video or a picture instead of the camera"
    )
    parser.add_argument("--record", action="store_true", help="record from the first picture on")
    parser.add_argument(
        "--screenshot", type=Path, metavar="FILE", help="save a picture of the window there, then close it"
    )
    parser.add_argument(
        "--after", type=float, default=5.0, metavar="S", help="seconds until the screenshot (default: 5)"
    )
    parser.add_argument(
        "--precision", choices=CHOICES, dest="effort",
        help="of the affect network; auto: as the machine can bear (default: as the last time)",
    )  # fmt: skip
    add_streams(parser)
    parser.set_defaults(run=None)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    analyze = commands.add_parser("analyze", help="analyse videos without a window")
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
        "--precision", choices=CARDS, default=STANDARD,
        help="of the affect network (default: float32; int8 takes half the time, see its card in models/)",
    )  # fmt: skip
    analyze.add_argument(
        "--explain", action="store_true",
        help="also draw, for each person's strongest moment, which places of the face speak for the "
        "expression and for the runner-up (DIR/FILE/explain)",
    )  # fmt: skip
    bench = commands.add_parser("bench", help="time the stages of the pipeline")
    bench.add_argument("file", nargs="?", type=Path, metavar="FILE", help="default: the sample clip")
    bench.add_argument("--frames", type=_at_least(1), default=300, metavar="N", help="default: 300")
    bench.add_argument("--size", type=_size, metavar="WxH", help="fit each frame into it; or 720p, 1080p")
    bench.add_argument(
        "--copies", type=_at_least(1), default=1, metavar="N", help="times the picture side by side"
    )
    bench.add_argument(
        "--soak", type=float, metavar="MINUTES", help="record the clip in a loop, and watch the memory"
    )
    bench.add_argument(
        "--live", action="store_true", help="play the clip at its own rate through the real window"
    )
    bench.add_argument(
        "--minutes", type=float, default=1.0, metavar="M", help="with --live: how long (default: 1)"
    )
    bench.add_argument(
        "--precision", choices=CARDS, help="of the affect network (default: float32; with --live automatic)"
    )
    bench.add_argument("--record", action="store_true", help="with --live: record the numbers meanwhile")
    bench.add_argument(
        "--record-video", choices=("clean", "overlay", "blurred"), help="with --soak: record the picture, too"
    )
    replay = commands.add_parser("replay", help="play a recorded session in the window")
    replay.add_argument("session", type=Path, metavar="SESSION", help="session folder")
    add_commands(commands)
    return parser


def _at_least(least: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        value = int(text)
        if value < least:
            raise argparse.ArgumentTypeError(f"{value} is less than {least}")
        return value

    return number


def _size(text: str) -> tuple[int, int]:
    known = {"720p": (1280, 720), "1080p": (1920, 1080)}
    if text in known:
        return known[text]
    width, _, height = text.partition("x")
    if not (width.isdigit() and height.isdigit() and int(width) >= 16 and int(height) >= 16):
        raise argparse.ArgumentTypeError(f"{text!r} is no size such as 1280x720 or 720p")
    return int(width), int(height)


def _start_log() -> None:
    """What goes wrong is kept in the user's own folder; where that cannot be written, it is lost."""
    try:
        paths.log_file().parent.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = RotatingFileHandler(
            paths.log_file(), maxBytes=1_000_000, backupCount=1, encoding="utf-8", delay=True
        )
    except OSError:
        handler = logging.NullHandler()
    logging.raiseExceptions = False  # a log that cannot be written is no reason for a traceback
    logging.basicConfig(
        level=logging.WARNING, handlers=[handler], format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )


if __name__ == "__main__":
    sys.exit(main())
