"""Sums with a short cut of fewer channels are taken apart, and give the same."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("onnx", reason="onnx is not installed; install the extra [export]")

from export.shipping.mediapipe.shortcuts import split_shortcuts
from tests.export.shipping.mediapipe.made import Layers, run


def made(swapped: bool) -> tuple[Layers, str]:
    layers = Layers()
    short, long = layers.fill_up(layers.pool("x"), 4, 6), layers.conv("x", 4, 6, 3, stride=2)
    return layers, layers.add(long, short) if swapped else layers.add(short, long)


@pytest.mark.parametrize("swapped", [False, True])
def test_the_first_channels_are_summed_and_the_others_stand_beside(swapped):
    layers, end = made(swapped)
    shown = layers.values(2, 4, 8, 8)
    (expected,) = run(layers.graph, {"y": end}, x=shown)
    split_shortcuts(layers.graph, [end])
    assert sorted(layers.kinds()) == ["Add", "Concat", "Conv", "Conv", "MaxPool"]
    np.testing.assert_allclose(run(layers.graph, {"y": end}, x=shown)[0], expected, atol=1e-6)


def test_a_convolution_that_is_needed_elsewhere_stays():
    layers = Layers()
    long = layers.conv("x", 4, 6)
    ends = [layers.add(layers.fill_up("x", 4, 6), long), layers.graph.add("Relu", long)]
    split_shortcuts(layers.graph, ends)
    assert "Concat" not in layers.kinds()


def test_another_convolution_fills_nothing_up():
    layers = Layers()
    end = layers.add(layers.conv("x", 4, 6), layers.conv("x", 4, 6))
    split_shortcuts(layers.graph, [end])
    assert layers.kinds() == ["Conv", "Conv", "Add"]
