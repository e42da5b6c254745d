"""The thread that talks to one camera: any call may never return, so no other thread makes one."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import cast

import cv2

from app.sources.capture import Backend, Capture
from app.sources.container import four_letters
from app.sources.source import Mode
from app.system import clock
from app.system.mailbox import Mailbox
from app.types import Frame, Image


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How many seconds a camera is waited for."""

    open: float = 8.0  # that one backend may take to give the first picture
    first_picture: float = 2.0  # without a picture after it is open: then that backend is given up
    silence: float = 2.0  # without a picture after the first one: then the camera counts as gone
    retry: float = 1.0  # between two checks whether it is back
    read: float = 0.1  # that one `read` waits, so that whoever reads can be stopped
    release: float = 1.0  # that `close` waits for it; a camera that was unplugged may never answer


class CaptureThread:
    """Opens, reads and releases one capture, from when it is made until `stop`.

    It is left behind where a call never returns.
    """

    def __init__(self, backend: Backend, wanted: Mode, timeouts: Timeouts, first: int = 0) -> None:
        """Begins to open `backend`. Frames are numbered from `first` on, also those that nobody takes."""
        self.frames: Mailbox[Frame] = Mailbox()
        self.decided = threading.Event()  # set once the first picture came, or none ever will
        self.mode: Mode | None = None  # what was granted, once a picture came
        self._timeouts, self._stop = timeouts, threading.Event()
        self._thread = threading.Thread(
            target=self._run, args=(backend, wanted, first), name="camera", daemon=True
        )
        self._thread.start()

    @property
    def alive(self) -> bool:
        """False once the camera is released: no more frames come."""
        return self._thread.is_alive()

    def stop(self, *, wait: bool) -> None:
        """Release the camera soon; with `wait` this waits for it, for `Timeouts.release` at most."""
        self._stop.set()
        if wait:
            self._thread.join(self._timeouts.release)

    def _run(self, backend: Backend, wanted: Mode, first: int) -> None:
        try:
            capture = backend.open()
            try:
                if capture.isOpened() and not self._stop.is_set():
                    granted = _negotiate(capture, wanted if backend.ask_mode else None)
                    self._read(capture, granted, first)
            finally:
                capture.release()
        except cv2.error:
            pass  # `mode` is None, or no more frames come: whoever reads says so
        finally:
            self.decided.set()

    def _read(self, capture: Capture, granted: Mode, number: int) -> None:
        last_picture = time.perf_counter()
        while not self._stop.is_set():
            ok = capture.grab()
            now, wall = clock.now(), time.time()  # before decoding: nearest to the moment of capture
            ok, image = capture.retrieve() if ok else (False, None)
            if not ok or image is None:
                limit = self._timeouts.first_picture if self.mode is None else self._timeouts.silence
                if time.perf_counter() - last_picture > limit:
                    return
                time.sleep(0.01)
                continue
            last_picture = time.perf_counter()
            if self.mode is None:
                self.mode = Mode(image.shape[1], image.shape[0], granted.rate, granted.format)
                self.decided.set()
            bgr = image if image.ndim == 3 else cast(Image, cv2.cvtColor(image, cv2.COLOR_GRAY2BGR))
            self.frames.put(Frame(number, now, bgr, now, wall))
            number += 1


def _negotiate(capture: Capture, wanted: Mode | None) -> Mode:
    """Ask for `wanted`, format first since it decides on the sizes; answer what is set now."""
    if wanted is not None:
        if len(wanted.format) == 4:
            capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*wanted.format))
        capture.set(cv2.CAP_PROP_FRAME_WIDTH, wanted.width)
        capture.set(cv2.CAP_PROP_FRAME_HEIGHT, wanted.height)
        capture.set(cv2.CAP_PROP_FPS, wanted.rate)
    rate = float(capture.get(cv2.CAP_PROP_FPS))
    return Mode(
        int(capture.get(cv2.CAP_PROP_FRAME_WIDTH)),
        int(capture.get(cv2.CAP_PROP_FRAME_HEIGHT)),
        rate if 0 < rate <= 1000 else (wanted.rate if wanted else 30.0),  # some drivers answer 0
        four_letters(capture.get(cv2.CAP_PROP_FOURCC)),
    )
