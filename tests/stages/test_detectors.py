"""Detectors by their names: what each needs, and what is loaded for it."""

import subprocess
import sys
from importlib.util import find_spec

import pytest

from app.stages import detectors
from app.stages.detectors import DETECTORS, NETWORKS, load_detector, recorded_detector, require_detector
from app.system import extras
from app.system.extras import MissingExtra
from tests.conftest import ROOT
from tests.fakes import LONG


def test_the_default_loads_nothing_that_is_not_used():
    program = "import sys; from pathlib import Path; from app.stages.detectors import load_detector; "
    program += "load_detector(Path('models')); print(*{m.split('.')[0] for m in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=LONG, check=True
    )
    loaded = set(done.stdout.split())
    assert "onnxruntime" in loaded
    assert not {"mediapipe", "google", "matplotlib", "jax", "scipy", "sounddevice", "PySide6"} & loaded


def test_the_default_is_ours_and_names_its_networks():
    detector = load_detector(ROOT / "models", 2)
    assert detector.name == DETECTORS[0] == "onnx"
    assert tuple(card.name for card in detector.cards) == NETWORKS["onnx"]


def test_where_mediapipe_is_missing_one_sentence_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(extras.importlib.util, "find_spec", lambda name: None)
    for ask in (lambda: require_detector("mediapipe"), lambda: load_detector(ROOT, name="mediapipe")):
        with pytest.raises(MissingExtra, match=r"^The detector mediapipe needs mediapipe, which is not inst"):
            ask()
    require_detector("onnx")


@pytest.mark.parametrize("call", [["analyze", "none.mp4"], ["bench"], ["--video", "assets/sample.mp4"]])
def test_without_it_no_command_begins(call, monkeypatch, capsys):
    from app.__main__ import main

    monkeypatch.setattr(extras.importlib.util, "find_spec", lambda name: None)
    monkeypatch.chdir(ROOT)
    assert main([*call, "--detector", "mediapipe"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("The detector mediapipe needs mediapipe") and said.count("\n") == 1


def test_another_mediapipe_than_that_of_the_extra_is_one_sentence(monkeypatch):
    monkeypatch.setattr(extras.importlib.util, "find_spec", lambda name: object())
    monkeypatch.setattr(detectors, "version", lambda package: "0.10.35")
    with pytest.raises(MissingExtra, match=r" needs mediapipe 0\.10\.21, and 0\.10\.35 is installed"):
        require_detector("mediapipe")
    assert f'"mediapipe=={detectors.MEDIAPIPE};' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_a_mediapipe_that_does_not_load_is_one_sentence(monkeypatch):
    monkeypatch.setattr(detectors, "require_detector", lambda name: None)
    monkeypatch.setitem(sys.modules, "app.stages.facemesh", None)  # Python's way to make an import fail
    with pytest.raises(MissingExtra, match=r" needs mediapipe, which does not load here "):
        load_detector(ROOT, name="mediapipe")


def test_a_session_that_names_none_was_measured_with_mediapipe():
    assert recorded_detector({"max_faces": 4}) == "mediapipe"
    assert recorded_detector({"detector": "onnx"}) == "onnx"


def test_what_is_installed_is_found():
    assert (find_spec("mediapipe") is not None) == _required()


def _required() -> bool:
    try:
        require_detector("mediapipe")
    except MissingExtra:
        return False
    return True
