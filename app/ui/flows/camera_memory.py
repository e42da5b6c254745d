"""Which camera was used last, and in which mode it is asked for."""

from __future__ import annotations

from app.playing.protocols import PlayedSource
from app.sources.camera import WANTED, Camera, read_mode
from app.sources.capture import Cameras
from app.sources.devices import Device
from app.sources.source import Mode
from app.system.settings import Settings


class CameraMemory:
    """Told of each source that is going to play; keeps what the settings remember of a camera.

    `Camera.device` is replaced, as one store, by the engine's thread when a camera comes back under another
    number; all else here belongs to the window's thread.
    """

    def __init__(self, settings: Settings, system: Cameras) -> None:
        """Begins with the camera in `settings`; `system` is where cameras come from."""
        number = settings.camera
        self._last = Device(number, f"Camera {number}", settings.camera_identity)
        self._mode = read_mode(settings.camera_mode)
        self._system = system
        self._offered: Camera | None = None  # the source that plays now or next, where it is a camera

    @property
    def mode(self) -> Mode:
        """The size, rate and format that the camera is asked for."""
        return self._mode

    @property
    def offered(self) -> Device | None:
        """The camera that plays now or next; None where that is no camera."""
        return self._offered.device if self._offered else None

    @property
    def device(self) -> Device:
        """The camera that was used last, as it is called now: while it plays it may get another number."""
        return self.offered or self._last

    def offer(self, source: PlayedSource | None) -> None:
        """`source` is the one that plays now or next; None for none."""
        self._offered = source if isinstance(source, Camera) else None

    def use(self) -> None:
        """The source that was offered is opened: a camera is the last one used from now on."""
        if self._offered is not None:
            self._last, self._mode = self._offered.device, self._offered.wanted

    def camera(self, device: Device, wanted: Mode = WANTED) -> Camera:
        """The camera `device`, not yet opened, asked for the mode `wanted`."""
        return Camera(device, wanted, self._system)

    def last(self) -> Camera:
        """The camera used last, in its mode."""
        return self.camera(self._last, self._mode)
