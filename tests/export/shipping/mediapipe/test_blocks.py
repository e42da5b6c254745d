"""Wider convolutions give the same answers, with zeros beside them."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("onnx", reason="onnx is not installed; install the extra [export]")

from export.shipping.mediapipe.blocks import BLOCK, in_blocks
from tests.export.shipping.mediapipe.made import Layers, run


def same(layers: Layers, ends: dict[str, str], *shape: int) -> None:
    """The graph gives the same with whole blocks; all convolutions but the ends have whole blocks."""
    shown = layers.values(*shape)
    expected = run(layers.graph, ends, x=shown)
    in_blocks(layers.graph, ends.values())
    for node in layers.graph.nodes:
        if node.kind == "Conv" and node.output not in ends.values():
            assert len(layers.graph.constants[node.inputs[1]]) % BLOCK == 0
    for one, other in zip(run(layers.graph, ends, x=shown), expected, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


def test_convolutions_sums_and_maxima():
    layers = Layers()
    value = layers.graph.add("Relu", layers.conv("x", 5, 12, 3))
    value = layers.add(value, layers.conv(layers.conv(value, 12, 12, 3, group=12), 12, 12))
    value = layers.prelu(layers.pool(value), np.linspace(-1, 2, 12))
    same(layers, {"y": layers.conv(value, 12, 6)}, 2, 5, 8, 8)


def test_channels_that_are_whole_blocks_stay():
    layers = Layers()
    end = layers.conv(layers.conv("x", 5, 32), 32, 6)
    nodes = layers.graph.nodes
    in_blocks(layers.graph, [end])
    assert [layers.graph.constants[node.inputs[1]].shape for node in layers.graph.nodes] == [
        (32, 5, 1, 1),
        (6, 32, 1, 1),
    ]
    assert len(nodes) == 2


def test_filling_up_within_a_block_goes_away():
    layers = Layers()
    value = layers.conv("x", 3, 24)
    value = layers.add(layers.fill_up(value, 24, 28), layers.conv(value, 24, 28))
    same(layers, {"y": layers.conv(value, 28, 4)}, 1, 3, 4, 4)
    assert layers.kinds().count("Conv") == 3


def test_filling_up_beyond_a_block_stays():
    layers = Layers()
    value = layers.conv("x", 3, 28)
    value = layers.add(layers.fill_up(value, 28, 36), layers.conv(value, 28, 36))
    same(layers, {"y": layers.conv(value, 36, 4)}, 1, 3, 4, 4)
    assert layers.kinds().count("Conv") == 4


def test_what_needs_the_exact_channels_gets_them():
    layers = Layers()
    value = layers.conv("x", 3, 12)
    summed = layers.add(value, layers.conv(value, 12, 12))
    flat = layers.graph.add("Transpose", summed, perm=[0, 2, 3, 1])
    same(layers, {"y": flat, "z": layers.conv(value, 12, 4)}, 1, 3, 4, 4)


def test_groups_of_several_channels_get_what_they_had():
    layers = Layers()
    end = layers.conv(layers.conv("x", 3, 12), 12, 6, group=2)
    shown = layers.values(1, 3, 4, 4)
    (expected,) = run(layers.graph, {"y": end}, x=shown)
    in_blocks(layers.graph, [end])
    np.testing.assert_allclose(run(layers.graph, {"y": end}, x=shown)[0], expected, atol=1e-6)
