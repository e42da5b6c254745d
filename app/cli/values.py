"""What a value on the command line must look like: each function reads one kind, or says what is wrong."""

from __future__ import annotations

import math
from argparse import ArgumentTypeError
from collections.abc import Callable

from app.sources.address import Place, place
from app.system.network import LOOPBACK

SIZES = {"720p": (1280, 720), "1080p": (1920, 1080)}
LEAST_SIDE = 16  # pixels
LONGEST = 1e6  # s


def at_least(least: int) -> Callable[[str], int]:
    """A reader of whole numbers from `least` on."""

    def number(text: str) -> int:
        if not text.isdecimal() or int(text) < least:
            raise ArgumentTypeError(f"{text!r} is not a whole number of at least {least}")
        return int(text)

    return number


def between(least: int, most: int) -> Callable[[str], int]:
    """A reader of whole numbers from `least` to `most`."""

    def number(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise ArgumentTypeError(f"{text!r} is not a whole number from {least} to {most}")
        return int(text)

    return number


def seconds(text: str) -> float:
    """A duration, 0 to 1,000,000. Raises ArgumentTypeError."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= LONGEST:
        raise ArgumentTypeError(f"{text!r} is not a duration such as 2 or 0.5")
    return value


def more_than_nothing(text: str) -> float:
    """A duration of more than 0 s, at most 1,000,000. Raises ArgumentTypeError."""
    if not (value := seconds(text)):
        raise ArgumentTypeError("0 seconds hold no frame")
    return value


def frame_rate(text: str) -> float:
    """Frames a second, from 0.001 to 1000. Raises ArgumentTypeError."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0.001 <= value <= 1000:
        raise ArgumentTypeError(f"{text!r} is no number of frames a second, such as 5 or 0.5")
    return value


def clip_rate(text: str) -> float:
    """As `frame_rate`, after an option that needs no number. Raises ArgumentTypeError."""
    try:
        return frame_rate(text)
    except ArgumentTypeError as error:
        raise ArgumentTypeError(
            f"{error}; the folder goes before the option, as in mien analyze {text} --as-clip"
        ) from None


def minutes(text: str) -> float:
    """A duration of more than 0, at most 1,000,000. Raises ArgumentTypeError."""
    if not (value := seconds(text)):
        raise ArgumentTypeError("0 is too short to measure anything")
    return value


def file_or_address(text: str) -> Place:
    """The file or the address that `text` names. Raises ArgumentTypeError."""
    try:
        return place(text)
    except ValueError:
        raise ArgumentTypeError(
            "an address of a video must look like rtsp://COMPUTER/PATH or http://COMPUTER/PATH"
        ) from None


def size(text: str) -> tuple[int, int]:
    """Width and height in pixels, each at least 16, from "1280x720" or "720p". Raises ArgumentTypeError."""
    if text in SIZES:
        return SIZES[text]
    width, _, height = text.partition("x")
    if not all(side.isdecimal() and int(side) >= LEAST_SIDE for side in (width, height)):
        raise ArgumentTypeError(f"{text!r} is not a size such as 1280x720 or 720p")
    return int(width), int(height)


def port(text: str) -> int:
    """A port number, 1 to 65535. Raises ArgumentTypeError."""
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise ArgumentTypeError(f"{text!r} is not a port from 1 to 65535")
    return int(text)


def address(text: str) -> tuple[str, int]:
    """Host and port from "host:9000"; the host of "9000" is this computer. Raises ArgumentTypeError."""
    host, _, number = text.rpartition(":")
    return host.strip("[]") or LOOPBACK, port(number)


def share(text: str) -> float:
    """A share, 0 to 1. Raises ArgumentTypeError."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= 1:
        raise ArgumentTypeError(f"{text!r} is no number from 0 to 1")
    return value
