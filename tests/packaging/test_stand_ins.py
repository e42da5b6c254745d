"""Small libraries in place of large ones: they load in their place, and what they lack is never asked for."""

import ctypes
import re
import shutil
import subprocess
import sys
from pathlib import Path

import cv2
import PySide6
import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "packaging"))
import stand_ins  # noqa: E402

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="the check is for Linux"),
    pytest.mark.skipif(shutil.which("as") is None, reason="binutils is not installed"),
]
# What OpenCV computes with LAPACK when a matrix is large.
ALGEBRA = r"cv2\.(solve|SVD|PCA|invert|eigen|gemm|mulTransposed|calibrate|estimate|find[FHET]|fit)\w*\("


def libraries(folder, pattern):
    return sorted(Path(folder).glob(pattern))


def test_the_stand_in_for_icu_holds_no_entry(tmp_path):
    (icu,) = libraries(Path(PySide6.__file__).parent / "Qt/lib", "libicudata.so.*")
    made = stand_ins.without_languages(icu, tmp_path)
    assert made.name == icu.name and made.stat().st_size < 20_000
    version = icu.name.rpartition(".")[2]
    header = bytes((ctypes.c_ubyte * 40).in_dll(ctypes.CDLL(str(made)), f"icudt{version}_dat"))
    whole = icu.read_bytes()
    assert header[2:20] in whole  # what the real data say of their form
    assert header[12:16] == b"CmnD" and header[32:] == bytes(8)


def test_opencv_warps_and_reads_without_its_algebra(tmp_path):
    site = Path(cv2.__file__).parents[1]
    copy = tmp_path / "site"
    shutil.copytree(site / "cv2", copy / "cv2", ignore=shutil.ignore_patterns("data", "*.pyi"))
    shutil.copytree(site / "opencv_python_headless.libs", copy / "opencv_python_headless.libs")
    (blas,) = libraries(copy / "opencv_python_headless.libs", "libopenblas*")
    made = stand_ins.without_algebra(blas, libraries(copy / "cv2", "cv2*.so"), tmp_path)
    assert made.name == blas.name and made.stat().st_size < 20_000
    shutil.copy(made, blas)
    code = "import cv2, numpy as np; assert cv2.__file__.startswith({!r}); m = np.eye(300); {}"
    run = [sys.executable, "-c"]
    env = {"PYTHONPATH": str(copy)}
    clip = str(ROOT / "tests/clips/single-face.mp4")
    works = f"image = cv2.VideoCapture({clip!r}).read()[1]; cv2.warpAffine(image, m[:2, :3], (9, 9))"
    subprocess.run([*run, code.format(str(copy), works)], env=env, check=True)
    asked = [*run, code.format(str(copy), "cv2.invert(m)")]
    ended = subprocess.run(asked, env=env, check=False, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (stand_ins.EXIT_CODE, stand_ins.SENTENCE)


@pytest.mark.parametrize("text", ["cv2.solvePnP(", "cv2.SVDecomp(", "cv2.findHomography("])
def test_what_counts_as_algebra(text):
    assert re.search(ALGEBRA, text)


def test_nothing_in_the_program_asks_for_algebra():
    for path in (ROOT / "app").rglob("*.py"):
        assert not re.search(ALGEBRA, path.read_text("utf-8")), path
