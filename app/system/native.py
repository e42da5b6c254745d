"""Import this before Qt: the order of the native libraries and what they leave behind, in one place.

onnxruntime must be loaded before PySide6, or Windows finds the wrong libraries. `import cv2` points Qt at
plugins of its own, with which no window of ours can open.
"""

import os

import cv2  # noqa: F401
import onnxruntime  # noqa: F401

if "cv2" in os.environ.get("QT_QPA_PLATFORM_PLUGIN_PATH", ""):
    del os.environ["QT_QPA_PLATFORM_PLUGIN_PATH"]
if "cv2" in os.environ.get("QT_QPA_FONTDIR", ""):
    del os.environ["QT_QPA_FONTDIR"]
