"""From a smoke training to a network in integers that the app loads, by the commands themselves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is not installed; install the extra [export]")

from app.stages.models import load
from export import quantize, task, to_onnx, train
from export.data.faces import made_up


@pytest.fixture(scope="module")
def runs(tmp_path_factory) -> Path:
    """runs/ after the smoke commands of affect."""
    place = tmp_path_factory.mktemp("runs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(task, "RUNS", place)
        assert train.main(["affect", "--smoke"]) == 0
        assert to_onnx.main(["affect", "--smoke"]) == 0
        assert quantize.main(["affect", "--smoke"]) == 0
    return place / "smoke-affect"


def test_the_integers_are_a_quarter_of_the_size_and_nearly_the_same_answers(runs: Path):
    whole, small = load(runs / "affect.toml"), load(runs / "affect-int8.toml")
    assert small.card.precision == "int8" and whole.card.precision == "float32"
    sizes = [(runs / f"affect{suffix}.onnx").stat().st_size for suffix in ("-int8", "")]
    assert sizes[0] < 0.26 * sizes[1]
    crops = made_up(8).crops(whole.card.crop)[:, None]
    for one, other in zip(whole.run(crops)[:2], small.run(crops)[:2], strict=True):
        assert np.abs(one - other).max() < 0.05
    assert small.run(crops)[2].shape == (8, 192, 6, 6)


def test_only_the_trunk_becomes_integers(runs: Path):
    names = quantize.trunk(runs / "affect.onnx")
    assert sum("Conv" in name for name in names) == 21
    assert not any("gate" in name or "heads" in name for name in names)


def test_what_is_not_exported_yet_is_one_sentence(tmp_path: Path, monkeypatch, capsys):
    monkeypatch.setattr(task, "RUNS", tmp_path)
    assert quantize.main(["affect", "--smoke"]) == 2
    assert "affect.onnx is missing; run python -m export.to_onnx affect first." in capsys.readouterr().err
