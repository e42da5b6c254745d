"""Branches computed together give what each gives alone."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("onnx", reason="onnx is not installed; install the extra [export]")

from export.shipping.mediapipe.branches import merge_branches
from tests.export.shipping.mediapipe.made import Layers, run


def branch(layers: Layers, value: str, outputs: int = 3) -> str:
    """A short cut, a maximum, and a convolution."""
    value = layers.prelu(value, layers.random.standard_normal(4))
    value = layers.add(value, layers.conv(layers.conv(value, 4, 4, 3, group=4), 4, 4))
    return layers.conv(layers.pool(value), 4, outputs)


def test_two_branches_are_one_with_groups():
    layers = Layers()
    roots = (layers.conv("x", 2, 4), layers.conv("x", 2, 4, 3))  # these differ
    ends = tuple(branch(layers, root) for root in roots)
    shown = layers.values(2, 2, 6, 6)
    apart = run(layers.graph, {"a": ends[0], "b": ends[1]}, x=shown)
    joined = merge_branches(layers.graph, ends, {})
    np.testing.assert_allclose(
        run(layers.graph, {"y": joined}, x=shown)[0], np.concatenate(apart, 1), atol=1e-6
    )
    assert layers.kinds() == ["Conv", "Conv", "Concat", "PRelu", "Conv", "Conv", "Add", "MaxPool", "Conv"]
    groups = [node.attributes["group"] for node in layers.graph.nodes if node.kind == "Conv"]
    assert groups == [1, 1, 8, 2, 2]


def test_branches_of_two_that_are_known_together():
    layers = Layers()
    halves = [
        layers.graph.add("Slice", "x", *(layers.graph.integers([k]) for k in ends))
        for ends in ((0, 4, 1), (4, 8, 1))
    ]
    ends = tuple(branch(layers, halves[place]) for place in (0, 1, 0, 1))
    shown = layers.values(1, 8, 4, 4)
    apart = run(layers.graph, dict(zip("abcd", ends, strict=True)), x=shown)
    joined = merge_branches(layers.graph, ends, {tuple(halves): "x"})
    np.testing.assert_allclose(
        run(layers.graph, {"y": joined}, x=shown)[0], np.concatenate(apart, 1), atol=1e-6
    )
    assert "Slice" not in layers.kinds() and layers.kinds().count("Conv") == 3


def test_branches_that_differ_stand_beside_each_other():
    layers = Layers()
    ends = (branch(layers, "x", 3), branch(layers, "x", 2))
    shown = layers.values(1, 4, 4, 4)
    apart = run(layers.graph, {"a": ends[0], "b": ends[1]}, x=shown)
    joined = merge_branches(layers.graph, ends, {})
    found = run(layers.graph, {"y": joined}, x=shown)[0]
    np.testing.assert_allclose(found, np.concatenate(apart, 1), atol=1e-6)
    assert layers.kinds().count("Conv") == 6
