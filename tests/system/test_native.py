import os
import subprocess
import sys

import app


def test_qt_is_left_alone_by_opencv():
    assert "cv2" in sys.modules and "onnxruntime" in sys.modules
    for name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
        assert "cv2" not in os.environ.get(name, "")


def test_opencv_is_told_before_it_is_loaded():
    assert app.__version__ and os.environ["OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS"] == "0"


def test_no_helper_thread_waits_busily_beside_ours():
    program = (
        "import app, psutil, numpy as np, cv2; a = np.ones((500, 500)); a @ a; "
        "cv2.cvtColor(np.zeros((1080, 1920, 3), np.uint8), cv2.COLOR_BGR2GRAY); "
        "print(psutil.Process().num_threads())"
    )
    free = {k: v for k, v in os.environ.items() if not k.endswith(("BLAS_NUM_THREADS", "THREADS_NUM"))}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, env=free, check=True)
    assert done.stdout == "1\n"


def test_windows_is_told_where_the_library_lies_that_onnxruntime_wants_before_anything_is_loaded():
    program = (
        "import os, sys; sys.platform = 'win32'; os.add_dll_directory = print; import app; "
        "print([name for name in ('cv2', 'onnxruntime', 'shiboken6') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    folder, loaded = done.stdout.splitlines()
    assert folder.endswith("shiboken6") and loaded == "[]"
