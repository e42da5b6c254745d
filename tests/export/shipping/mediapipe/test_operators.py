"""Each operator gives what TensorFlow Lite defines, worked out with NumPy on tiny networks."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

pytest.importorskip("onnx", reason="onnx is not installed; install the extra [export]")

from export.shipping.mediapipe.graph import Graph
from export.shipping.mediapipe.network import Network, Operation, Tensor
from export.shipping.mediapipe.operators import same_pads, translate
from export.shipping.mediapipe.picture import Picture
from export.shipping.mediapipe.translation import ConversionError, Translation
from tests.export.shipping.mediapipe.made import run

SAME, VALID = 0, 1
NONE, RELU, RELU6 = 0, 1, 3


class Made:
    """A network that is put together tensor by tensor; its input is the first one."""

    def __init__(self, *shape: int) -> None:
        self.random = np.random.default_rng(0)
        self.tensors = [Tensor("picture", (1, *shape), None), Tensor("x", (1, *shape), None)]
        self.operations: list[Operation] = []
        self.shown = self.random.standard_normal((2, *shape)).astype(np.float32)

    def constant(self, values: Any) -> int:
        values = np.asarray(values)
        self.tensors.append(Tensor("constant", values.shape, values))
        return len(self.tensors) - 1

    def add(self, kind: str, inputs: list[int], shape: tuple[int, ...], **options: Any) -> int:
        self.tensors.append(Tensor(kind, (1, *shape), None))
        result = len(self.tensors) - 1
        self.operations.append(Operation(kind, tuple(inputs), (result,), SimpleNamespace(**options), {}))
        return result

    def conv(self, source: int, weights: np.ndarray, shape: tuple[int, ...], **options: Any) -> int:
        kind = "DEPTHWISE_CONV_2D" if weights.shape[0] == 1 and weights.shape[3] > 1 else "CONV_2D"
        bias = self.random.standard_normal(shape[-1])
        known = {"dilationHFactor": 1, "dilationWFactor": 1, "fusedActivationFunction": NONE, **options}
        return self.add(kind, [source, self.constant(weights), self.constant(bias)], shape, **known)

    def run(self, end: int) -> np.ndarray:
        """The value of a tensor, (n, height, width, channels) or as it is."""
        network = Network(tuple(self.tensors), tuple(self.operations), (0,), (end,))
        graph = Graph()
        known = Translation(network, graph, Picture("picture", 8, 0))
        known.set(1, "x")
        translate(known, [end])
        (found,) = run(graph, {"y": known.name(end)}, x=self.shown.transpose(0, 3, 1, 2))
        return found.transpose(0, 2, 3, 1)

    def values(self, place: int) -> np.ndarray:
        values = self.tensors[place].values
        assert values is not None
        return values


def convolved(
    shown: np.ndarray, weights: np.ndarray, bias: np.ndarray, stride: int, pads: tuple[int, int, int, int]
) -> np.ndarray:
    """A convolution of (n, height, width, inputs) with weights (outputs, height, width, inputs)."""
    top, left, bottom, right = pads
    padded = np.pad(shown, [(0, 0), (top, bottom), (left, right), (0, 0)])
    _, height, width, _ = weights.shape
    rows = range(0, padded.shape[1] - height + 1, stride)
    columns = range(0, padded.shape[2] - width + 1, stride)
    return np.stack(
        [
            np.stack(
                [
                    np.einsum("nhwi,ohwi->no", padded[:, y : y + height, x : x + width], weights) + bias
                    for x in columns
                ],
                1,
            )
            for y in rows
        ],
        1,
    )


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "pads"),
    [
        (8, 3, 1, (1, 1)),
        (8, 3, 2, (0, 1)),
        (7, 3, 2, (1, 1)),
        (8, 5, 2, (1, 2)),
        (8, 2, 2, (0, 0)),
        (9, 1, 2, (0, 0)),
    ],
)
def test_the_odd_pixel_of_the_padding_comes_after(size, kernel, stride, pads):
    assert same_pads(size, kernel, stride) == pads


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("padding", [SAME, VALID])
@pytest.mark.parametrize("depthwise", [False, True])
def test_convolution(depthwise, padding, stride):
    made = Made(8, 7, 4)
    weights = made.random.standard_normal((1, 3, 3, 4) if depthwise else (5, 3, 3, 4))
    pads = (
        *(same_pads(length, 3, stride)[0] for length in (8, 7)),
        *(same_pads(length, 3, stride)[1] for length in (8, 7)),
    )
    pads = pads if padding == SAME else (0, 0, 0, 0)
    full = np.stack([np.eye(4)[channel] * weights[0] for channel in range(4)]) if depthwise else weights
    end = made.conv(1, weights, (0, 0, len(full)), padding=padding, strideH=stride, strideW=stride)
    bias = made.values(made.operations[0].inputs[2])
    np.testing.assert_allclose(
        made.run(end), convolved(made.shown, full, bias, stride, pads), rtol=1e-4, atol=1e-5
    )


@pytest.mark.parametrize(("activation", "low", "high"), [(NONE, -9, 9), (RELU, 0, 9), (RELU6, 0, 6)])
def test_activations(activation, low, high):
    made = Made(2, 2, 1)
    made.shown = np.array([[[[-7.0], [-1]], [[5], [8]]]], np.float32)
    one = np.ones((1, 1, 1, 1))
    end = made.conv(
        1, one, (2, 2, 1), padding=VALID, strideH=1, strideW=1, fusedActivationFunction=activation
    )
    bias = made.values(made.operations[0].inputs[2])
    np.testing.assert_allclose(made.run(end), np.clip(made.shown + bias, low, high), rtol=1e-5)


def test_zeros_around_a_picture_become_the_padding_of_the_convolution():
    made = Made(6, 6, 3)
    around = made.constant([[0, 0], [1, 2], [0, 1], [0, 0]])
    padded = made.add("PAD", [1, around], (9, 7, 3))
    weights = made.random.standard_normal((2, 3, 3, 3))
    end = made.conv(padded, weights, (4, 3, 2), padding=VALID, strideH=2, strideW=2)
    bias = made.values(made.operations[1].inputs[2])
    np.testing.assert_allclose(
        made.run(end), convolved(made.shown, weights, bias, 2, (1, 0, 2, 1)), rtol=1e-4, atol=1e-5
    )


def test_zeros_around_a_picture_that_is_no_convolutions():
    made = Made(2, 2, 1)
    around = made.constant([[0, 0], [1, 2], [0, 1], [0, 0]])
    end = made.add("RELU", [made.add("PAD", [1, around], (5, 3, 1))], (5, 3, 1))
    expected = np.pad(np.maximum(made.shown, 0), [(0, 0), (1, 2), (0, 1), (0, 0)])
    np.testing.assert_array_equal(made.run(end), expected)


def test_channels_of_zeros():
    made = Made(2, 2, 3)
    end = made.add("PAD", [1, made.constant([[0, 0], [0, 0], [0, 0], [1, 2]])], (2, 2, 6))
    np.testing.assert_array_equal(made.run(end), np.pad(made.shown, [(0, 0), (0, 0), (0, 0), (1, 2)]))


def test_maxima():
    made = Made(4, 4, 2)
    end = made.add(
        "MAX_POOL_2D",
        [1],
        (2, 2, 2),
        filterHeight=2,
        filterWidth=2,
        strideH=2,
        strideW=2,
        padding=SAME,
        fusedActivationFunction=NONE,
    )
    np.testing.assert_array_equal(made.run(end), made.shown.reshape(2, 2, 2, 2, 2, 2).max((2, 4)))


def test_prelu():
    made = Made(2, 2, 3)
    slopes = np.array([0.5, -1.0, 2.0]).reshape(1, 1, 3)
    end = made.add("PRELU", [1, made.constant(slopes)], (2, 2, 3))
    expected = np.where(made.shown > 0, made.shown, made.shown * slopes)
    np.testing.assert_allclose(made.run(end), expected, rtol=1e-6)


def bilinear(shown: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Rows and columns (of a square) at `places`, between which it is linear; beyond, the border."""
    size = shown.shape[1]
    inside = np.clip(places, 0, size - 1)
    low = np.minimum(np.floor(inside).astype(int), size - 2)
    weights = np.zeros((len(places), size))
    weights[np.arange(len(places)), low] = 1 - (inside - low)
    weights[np.arange(len(places)), low + 1] = inside - low
    return np.einsum("ab,nbcd,ec->naed", weights, shown, weights)


