"""Ctrl-C, SIGTERM and a closed terminal while files are analysed: noted, and looked at between two frames.

An exception out of the handler of a signal may hit a callback of native code or leave a lock held for ever.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

STOPPED, TERMINATED = 130, 143  # exit codes: Ctrl-C, and all else that ends a process
SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)
)


class Interruption:
    """Notes the first signal. While nothing is open, which `busy` says, the process ends with it at once."""

    def __init__(self) -> None:
        self.number = 0  # of the signal that came; 0 for none
        self._busy = 0

    @property
    def came(self) -> bool:
        """Whether the work is to be ended."""
        return self.number != 0

    @property
    def exit_code(self) -> int:
        """Of a process that ends because of the signal that came."""
        return STOPPED if self.number in (0, signal.SIGINT) else TERMINATED

    def install(self) -> None:
        """Takes the signals of this process from now on; only on the main thread."""
        for number in SIGNALS:
            if number == signal.SIGINT or signal.getsignal(number) != signal.SIG_IGN:  # as nohup has it
                signal.signal(number, self)

    def __call__(self, number: int, frame: object) -> None:
        """The handler of the signals."""
        self.number = self.number or number
        if not self._busy:
            os._exit(self.exit_code)

    def end(self) -> int:
        """Ignores all further signals, since everything is closed; gives the exit code."""
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)  # else the second one ends a process that is just ending
        return self.exit_code

    @contextmanager
    def busy(self) -> Iterator[None]:
        """While the block runs a signal is only noted. Raises KeyboardInterrupt where one came before."""
        self._busy += 1
        try:
            if self.came:
                raise KeyboardInterrupt
            yield
        finally:
            self._busy -= 1


@contextmanager
def signals_blocked() -> Iterator[None]:
    """While the block runs, signals wait; a process that is started in it begins with them waiting, too."""
    if sys.platform == "win32":  # which cannot block signals
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def unblock_signals() -> None:
    """What a process does that was started in `signals_blocked`, once it has its handlers."""
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
