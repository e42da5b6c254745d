"""From a smoke training to a network in integers that the app loads, by the commands themselves."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

pytest.importorskip("torch", reason="torch is not installed; install the extra [export]")

from app.stages.models import load
from app.stages.precision import CARDS
from export import to_onnx, train
from export.data.faces import made_up
from export.data.places import MODELS
from export.shipping import card, pair, quantize
from export.training import task


@dataclass(frozen=True)
class Made:
    """What the smoke commands of a recipe left, and what its network is made of."""

    whole: Path  # the card of the network in floats
    small: Path  # that in integers
    convolutions: int
    channels: int  # of the last feature map


@pytest.fixture(
    scope="module", params=[("affect", 11, 256), ("residual", 17, 192)], ids=["affect", "residual"]
)
def made(request, tmp_path_factory) -> Made:
    """The network that ships, and one with gates and sums."""
    name, convolutions, channels = request.param
    place = tmp_path_factory.mktemp("runs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(task, "RUNS", place)
        assert train.main([name, "--smoke"]) == 0
        assert to_onnx.main([name, "--name", f"{name}-float32", "--smoke"]) == 0
        assert quantize.main([name, "--smoke"]) == 0
    out = place / f"smoke-{name}"
    return Made(out / f"{name}-float32.toml", out / f"{name}.toml", convolutions, channels)


def test_the_integers_are_a_quarter_of_the_size_and_nearly_the_same_answers(made: Made):
    whole, small = load(made.whole), load(made.small)
    assert small.card.precision == "int8" and whole.card.precision == "float32"
    sizes = [card.with_suffix(".onnx").stat().st_size for card in (made.small, made.whole)]
    assert sizes[0] < 0.26 * sizes[1]
    crops = made_up(8).crops(whole.card.crop)[:, None]
    for one, other in zip(whole.run(crops)[:2], small.run(crops)[:2], strict=True):
        assert np.abs(one - other).max() < 0.05
    assert small.run(crops)[2].shape == (8, made.channels, 6, 6)


def test_no_sum_of_two_products_can_overflow_sixteen_bits(made: Made):
    """Processors without VNNI add up 0..255 times a weight twice before they widen it."""
    tensors = onnx.load(made.small.with_suffix(".onnx")).graph.initializer
    kernels = [k for k in map(numpy_helper.to_array, tensors) if k.dtype == np.int8 and k.ndim == 4]
    assert len(kernels) == made.convolutions
    assert all(2 * 255 * np.abs(kernel.astype(int)).max() < 2**15 for kernel in kernels)


def test_only_the_trunk_becomes_integers(made: Made):
    names = quantize.trunk(made.whole.with_suffix(".onnx"))
    assert sum("Conv" in name for name in names) == made.convolutions
    assert not any("gate" in name or "heads" in name for name in names)


def test_convolutions_at_both_ends_can_stay_in_floats():
    """In the eye network, of ten; what follows its upsampling is never in integers."""
    names = quantize.trunk(MODELS / "eyes.onnx")
    assert sum("Conv" in name for name in names) == 10
    assert names[-1] == "/net/net/join/Relu_1"
    names = quantize.trunk(MODELS / "eyes.onnx", (2, 1))
    assert sum("Conv" in name for name in names) == 7
    assert not any("fine" in name or ("second" in name and "join" in name) for name in names)


def test_floats_do_not_take_the_place_of_integers(made: Made, monkeypatch, capsys):
    monkeypatch.setattr(task, "RUNS", made.small.parent.parent)
    before = made.small.with_suffix(".onnx").read_bytes()
    assert to_onnx.main([made.small.stem, "--smoke"]) == 2
    assert f"give --name {made.whole.stem}." in capsys.readouterr().err
    assert made.small.with_suffix(".onnx").read_bytes() == before
    command = f"python -m export.to_onnx {made.small.stem} --name {made.whole.stem}"
    assert card.read(made.whole)["export"]["command"] == command


def test_what_is_not_exported_yet_is_one_sentence(tmp_path: Path, monkeypatch, capsys):
    monkeypatch.setattr(task, "RUNS", tmp_path)
    assert quantize.main(["affect", "--smoke"]) == 2
    command = "python -m export.to_onnx affect --name affect-float32"
    assert f"affect-float32.onnx is missing; run {command} first." in capsys.readouterr().err


def test_the_app_finds_both_networks_under_the_names_they_are_exported_under():
    assert pair.floats(CARDS["int8"]) == CARDS["float32"]
