"""The command line: `mien`, `mien analyze`, `mien bench`, and what `app.cli.commands` adds."""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from logging.handlers import RotatingFileHandler
from pathlib import Path

from app.cli.arguments import read
from app.cli.commands import wanted
from app.stages.precision import CARDS
from app.system import paths, settings
from app.system.errors import UserError
from app.system.settings import Settings
from app.types import AUTOMATIC, DEFAULT_PRECISION

OK, FAILED, CANNOT_START, STOPPED = 0, 1, 2, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a command; the exit code: 0 well, 1 a file failed, 2 cannot start or wrong usage, 130 Ctrl-C."""
    multiprocessing.freeze_support()  # in the packaged program, the processes of --jobs begin here
    arguments = read(argv)
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
    from app.playing import opening

    if opening.has_display():
        return _window(arguments, chosen, notice)
    if arguments.command == "replay":
        print("A replay needs the window, and there is no display: use mien report SESSION.", file=sys.stderr)
        return CANNOT_START
    if arguments.camera is not None:
        print("A camera needs the window, and there is no display: use mien analyze FILE.", file=sys.stderr)
        return CANNOT_START
    file = arguments.video or paths.sample_clip()
    print(f"There is no display, so {file.name} is analysed here; see mien --help.", file=sys.stderr)
    return _analyze([file], Path("sessions"), Settings().max_faces)


def _window(arguments: argparse.Namespace, chosen: Settings, notice: str) -> int:
    """`notice` is said in the window, too, where nothing else is: few see what is written to stderr."""
    from app.playing.opening import Opening, choose
    from app.sessions.reading import RecordedSession

    chosen = replace(chosen, precision=arguments.window_precision or chosen.precision)
    session = arguments.session if arguments.command == "replay" else None
    if session is None:
        opening = choose(arguments.camera, arguments.video, chosen)
    else:
        RecordedSession(session)  # what cannot be opened at all is said where it was asked for
        opening = Opening(None, "")
    try:
        from app.ui.run import run
    except ImportError as error:  # Qt lacks a library of the system
        raise UserError(f"The window cannot be opened ({error}): install what the README names.") from error
    return run(
        opening.source, opening.notice or notice, chosen, arguments.screenshot, arguments.after,
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
    from app.analysis.analyze import Loader, analyze
    from app.analysis.jobs import analyze_at_once, close_unfinished, not_done

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
    from app.analysis.bench import bench
    from app.stages.pipeline import Pipeline

    affect = CARDS[arguments.precision or DEFAULT_PRECISION]
    pipeline = Pipeline.load(paths.models(), max(4, arguments.copies), affect=(affect,))
    if arguments.soak:
        from app.analysis.soak import soak
        from app.sessions.video_recorder import VideoKind

        kind = VideoKind(arguments.bench_record_video) if arguments.bench_record_video else None
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
    from app.playing import opening

    if not opening.has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from app.ui.tools.bench import bench_live

    file = arguments.file or paths.sample_clip()
    said = bench_live(
        file, arguments.bench_minutes or 1.0, copies=arguments.copies, size=arguments.size,
        record=arguments.bench_record,
        precision=arguments.precision or AUTOMATIC,
    )  # fmt: skip
    print(said)
    return OK


def _selftest() -> int:
    from app.analysis.selftest import selftest

    for check in selftest(paths.models(), paths.sample_clip()):
        print(f"{check.name:<14} {check.ms:8.2f} ms   {check.note}")
    print("Everything works.")
    return OK


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