@pytest.mark.parametrize(
    ("half", "corners", "places"),
    [
        (True, False, (np.arange(6) + 0.5) / 2 - 0.5),
        (False, True, np.arange(6) * 2 / 5),
        (False, False, np.arange(6) / 2),
    ],
    ids=["half", "corners", "neither"],
)
def test_resize(half, corners, places):
    made = Made(3, 3, 2)
    end = made.add(
        "RESIZE_BILINEAR",
        [1, made.constant([6, 6])],
        (6, 6, 2),
        halfPixelCenters=half,
        alignCorners=corners,
    )
    np.testing.assert_allclose(made.run(end), bilinear(made.shown, places), rtol=1e-5, atol=1e-6)


def test_depth_to_space():
    made = Made(1, 2, 8)
    made.shown = np.arange(16, dtype=np.float32).reshape(1, 1, 2, 8)
    end = made.add("DEPTH_TO_SPACE", [1], (2, 4, 2), blockSize=2)
    expected = [[[0, 1], [2, 3], [8, 9], [10, 11]], [[4, 5], [6, 7], [12, 13], [14, 15]]]
    np.testing.assert_array_equal(made.run(end)[0], expected)


def test_concatenation_and_sum():
    made = Made(2, 2, 3)
    both = made.add("CONCATENATION", [1, 1], (2, 2, 6), axis=3)
    end = made.add("ADD", [both, both], (2, 2, 6), fusedActivationFunction=NONE)
    np.testing.assert_allclose(made.run(end), 2 * np.concatenate([made.shown, made.shown], 3))


