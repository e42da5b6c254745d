"""Starts Mien: log and signals, the command, and an exit code for whatever goes wrong."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence

from app.system.interruption import SIGNALS, STOPPED, Interruption
from app.system.streams import prepare_streams

FAILED, CANNOT_START = 1, 2


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a command line, by default that of the program; gives the exit code.

    0: all went well. 1: part of the work failed. 2: it cannot start, or is used wrongly. 130: Ctrl-C.
    """
    if argv is None:
        read_names_as_utf8()
    Interruption().install()  # nothing is open yet: a signal ends it at once, also while modules are loaded
    prepare_streams()
    import multiprocessing

    multiprocessing.freeze_support()  # in the packaged program, the processes of --jobs begin here
    from app.cli.arguments import read
    from app.system import paths
    from app.system.errors import UserError

    call = read(argv)
    start_log()
    for number in SIGNALS:  # all as Ctrl-C: what was recorded is closed
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)
    try:
        return call.run()
    except KeyboardInterrupt:
        return STOPPED
    except BrokenPipeError:  # the reader of our output went away, as `mien bench | head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except UserError as error:
        print(error, file=sys.stderr)
        return CANNOT_START
    except Exception as error:  # the last resort: the user gets a sentence, the log gets the rest
        import logging

        logging.getLogger(__name__).exception("mien failed")
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
        print(f"Mien failed ({reason}); please report it with {paths.log_file()}.", file=sys.stderr)
        return CANNOT_START


def read_names_as_utf8() -> None:
    """Starts this program again in Python's UTF-8 mode where the locale would read names of files otherwise.

    Linux alone has such locales, and OpenCV takes UTF-8 in each of them.
    """
    if sys.getfilesystemencoding() != "utf-8" and os.environ.get("PYTHONUTF8") != "1":
        os.environ["PYTHONUTF8"] = "1"
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


def start_log() -> None:
    """Keeps warnings and errors in a file in the user's own folder; without one they are lost."""
    import logging
    from logging.handlers import RotatingFileHandler

    from app.system import paths

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
