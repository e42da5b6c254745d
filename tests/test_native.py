import os
import sys

import app


def test_qt_is_left_alone_by_opencv():
    assert "cv2" in sys.modules and "onnxruntime" in sys.modules
    for name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
        assert "cv2" not in os.environ.get(name, "")


def test_opencv_is_told_before_it_is_loaded():
    assert app.__version__ and os.environ["OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS"] == "0"
    assert "protocol_whitelist;file" in os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"]
