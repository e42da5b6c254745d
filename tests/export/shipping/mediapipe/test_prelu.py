"""Networks without PReLU give what those with it give, in whatever unit their values pass."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("onnx", reason="onnx is not installed; install the extra [export]")

from export.shipping.mediapipe.prelu import without_prelu
from tests.export.shipping.mediapipe.made import Layers, run

BELOW_1 = [0.3, -1.2, 0.9, 0.0]
ABOVE_1 = [0.3, 1.7, -0.2, 2.5]
ONE = [1.0, 0.5, 1 - 1e-5, 2.0]


def residual(first: list[float], second: list[float], third: list[float]):
    """Two short cuts, then half the size and twice the channels, as in MediaPipe's networks."""
    layers = Layers()
    value = layers.prelu(layers.conv("x", 4, 4), first)
    for slopes in (second, third):
        inside = layers.conv(layers.conv(value, 4, 4, 3, group=4), 4, 4)
        value = layers.prelu(layers.add(value, inside), slopes)
    inside = layers.conv(layers.conv(value, 4, 4, 3, group=4, stride=2), 4, 8)
    value = layers.prelu(layers.add(layers.fill_up(layers.pool(value), 4, 8), inside), [*first, *second])
    return layers, layers.conv(value, 8, 3)


@pytest.mark.parametrize("third", [BELOW_1, ABOVE_1, ONE], ids=["below", "above", "one"])
@pytest.mark.parametrize("second", [BELOW_1, ABOVE_1, ONE], ids=["below", "above", "one"])
@pytest.mark.parametrize("first", [BELOW_1, ABOVE_1, ONE], ids=["below", "above", "one"])
def test_the_same_answers(first, second, third):
    layers, end = residual(first, second, third)
    shown = layers.values(2, 4, 8, 8)
    (expected,) = run(layers.graph, {"y": end}, x=shown)
    without_prelu(layers.graph, [end])
    assert "PRelu" not in layers.kinds()
    (found,) = run(layers.graph, {"y": end}, x=shown)
    np.testing.assert_allclose(found, expected, atol=1e-5)


def scalings(layers: Layers) -> int:
    """How many convolutions only multiply each channel: those without an offset."""
    return sum(node.kind == "Conv" and len(node.inputs) == 2 for node in layers.graph.nodes)


def test_one_multiplication_is_enough_where_what_follows_can_take_another_unit():
    layers, end = residual(ABOVE_1, ABOVE_1, BELOW_1)
    without_prelu(layers.graph, [end])
    assert scalings(layers) == 4


def test_a_maximum_takes_no_negative_unit():
    layers, end = residual(BELOW_1, BELOW_1, ABOVE_1)
    without_prelu(layers.graph, [end])
    assert scalings(layers) == 5


def test_a_slope_near_1_keeps_both_multiplications():
    layers, end = residual(ONE, BELOW_1, BELOW_1)
    without_prelu(layers.graph, [end])
    assert scalings(layers) == 6  # the first and the last one have it


@pytest.mark.parametrize("after", ["Relu", "Identity", "end"])
def test_what_knows_no_unit_gets_the_values_themselves(after):
    layers = Layers()
    value = layers.prelu(layers.conv("x", 4, 4), ABOVE_1)
    end = value if after == "end" else layers.graph.add(after, value)
    more = layers.conv(value, 4, 2)
    shown = layers.values(1, 4, 3, 3)
    expected = run(layers.graph, {"y": end, "z": more}, x=shown)
    without_prelu(layers.graph, [end, more])
    for one, other in zip(run(layers.graph, {"y": end, "z": more}, x=shown), expected, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


def test_a_sum_of_two_that_have_units_of_their_own():
    layers = Layers()
    one = layers.prelu(layers.conv("x", 4, 4), ABOVE_1)
    other = layers.prelu(layers.conv("x", 4, 4), BELOW_1)
    end = layers.conv(layers.add(one, other), 4, 2)
    shown = layers.values(1, 4, 3, 3)
    (expected,) = run(layers.graph, {"y": end}, x=shown)
    without_prelu(layers.graph, [end])
    np.testing.assert_allclose(run(layers.graph, {"y": end}, x=shown)[0], expected, atol=1e-6)


def test_a_value_added_to_itself():
    layers = Layers()
    value = layers.prelu(layers.conv("x", 4, 4), ABOVE_1)
    end = layers.conv(layers.add(value, value), 4, 2)
    shown = layers.values(1, 4, 3, 3)
    (expected,) = run(layers.graph, {"y": end}, x=shown)
    without_prelu(layers.graph, [end])
    np.testing.assert_allclose(run(layers.graph, {"y": end}, x=shown)[0], expected, atol=1e-6)


@pytest.mark.parametrize("shared", ["filled up", "other part"])
def test_a_part_of_a_sum_that_is_needed_elsewhere(shared):
    layers = Layers()
    value = layers.prelu(layers.conv("x", 4, 4), BELOW_1)
    filled, other = layers.fill_up(layers.pool(value), 4, 6), layers.conv(value, 4, 6, 3, stride=2)
    total = layers.prelu(layers.add(filled, other), [*BELOW_1, 0.5, 0.5])
    ends = {"y": layers.conv(total, 6, 2)}
    ends["z"] = layers.graph.add("Relu", filled if shared == "filled up" else other)
    shown = layers.values(1, 4, 4, 4)
    expected = run(layers.graph, ends, x=shown)
    without_prelu(layers.graph, ends.values())
    for one, another in zip(run(layers.graph, ends, x=shown), expected, strict=True):
        np.testing.assert_allclose(one, another, atol=1e-5)
