"""Opens the video at an address: the only place of the program that lets FFmpeg reach a network."""

from __future__ import annotations

import os
import threading
import time

import cv2

from app.sources.address import Address
from app.sources.source import SourceError

OPEN_TIMEOUT, READ_TIMEOUT = 5.0, 5.0  # s that a computer of a network may stay silent
OPTIONS = "OPENCV_FFMPEG_CAPTURE_OPTIONS"  # OpenCV reads it whenever it opens a video; no file may be reached
NETWORK = "protocol_whitelist;http,https,tls,tcp,udp,rtp,crypto|rtsp_transport;tcp"
_changing = threading.Lock()


def connect(address: Address) -> cv2.VideoCapture:
    """The open video at `address`. Raises SourceError, at the latest after a few seconds.

    Whatever a server answers, FFmpeg follows no redirection and no playlist to a file of this computer.
    """
    begun = time.monotonic()
    limits = [
        cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, int(OPEN_TIMEOUT * 1000),
        cv2.CAP_PROP_READ_TIMEOUT_MSEC, int(READ_TIMEOUT * 1000),
    ]  # fmt: skip
    with _changing:
        usual = os.environ.get(OPTIONS)
        os.environ[OPTIONS] = NETWORK
        try:
            video = cv2.VideoCapture(address.url, cv2.CAP_FFMPEG, limits)
        finally:
            if usual is None:
                del os.environ[OPTIONS]
            else:
                os.environ[OPTIONS] = usual
    if video.isOpened():
        return video
    if time.monotonic() - begun >= OPEN_TIMEOUT:
        raise SourceError(
            f"{address} does not answer within {OPEN_TIMEOUT:g} s: check the address and the network."
        )
    raise SourceError(
        f"{address} gives no video that can be read as it arrives: check the address, the password and the "
        "network, or download a file first and name the copy."
    )
