"""Mien: reads faces live. Which folder may import which is written in tests/test_layers.py.

OpenCV, ONNX Runtime and NumPy's OpenBLAS read the settings below when they are loaded, so they are set here,
where nothing can come before them.
"""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

__version__ = "0.1.0"  # the only place of it: wheel, packaged program, sessions and reports take it from here

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # else ONNX Runtime reports to its maker, after half a minute
os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")  # we say in one sentence what went wrong
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")  # the same for the video library
os.environ.setdefault("OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS", "0")  # else Windows opens cameras in 20 s
# One thread each: their work here takes microseconds, but a thread of theirs that waits for more keeps a core
# busy (OpenBLAS: 80 % of one, OpenCV: 12 %, at 30 frames a second).
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OPENCV_FOR_THREADS_NUM", "1")
# ONNX Runtime and liblsl want Microsoft's C++ library, which they do not bring and a fresh Windows lacks.
if sys.platform == "win32" and (brings_it := find_spec("shiboken6")) and brings_it.origin:
    os.add_dll_directory(str(Path(brings_it.origin).parent))
