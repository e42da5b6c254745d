"""Mien: reads faces live. Imports go one way: ui -> engine, record -> pipeline -> stages -> types.

The settings below are read by OpenCV when it is loaded, so they stand where nothing can come before them.
"""

import os

__version__ = "0.1.0"

os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")  # we say in one sentence what went wrong
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")  # the same for the video library
os.environ.setdefault("OPENCV_FFMPEG_CAPTURE_OPTIONS", "protocol_whitelist;file")  # fetch nothing
os.environ.setdefault("OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS", "0")  # else Windows opens cameras in 20 s
