"""Which DLLs Windows finds, over made-up wheels; reading real ones is tried by running it."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def dll_closure(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "packaging/windows"))
    yield __import__("dll_closure")
    sys.modules.pop("dll_closure", None)


WHEELS = {
    "one/a.pyd": ["KERNEL32.dll", "python311.dll", "inner-1234.dll", "msvcp140.dll", "vcruntime140.dll"],
    "one.libs/inner-1234.dll": ["api-ms-win-crt-heap-l1-1-0.dll"],
    "two/b.dll": ["Inner-1234.DLL", "mf.dll", "winspool.drv"],
    "shiboken6/MSVCP140.dll": ["vcruntime140.dll"],
    "shiboken6/own.dll": [],
    "three/c.pyd": ["own.dll", "gone.dll"],
    "PySide6/qml/never.dll": ["nowhere.dll"],
}


def test_each_dll_is_looked_for_where_windows_looks(tmp_path, dll_closure):
    for name in WHEELS:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    found = dll_closure.closure(tmp_path, lambda file: WHEELS[file.relative_to(tmp_path).as_posix()])
    places = {(wanted.name, wanted.by): wanted.found for wanted in found}
    assert places == {
        ("kernel32.dll", "one"): "Windows",
        ("python311.dll", "one"): "Python",
        ("vcruntime140.dll", "one"): "Python",
        ("vcruntime140.dll", "shiboken6"): "Python",
        ("inner-1234.dll", "one"): "one.libs",
        ("msvcp140.dll", "one"): "shiboken6",
        ("api-ms-win-crt-heap-l1-1-0.dll", "one.libs"): "Windows",
        ("inner-1234.dll", "two"): "",  # that of another wheel is not found
        ("mf.dll", "two"): "Windows, not in the editions N without its media pack",
        ("winspool.drv", "two"): "Windows",
        ("own.dll", "three"): "shiboken6",
        ("gone.dll", "three"): "",
    }
