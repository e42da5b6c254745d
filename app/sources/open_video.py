"""Opens a video with FFmpeg: the one place that does so, for files and for addresses."""

from __future__ import annotations

from pathlib import Path

import cv2

from app.sources.address import Address, Place

ONE_THREAD = (cv2.CAP_PROP_N_THREADS, 1)
PACKETS = (cv2.CAP_PROP_FORMAT, -1, *ONE_THREAD)  # the compressed pictures, and none decoded


def open_video(place: Place | str, *options: int) -> cv2.VideoCapture:
    """The video at `place`, which may turn out not to be open; `options` are names and values of OpenCV.

    FFmpeg keeps files and networks apart as long as nobody tells it otherwise (`default_whitelist` in its
    libavformat/file.c and http.c). A playlist or a redirection that came from a server names no file of this
    computer, and what a file says opens no connection. So nothing is set for the whole process, and a file is
    opened as ever while a server is silent.
    """
    # An absolute path: FFmpeg takes a relative name such as 12:30.mp4 for an address.
    name = place.url if isinstance(place, Address) else str(Path(place).absolute())
    return cv2.VideoCapture(name, cv2.CAP_FFMPEG, list(options))
