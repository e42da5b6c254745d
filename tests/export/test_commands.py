"""Every command of export/: a help that says what it needs and writes, and one sentence without data."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="torch is not installed; install the extra [export]")

import export
from export.data import places
from export.data.places import MODELS
from export.evaluate import EVALUATIONS

COMMANDS = {
    "train": ["eyes_first"],
    "evaluate": ["affect"],
    "compare": ["affect"],
    "to_onnx": ["eyes"],
    "shipping.quantize": ["affect"],
    "affect.augmentation": [],
    "affect.prior": [],
    "affect.rated.readout": ["affect"],
    "affect.rated.refit": ["affect_rated_mean"],
    "affect.rated.report": [],
    "affect.recover": [str(MODELS / "affect-float32.toml"), "affect"],
    "eyes.integers": [],
    "eyes.sweep": ["pixels"],
    "synthesis.sample_clip": ["--faces", "1"],
    "limits.quality": [],
    "limits.glasses": [],
    "limits.head": [],
    "limits.ratio": ["no-such-commit"],
    "data.convert": ["net_7876", "--folder", "nowhere"],
}
"""Each command with arguments for which it needs data."""


def command(name: str):
    """The `main` of python -m export.<name>."""
    return importlib.import_module(f"export.{name}").main


@pytest.fixture
def nothing(tmp_path: Path, monkeypatch) -> Path:
    """An empty folder that every module of export takes for the data, and for runs/."""
    here = {"DATA": places.DATA, "RUNS": places.RUNS}
    for found in pkgutil.walk_packages(export.__path__, "export."):
        module = importlib.import_module(found.name)  # also those that a command imports only when it runs
        for place in ("DATA", "RUNS"):
            if getattr(module, place, None) == here[place]:
                monkeypatch.setattr(module, place, tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "words",
    [[name] for name in COMMANDS] + [["evaluate", task] for task in EVALUATIONS],
    ids=" ".join,
)
def test_help_says_what_a_command_needs_and_writes_and_gives_an_example(words, capsys):
    name, *rest = words
    try:
        assert command(name)([*rest, "--help"]) == 0
    except SystemExit as left:
        assert left.code == 0
    said = capsys.readouterr().out
    assert f"python -m export.{' '.join(words)}" in said
    if words not in (["evaluate"], ["data.convert"]):  # these have commands of their own
        assert "Needs: " in said and ("Writes" in said or "rints" in said)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_without_its_data_ends_with_one_sentence(name, nothing, capsys, monkeypatch):
    main = command(name)
    if name == "synthesis.sample_clip":
        monkeypatch.setattr("shutil.which", lambda _: "ffmpeg")
    arguments = COMMANDS[name]
    monkeypatch.setattr(sys, "argv", ["", *arguments])
    assert main(arguments) == 2
    said = capsys.readouterr().err.strip().splitlines()
    missing = ("is not in", "is missing", "is not trained yet")
    assert len(said) == 1 and any(words in said[0] for words in missing), said
