"""From a smoke training to a network in integers that the app loads, by the commands themselves."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is not installed; install the extra [export]")

from app.stages.models import load
from export import quantize, task, to_onnx, train
from export.data.faces import made_up


@dataclass(frozen=True)
class Made:
    """What the smoke commands of a recipe left, and what its network is made of."""

    whole: Path  # the card of the network in floats
    small: Path  # that in integers
    convolutions: int
    channels: int  # of the last feature map


@pytest.fixture(
    scope="module", params=[("affect", 7, 256), ("residual", 17, 192)], ids=["affect", "residual"]
)
def made(request, tmp_path_factory) -> Made:
    """The network that ships, and one with gates and sums."""
    name, convolutions, channels = request.param
    place = tmp_path_factory.mktemp("runs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(task, "RUNS", place)
        assert train.main([name, "--smoke"]) == 0
        assert to_onnx.main([name, "--smoke"]) == 0
        assert quantize.main([name, "--smoke"]) == 0
    out = place / f"smoke-{name}"
    return Made(out / f"{name}.toml", out / f"{name}-int8.toml", convolutions, channels)


def test_the_integers_are_a_quarter_of_the_size_and_nearly_the_same_answers(made: Made):
    whole, small = load(made.whole), load(made.small)
    assert small.card.precision == "int8" and whole.card.precision == "float32"
    sizes = [card.with_suffix(".onnx").stat().st_size for card in (made.small, made.whole)]
    assert sizes[0] < 0.26 * sizes[1]
    crops = made_up(8).crops(whole.card.crop)[:, None]
    for one, other in zip(whole.run(crops)[:2], small.run(crops)[:2], strict=True):
        assert np.abs(one - other).max() < 0.05
    assert small.run(crops)[2].shape == (8, made.channels, 6, 6)


def test_only_the_trunk_becomes_integers(made: Made):
    names = quantize.trunk(made.whole.with_suffix(".onnx"))
    assert sum("Conv" in name for name in names) == made.convolutions
    assert not any("gate" in name or "heads" in name for name in names)


def test_what_is_not_exported_yet_is_one_sentence(tmp_path: Path, monkeypatch, capsys):
    monkeypatch.setattr(task, "RUNS", tmp_path)
    assert quantize.main(["affect", "--smoke"]) == 2
    assert "affect.onnx is missing; run python -m export.to_onnx affect first." in capsys.readouterr().err
