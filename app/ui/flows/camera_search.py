"""Looking for cameras and showing what each sees, while one is chosen."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.sources.capture import Cameras
from app.sources.devices import Device
from app.sources.preview import Preview
from app.ui.flows.worker import Tasks

RELEASE = 2.0  # s that a camera may take to let go, before it is wanted by whatever plays


class CameraSearch(QObject):
    """Takes seconds, so it has a thread of its own; one search at a time.

    `_preview` is stored by the window's thread alone; `release` reads it on the work thread.
    """

    found = Signal(object)  # tuple of CameraChoice
    preview = Signal(object, object, str)  # Device, its BGR picture or None, one sentence why there is none
    failed = Signal(str)  # one sentence

    def __init__(self, system: Cameras) -> None:
        """`system` is where cameras come from."""
        super().__init__()
        self.system = system
        self._tasks = Tasks("cameras")
        self._preview = self._new(None)

    def start(self, used: Device | None = None) -> None:
        """Finds the cameras, and shows what each but `used` sees until `stop`."""
        self._preview.stop()
        self._preview = self._new(used)
        self._tasks.submit(self._preview.run, self.failed.emit)

    def stop(self) -> None:
        """Lets the cameras go; returns at once."""
        self._preview.stop()

    def release(self) -> None:
        """Waits, at most RELEASE seconds, until no camera is held; may be called from any thread."""
        self._preview.stop(RELEASE)

    def close(self) -> None:
        """Lets the cameras go for good; nobody waits for it."""
        self._preview.stop()
        self._tasks.close(wait=False)

    def _new(self, used: Device | None) -> Preview:
        return Preview(self.system, used, self.found.emit, self.preview.emit)
