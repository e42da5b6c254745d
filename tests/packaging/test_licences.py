"""Every packaged file is traced to its library, and a library without a known licence stops the build."""

import importlib.metadata
import sys
from pathlib import Path

import numpy
import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "packaging"))
import licences  # noqa: E402


@pytest.fixture(autouse=True)
def builder(monkeypatch):
    """PyInstaller's loader is in every package, but not in the environment of the tests."""
    monkeypatch.setattr(licences, "_named", lambda _: importlib.metadata.distribution("numpy"))
    known = {"pyinstaller": "made up", "numpy": "BSD-3-Clause"}
    monkeypatch.setattr(licences.tomllib, "loads", lambda _: {"packages": known, "texts": {}, "system": {}})
    return known


def test_a_library_is_named_with_its_text(tmp_path):
    licences.write([Path(numpy.__file__), ROOT / "app/types.py"], ROOT, tmp_path / "texts")
    text = (tmp_path / "texts").read_text("utf-8")
    assert f"numpy {numpy.__version__}: BSD-3-Clause" in text
    assert "Redistribution and use in source and binary forms" in text


def test_an_unknown_library_stops_the_build(tmp_path):
    with pytest.raises(SystemExit, match="pytest is unknown"):
        licences.write([Path(pytest.__file__)], ROOT, tmp_path / "texts")


def test_a_library_of_the_system_that_is_unknown_stops_the_build(tmp_path):
    (tmp_path / "libstrange.so.1").touch()
    with pytest.raises(SystemExit, match="libstrange"):
        licences.write([tmp_path / "libstrange.so.1"], ROOT, tmp_path / "texts")
