"""Loads the native libraries in the order that works. Import this before Qt.

onnxruntime must be loaded before PySide6, or Windows finds the wrong libraries. `import cv2` points Qt at
cv2's own plugins, with which no window can open; this is undone here.
"""

import os

import cv2  # noqa: F401
import onnxruntime  # noqa: F401

if "cv2" in os.environ.get("QT_QPA_PLATFORM_PLUGIN_PATH", ""):
    del os.environ["QT_QPA_PLATFORM_PLUGIN_PATH"]
if "cv2" in os.environ.get("QT_QPA_FONTDIR", ""):
    del os.environ["QT_QPA_FONTDIR"]
