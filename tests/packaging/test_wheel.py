"""The wheel: what is in it, what it says of itself, and that it runs where there is no checkout."""

import re
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from email import message_from_string
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from trove_classifiers import classifiers

import app

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "packaging"))
import wheels  # noqa: E402

SHIPPED = {
    *(f"app/shipped/models/{path.name}" for path in (ROOT / "models").glob("*.onnx")),
    *(f"app/shipped/models/{path.name}" for path in (ROOT / "models").glob("*.toml")),
    "app/shipped/models/actions.json",
    "app/shipped/models/NOTICE",
    "app/shipped/assets/icon.png",
    "app/shipped/assets/sample.mp4",
}
LARGEST = 16e6  # bytes
FOR_USERS = {"cluster", "formats", "lsl", "mediapipe", "osc"}
LOCKED = re.compile(r"^([\w.-]+)==([\w.!+-]+)", re.MULTILINE)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Wheel and sdist of this checkout."""
    return wheels.build(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def metadata(built):
    with zipfile.ZipFile(built[0]) as wheel:
        return message_from_string(wheel.read(f"mien-{app.__version__}.dist-info/METADATA").decode())


def names(wheel):
    with zipfile.ZipFile(wheel) as file:
        return {name for name in file.namelist() if ".dist-info/" not in name}


def test_the_wheel_holds_the_whole_program_and_nothing_else(built):
    own = {path for path in (ROOT / "app").rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert names(built[0]) == {path.relative_to(ROOT).as_posix() for path in own} | SHIPPED
    assert any(name.endswith(".onnx") for name in SHIPPED)
    assert built[0].stat().st_size < LARGEST


def test_the_sdist_makes_the_same_wheel(built, tmp_path):
    with tarfile.open(built[1]) as sdist:
        sdist.extractall(tmp_path, filter="data")
    again, _ = wheels.build(tmp_path / "dist", tmp_path / f"mien-{app.__version__}")
    assert again.read_bytes() == built[0].read_bytes()


def test_the_metadata_are_complete_and_of_one_source(metadata):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert metadata["Name"] == "mien" and metadata["Version"] == app.__version__
    assert metadata["License-Expression"] == "Apache-2.0" and metadata["License-File"] == "LICENSE"
    assert metadata["Summary"] == project["description"] and metadata["Author"] == "The Mien developers"
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert metadata.get_payload().startswith("# Mien")
    assert metadata["Keywords"]
    assert set(metadata.get_all("Provides-Extra")) == set(project["optional-dependencies"]) > FOR_USERS
    assert not metadata.get_all("Project-URL")  # there is no address yet; an invented one would mislead


def test_the_classifiers_exist(metadata):
    assert set(metadata.get_all("Classifier")) <= classifiers


@pytest.mark.parametrize("lock", ["run", "extras", "dev", "package"])
def test_what_is_locked_is_what_the_wheel_asks_for(metadata, lock):
    lines = (ROOT / f"packaging/{lock}.lock").read_text("utf-8")
    locked = {canonicalize_name(name): version for name, version in LOCKED.findall(lines)}
    extras = {"run": set(), "extras": FOR_USERS, "dev": FOR_USERS | {"dev"}, "package": {"package"}}[lock]
    asked = 0
    for text in metadata.get_all("Requires-Dist"):
        requirement = Requirement(text)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in {"", *extras}):
            asked += 1
            assert Version(locked[canonicalize_name(requirement.name)]) in requirement.specifier, text
    assert asked >= 8


@pytest.fixture(scope="module")
def trial(built, tmp_path_factory):
    """The wheel, really installed, in an environment that borrows the heavy packages from this one."""
    environment = tmp_path_factory.mktemp("environment")
    venv.create(environment, symlinks=sys.platform != "win32")
    python = wheels.scripts(environment) / "python"
    pip = (sys.executable, "-m", "pip", "--python", python)
    subprocess.run([*pip, "install", "--quiet", "--no-deps", "--no-index", built[0]], check=True)
    site = "import sysconfig; print(sysconfig.get_path('purelib'))"
    folder = subprocess.run([python, "-c", site], capture_output=True, text=True, check=True).stdout.strip()
    Path(folder, "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return wheels.Trial(environment, tmp_path_factory.mktemp("elsewhere"))


@pytest.mark.parametrize("step", ["version", "selftest", "analyze", "report", "window"])
def test_the_installed_program_works_outside_the_checkout(trial, step):
    getattr(trial, step)()
