"""Connects to the video at an address."""

from __future__ import annotations

import socket
import time
from urllib.parse import urlsplit

import cv2

from app.sources.address import Address
from app.sources.open_video import open_video
from app.sources.source import SourceError

OPEN_TIMEOUT, READ_TIMEOUT = 5.0, 5.0  # s that a computer of a network may stay silent
PORTS = {"http": 80, "https": 443, "rtsp": 554, "rtsps": 322}


class UnreadableError(SourceError):
    """An address that answers, but gives no video that can be read as it arrives."""


def connect(address: Address) -> cv2.VideoCapture:
    """The open video at `address`.

    Raises SourceError, at the latest after a few seconds: UnreadableError where the computer answers.
    """
    begun = time.monotonic()
    try:
        answered = _wait_for_answer(address)
    except TimeoutError:
        raise _silent(address) from None
    except (OSError, ValueError):  # nobody is there, or it has no such name
        raise unreadable(address) from None
    video = open_video(
        address,
        cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, int(OPEN_TIMEOUT * 1000),
        cv2.CAP_PROP_READ_TIMEOUT_MSEC, int(READ_TIMEOUT * 1000),
    )  # fmt: skip
    if video.isOpened():
        return video
    silent = not answered and time.monotonic() - begun >= OPEN_TIMEOUT
    raise _silent(address) if silent else unreadable(address)


def unreadable(address: Address) -> UnreadableError:
    """What is said of an answer that is no video, or one that has to be sought in."""
    return UnreadableError(
        f"{address} gives no video that can be read as it arrives: check the address, the password and the "
        "network, or download a file first and name the copy."
    )


def _silent(address: Address) -> SourceError:
    return SourceError(
        f"{address} does not answer within {OPEN_TIMEOUT:g} s: check the address and the network."
    )


def _wait_for_answer(address: Address) -> bool:
    """Waits until the computer says its first word. Raises OSError and ValueError.

    False where a proxy stands between, so that nothing is known of the computer.
    While OpenCV waits for that, it holds a lock that every other opening in this process needs.
    """
    # rarely asked for, and slow to load
    from urllib.request import getproxies, proxy_bypass

    parts = urlsplit(address.url)
    host, scheme = parts.hostname or "", parts.scheme
    if scheme in getproxies() and not proxy_bypass(host):
        return False  # another computer answers in its place
    with socket.create_connection((host, parts.port or PORTS[scheme]), OPEN_TIMEOUT) as plain:
        question = f"OPTIONS {scheme}://{address.host}{parts.path} RTSP/1.0\r\nCSeq: 1"
        if not address.streams:
            query = f"?{parts.query}" if parts.query else ""
            question = f"GET {parts.path or '/'}{query} HTTP/1.0\r\nHost: {address.host}"
        with _secured(plain, host) if scheme in ("https", "rtsps") else plain as line:
            line.sendall(f"{question}\r\n\r\n".encode())
            line.recv(1)
    return True


def _secured(plain: socket.socket, host: str) -> socket.socket:
    """As FFmpeg does it: cameras sign for themselves. The path and the query go over it, no password."""
    import ssl  # rarely asked for, and slow to load

    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context.wrap_socket(plain, server_hostname=host)
