"""The thread that talks to one camera. Any call may block for ever, so nobody else ever does."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

import cv2

from app.sources.capture import Backend, Capture
from app.sources.source import Mode
from app.sources.video import four_letters
from app.system.mailbox import Mailbox
from app.types import Frame


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds."""

    opening: float = 8.0  # that one way of opening may take to give its first picture
    first: float = 2.0  # of silence once it is open, after which that way is given up
    silence: float = 2.0  # without a picture after which a camera counts as gone
    again: float = 1.0  # between two looks whether it is back
    pause: float = 0.1  # that one `read` waits, so that whoever reads can be stopped
    letting_go: float = 1.0  # that `close` waits for a camera; one that was unplugged may never let go


class Reader:
    """Opens, reads and releases one capture; is left behind where that blocks."""

    def __init__(self, way: Backend, wanted: Mode, patience: Patience) -> None:
        self.frames: Mailbox[Frame] = Mailbox()
        self.decided = threading.Event()  # the first picture came, or none ever will
        self.mode: Mode | None = None  # what was granted, once a picture came
        self._patience, self._stop = patience, threading.Event()
        self._thread = threading.Thread(target=self._run, args=(way, wanted), name="camera", daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def stop(self, *, wait: bool) -> None:
        self._stop.set()
        if wait:
            self._thread.join(self._patience.letting_go)

    def _run(self, way: Backend, wanted: Mode) -> None:
        try:
            capture = way.open()
            try:
                if capture.isOpened() and not self._stop.is_set():
                    self._read(capture, _negotiate(capture, wanted if way.ask else None))
            finally:
                capture.release()
        except cv2.error:
            pass  # `mode` is None, or no more frames come: whoever reads says so
        finally:
            self.decided.set()

    def _read(self, capture: Capture, granted: Mode) -> None:
        number, heard = 0, time.perf_counter()
        while not self._stop.is_set():
            ok = capture.grab()
            now, wall = time.perf_counter(), time.time()  # before decoding: nearest to the moment of capture
            ok, image = capture.retrieve() if ok else (False, None)
            if not ok or image is None:
                if now - heard > (self._patience.first if self.mode is None else self._patience.silence):
                    return
                time.sleep(0.01)
                continue
            heard = now
            if self.mode is None:
                self.mode = Mode(image.shape[1], image.shape[0], granted.rate, granted.format)
                self.decided.set()
            bgr = image if image.ndim == 3 else cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)
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
