"""What a user reads when a library that only some people need is missing, for each way to install Mien."""

import importlib.metadata
import importlib.util
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from app.system import extras, paths
from app.system.extras import EXTRAS, MissingExtra, need, remedy

ROOT = Path(__file__).parents[2]


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """As if the package were in some site-packages, with what it ships inside it."""
    (tmp_path / "app" / "shipped").mkdir(parents=True)
    monkeypatch.setattr(paths, "PACKAGE", tmp_path / "app")


def test_a_checkout_has_make():
    assert remedy("lsl") == "run make extras"


def test_an_installed_mien_is_extended_by_the_python_that_runs_it(installed, monkeypatch):
    assert remedy("lsl") == f'run {sys.executable} -m pip install "mien[lsl]"'
    monkeypatch.setattr("sys.executable", "C:\\Program Files\\python.exe")
    assert remedy("osc") == 'run "C:\\Program Files\\python.exe" -m pip install "mien[osc]"'


def test_where_there_is_no_pip_it_is_uv_that_made_the_environment(installed, monkeypatch):
    monkeypatch.setattr(extras.importlib.util, "find_spec", lambda name: None)
    assert remedy("osc") == f'run uv pip install --python {sys.executable} "mien[osc]"'


def test_the_packaged_program_cannot_be_extended_and_says_so(installed, monkeypatch):
    monkeypatch.setattr("sys.frozen", True, raising=False)
    assert "does not include it" in remedy("formats") and "make" not in remedy("formats")


@pytest.mark.parametrize("package", EXTRAS)
def test_the_sentence_names_purpose_package_and_remedy(monkeypatch, package):
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.setattr(extras, "NEWEST", {})
    with pytest.raises(
        MissingExtra, match=rf"^Art needs {package}, which is not installed: run make extras\.$"
    ):
        need(package, "Art")


def test_a_package_without_a_wheel_for_this_python_is_not_offered(monkeypatch):
    monkeypatch.setattr(extras, "NEWEST", {"mediapipe": (3, 10)})
    assert remedy("mediapipe") == "it exists for Python 3.10 and older only"
    assert remedy("lsl") == "run make extras"


def test_a_library_that_does_not_load_says_why(monkeypatch, tmp_path):
    (tmp_path / "pylsl.py").write_text("raise RuntimeError('no liblsl\\nmore')", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "pylsl", raising=False)
    with pytest.raises(MissingExtra, match=r"pylsl, which does not load here \(no liblsl\): run make extras"):
        need("pylsl", "LSL")


@pytest.mark.parametrize(("package", "extra"), EXTRAS.items())
def test_each_extra_brings_its_package(package, extra):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = {canonicalize_name(Requirement(text).name) for text in project["optional-dependencies"][extra]}
    if package in ("distributed", "mediapipe") and importlib.util.find_spec(package) is None:
        pytest.skip(f"{package} is not installed; install the extra [{extra}]")
    owners = importlib.metadata.packages_distributions()[package]
    assert {canonicalize_name(owner) for owner in owners} & names