@pytest.mark.parametrize("black", [0, -1])
def test_the_first_convolution_takes_bytes_whose_order_is_blue_green_red(black):
    random = np.random.default_rng(0)
    shown = random.integers(0, 256, (2, 8, 8, 3)).astype(np.uint8)
    weights, bias = random.standard_normal((5, 3, 3, 3)).astype(np.float32), np.arange(5, dtype=np.float32)
    graph = Graph()
    end = Picture("x", 8, black).convolved(graph, weights.transpose(0, 3, 1, 2), bias, (2, 2), (0, 1, 1, 0))
    (found,) = run(graph, {"y": end}, x=shown)
    rgb = shown[..., ::-1] / 255 * (1 - black) + black
    expected = convolved(rgb, weights, bias, 2, (0, 1, 1, 0))
    np.testing.assert_allclose(found.transpose(0, 2, 3, 1), expected, rtol=1e-4, atol=1e-5)


def test_what_is_not_known_is_refused():
    made = Made(2, 2, 1)
    with pytest.raises(ConversionError, match="The operator SOFTMAX of this network is not known"):
        made.run(made.add("SOFTMAX", [1], (2, 2, 1)))
    with pytest.raises(ConversionError, match="is not a constant"):
        made.run(made.add("PRELU", [1, 1], (2, 2, 1)))
    with pytest.raises(ConversionError, match="A slice that leaves something out"):
        made.run(made.add("STRIDED_SLICE", [1], (1, 2, 1)))
