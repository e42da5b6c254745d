"""What a camera can do, asked of the Linux kernel.

Source: the kernel's "Video for Linux API", VIDIOC_QUERYCAP and VIDIOC_ENUM_FMT, _FRAMESIZES, _FRAMEINTERVALS.
"""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from app.sources.source import Mode

QUERYCAP, ENUM_FMT, ENUM_FRAMESIZES, ENUM_FRAMEINTERVALS = 0x80685600, 0xC0405602, 0xC02C564A, 0xC034564B
VIDEO_CAPTURE, HAS_DEVICE_CAPS = 0x1, 0x80000000  # bits of the capabilities
CAPTURE_BUFFER, DISCRETE = 1, 1
# by OpenCV, the best first
DECODED = ("MJPG", "YUYV", "UYVY", "NV12", "NV21", "YU12", "YV12", "BGR3", "RGB3", "GREY")
COMMON = ((1920, 1080), (1280, 720), (960, 540), (640, 480), (640, 360), (320, 240))
LEAST_RATE = 5.0  # frames a second; what is slower is of no use here
MOST = 256  # answers to one question, after which a driver that never stops is not believed

Ask = Callable[[int, int, bytearray], object]  # file, request, what is asked and answered; raises OSError


def takes_pictures(path: Path, ask: Ask | None = None) -> bool | None:
    """False for a device that only gives metadata, codes or plays; None when it cannot be asked."""
    answer = bytearray(104)
    try:
        with _Opened(path) as file:
            (ask or _ioctl)(file, QUERYCAP, answer)
    except OSError:
        return None
    whole, own = struct.unpack_from("=II", answer, 84)
    return bool((own if whole & HAS_DEVICE_CAPS else whole) & VIDEO_CAPTURE)


def modes(path: Path, ask: Ask | None = None) -> tuple[Mode, ...]:
    """Each size and rate that the camera has, largest and fastest first, in the format that loads USB least.

    Empty when it cannot be asked.
    """
    found: dict[tuple[int, int, float], str] = {}
    try:
        with _Opened(path) as file:
            for letters, code in _formats(ask or _ioctl, file):
                for width, height in _sizes(ask or _ioctl, file, code):
                    for rate in _rates(ask or _ioctl, file, code, width, height):
                        key, known = (width, height, rate), found.get((width, height, rate))
                        if known is None or DECODED.index(letters) < DECODED.index(known):
                            found[key] = letters
    except OSError:
        return ()
    return tuple(Mode(*key, letters) for key, letters in sorted(found.items(), reverse=True))


def _formats(ask: Ask, file: int) -> Iterator[tuple[str, int]]:
    for answer in _all(ask, file, ENUM_FMT, 64, lambda i: struct.pack("=II", i, CAPTURE_BUFFER)):
        (code,) = struct.unpack_from("=I", answer, 44)
        letters = code.to_bytes(4, "little").decode("latin-1").strip()
        if letters in DECODED:
            yield letters, code


def _sizes(ask: Ask, file: int, code: int) -> Iterator[tuple[int, int]]:
    for answer in _all(ask, file, ENUM_FRAMESIZES, 44, lambda i: struct.pack("=II", i, code)):
        kind, *numbers = struct.unpack_from("=I6I", answer, 8)
        if kind == DISCRETE:
            yield numbers[0], numbers[1]
            continue
        least_w, most_w, step_w, least_h, most_h, step_h = numbers
        for width, height in COMMON:
            inside = least_w <= width <= most_w and least_h <= height <= most_h
            if inside and not (width - least_w) % max(1, step_w) and not (height - least_h) % max(1, step_h):
                yield width, height
        return  # a range is one answer


def _rates(ask: Ask, file: int, code: int, width: int, height: int) -> Iterator[float]:
    start = struct.pack("=II", code, width) + struct.pack("=I", height)
    for answer in _all(ask, file, ENUM_FRAMEINTERVALS, 52, lambda i: struct.pack("=I", i) + start):
        kind, seconds, parts = struct.unpack_from("=III", answer, 16)  # of a range: the shortest interval
        rate = round(parts / seconds, 3) if seconds else 0.0
        if rate >= LEAST_RATE:
            yield rate
        if kind != DISCRETE:
            return


def _all(ask: Ask, file: int, request: int, size: int, question: Callable[[int], bytes]) -> Iterator[bytes]:
    """The answers to question 0, 1, 2 ... until the driver says that there are no more."""
    for number in range(MOST):
        buffer = bytearray(question(number).ljust(size, b"\0"))
        try:
            ask(file, request, buffer)
        except OSError:  # EINVAL: no more; ENOTTY: the driver does not say
            return
        yield bytes(buffer)


class _Opened:
    """The device as a file number; opening it takes it from nobody."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> int:
        self._file = os.open(self._path, os.O_RDWR | getattr(os, "O_NONBLOCK", 0))
        return self._file

    def __exit__(self, *_: object) -> None:
        os.close(self._file)


def _ioctl(file: int, request: int, buffer: bytearray) -> object:
    if sys.platform == "linux":
        from fcntl import ioctl

        return ioctl(file, request, buffer, True)
    raise OSError("Only Linux has Video for Linux.")
