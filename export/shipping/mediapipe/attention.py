"""MediaPipe's own operators of the network with attention, by which it looks again at parts of the face.

`Landmarks2TransformMatrix` lays a turned box around some of the first landmarks, `TransformTensorBilinear`
samples the features inside that box, and `TransformLandmarks` moves what was found there back. Here each
works on several boxes at once.

A matrix, 4 x 4 in the original, is kept as its three columns of use, (3, 2): the box's x axis and y axis for
one pixel of the sample, and its corner. So a point (x, y) of the sample is (x, y, 1) times the matrix.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto

from export.shipping.mediapipe.graph import Graph
from export.shipping.mediapipe.translation import ConversionError

Options = Mapping[str, Any]
"""The options of one Landmarks2TransformMatrix."""


def columns(matrices: NDArray[np.float32]) -> NDArray[np.float32]:
    """The columns of use, (n, 3, 2), of matrices (n, 4, 4): those of x, y and the shift."""
    return matrices[:, :2, (0, 1, 3)].transpose(0, 2, 1)


def part(graph: Graph, value: str, start: int, stop: int, axis: int) -> str:
    """`value` from `start` up to `stop` along an axis."""
    return graph.add("Slice", value, *(graph.integers([number]) for number in (start, stop, axis)))


def boxes(graph: Graph, points: str, options: Sequence[Options]) -> str:
    """Matrices (n, boxes, 3, 2) from pixels of the samples to those of the features.

    `points` are (n, k, 2), in pixels of the features. A box's x axis points from `left_rotation_idx` to
    `right_rotation_idx`; the box just holds the points `subset_idxs`, and is then made larger by `scale_x`
    and `scale_y` around its middle. Raises ConversionError where boxes hold different numbers of points.
    """
    common = ("output_width", "output_height", "scale_x", "scale_y")
    width, height, scale_x, scale_y = (options[0][name] for name in common)
    count = len(options[0]["subset_idxs"])
    if any([one[name] for name in common] != [width, height, scale_x, scale_y] for one in options) or any(
        len(one["subset_idxs"]) != count for one in options
    ):
        raise ConversionError("Boxes of different kinds in one network are not known.")
    chosen = [[*one["subset_idxs"], one["left_rotation_idx"], one["right_rotation_idx"]] for one in options]
    all_points = graph.add("Gather", points, graph.integers(chosen), axis=1)  # (n, boxes, count + 2, 2)
    left, right = (part(graph, all_points, count + end, count + end + 1, 2) for end in (0, 1))
    across = graph.add("Sub", right, left)
    x_axis = graph.add("Div", across, graph.add("ReduceL2", across, axes=[3], keepdims=1))
    y_axis = graph.add("MatMul", x_axis, graph.floats([[0, 1], [-1, 0]]))
    axes = graph.add("Concat", x_axis, y_axis, axis=2)
    inside = part(graph, all_points, 0, count, 2)
    turned = graph.add("MatMul", inside, graph.add("Transpose", axes, perm=[0, 1, 3, 2]))
    low = graph.add("ReduceMin", turned, axes=[2], keepdims=1)
    high = graph.add("ReduceMax", turned, axes=[2], keepdims=1)
    middle = graph.add("MatMul", graph.add("Mul", graph.add("Add", low, high), graph.floats(0.5)), axes)
    step = graph.add("Mul", graph.add("Sub", high, low), graph.floats([scale_x / width, scale_y / height]))
    scaled = graph.add("Mul", axes, graph.add("Transpose", step, perm=[0, 1, 3, 2]))
    half = graph.add("MatMul", graph.floats([[width / 2, height / 2]]), scaled)
    return graph.add("Concat", scaled, graph.add("Sub", middle, half), axis=2)


def sampled(
    graph: Graph, features: str, matrices: str, shape: tuple[int, int, int], size: tuple[int, int], count: int
) -> str:
    """Samples (n, count * channels, *size) of `features` at the pixels of each of `count` boxes.

    `features` are (n, channels, height, width), where `shape` is (height, width, channels). Samples are
    bilinear between pixel centres: pixel 0 is centred at 0.5 in the sample and in the features. Beyond the
    features their border is repeated.
    """
    height, width, channels = shape
    y, x = np.mgrid[: size[0], : size[1]] + 0.5
    pixels = np.stack([x.ravel(), y.ravel(), np.ones(x.size)], 1)
    centred = graph.add("Sub", graph.add("MatMul", graph.floats(pixels), matrices), graph.floats(0.5))
    places = graph.add("Reshape", centred, graph.integers([0, count * x.size, 2]))
    last = graph.floats([width - 1, height - 1])
    places = graph.add("Min", graph.add("Max", places, graph.floats(0)), last)
    corner = graph.add("Min", graph.add("Floor", places), graph.floats([width - 2, height - 2]))
    after = graph.add("Sub", places, corner)  # 0..1 from the pixel before to that after
    before = graph.add("Sub", graph.floats(1), after)
    first = graph.add("MatMul", corner, graph.floats([[1], [width]]))
    index = graph.add("Cast", first, to=TensorProto.INT64)
    rows = graph.add("Transpose", features, perm=[0, 2, 3, 1])
    rows = graph.add("Reshape", rows, graph.integers([0, height * width, channels]))
    total = ""
    for down, weight_y in enumerate((before, after)):
        for right, weight_x in enumerate((before, after)):
            step = down * width + right
            at = graph.add("Add", index, graph.integers(step)) if step else index
            found = graph.add("GatherND", rows, at, batch_dims=1)
            weight = graph.add("Mul", part(graph, weight_x, 0, 1, 2), part(graph, weight_y, 1, 2, 2))
            term = graph.add("Mul", found, weight)
            total = graph.add("Add", total, term) if total else term
    each = graph.add("Reshape", total, graph.integers([0, count, x.size, channels]))
    each = graph.add("Transpose", each, perm=[0, 1, 3, 2])
    return graph.add("Reshape", each, graph.integers([0, count * channels, *size]))


def moved(graph: Graph, points: str, matrices: str) -> str:
    """`points` (n, boxes, k, 2) of the samples, moved by `matrices` (n, boxes, 3, 2)."""
    turned = graph.add("MatMul", points, part(graph, matrices, 0, 2, 2))
    return graph.add("Add", turned, part(graph, matrices, 2, 3, 2))
