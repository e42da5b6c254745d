"""Whether there is room to record: asked on a thread of its own, since a network disk can hang."""

from __future__ import annotations

import shutil
import threading
from dataclasses import dataclass
from pathlib import Path

EVERY = 1.0  # s between two looks


@dataclass(frozen=True, slots=True)
class Limits:
    """How many bytes have to be free on the disk of a recording."""

    warn: float = 1e9  # hours of rows, or minutes of video
    stop: float = 200e6  # what is left is for the system: a full disk harms more than this recording


def free(folder: Path) -> int:
    """Bytes that can still be written to the disk of `folder`. Raises OSError."""
    return shutil.disk_usage(folder).free


def in_words(size: float) -> str:
    """`size` bytes as text for people: 950 MB, 1.2 GB."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"


class DiskWatch:
    """Watches the disk of `folder` until it is closed."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        """Looks at once, and then every second on a thread of its own."""
        self._folder, self._limits = folder, limits
        self.free: int | None = None  # bytes at the last look; None when the folder could not be asked
        self._look()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="disk", daemon=True)
        self._thread.start()

    @property
    def low(self) -> bool:
        """Whether the user should make room soon: less is free than the limit `warn`."""
        return self.free is not None and self.free < self._limits.warn

    @property
    def out(self) -> bool:
        """Whether the recording has to stop: less is free than the limit `stop`."""
        return self.free is not None and self.free < self._limits.stop

    def close(self) -> None:
        """Stops watching and returns at once; a thread that hangs in the disk is left behind."""
        self._closing.set()

    def _run(self) -> None:
        while not self._closing.wait(EVERY):
            self._look()

    def _look(self) -> None:
        try:
            self.free = free(self._folder)
        except OSError:  # whoever writes there meets it as well, and says so
            self.free = None
