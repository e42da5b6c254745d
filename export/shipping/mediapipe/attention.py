"""MediaPipe's own operators of the network with attention, by which it looks again at parts of the face.

`Landmarks2TransformMatrix` lays a turned box around some of the first landmarks, `TransformTensorBilinear`
samples the features inside that box, and `TransformLandmarks` moves what was found there back. Here each
works on several boxes at once. The network: Grishchenko et al. 2020.

A matrix, 4 x 4 in the original, is kept as three rows, (3, 2): the box's x axis and y axis for one pixel of
the sample, and its middle. So a point (x, y), counted from the sample's middle, is (x, y, 1) times the
matrix.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from onnx import TensorProto

from export.shipping.mediapipe.graph import Graph
from export.shipping.mediapipe.translation import ConversionError

ALIKE = ("output_width", "output_height", "scale_x", "scale_y")  # options that boxes have in common
Options = Mapping[str, Any]
"""The options of one Landmarks2TransformMatrix."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What is sampled of the features."""

    boxes: int
    height: int  # pixels of each sample
    width: int
    channels: int
    unit: float  # pixels of the features for one of the boxes' points


def part(graph: Graph, value: str, start: int, stop: int, axis: int) -> str:
    """`value` from `start` up to `stop` along an axis."""
    return graph.add("Slice", value, *(graph.integers([number]) for number in (start, stop, axis)))


def boxes(graph: Graph, points: str, options: Sequence[Options]) -> str:
    """Matrices (n, boxes, 3, 2) from pixels of the samples to those of `points`, (n, k, 2).

    A box's x axis points from `left_rotation_idx` to `right_rotation_idx`; the box just holds the points
    `subset_idxs`, and is then made larger by `scale_x` and `scale_y` around its middle. Raises
    ConversionError where boxes differ in size, or hold different numbers of points.
    """
    width, height, scale_x, scale_y = (options[0][name] for name in ALIKE)
    count = len(options[0]["subset_idxs"])
    if any([one[name] for name in ALIKE] != [width, height, scale_x, scale_y] for one in options) or any(
        len(one["subset_idxs"]) != count for one in options
    ):
        raise ConversionError("Boxes of different kinds in one network are not known.")
    chosen = [[*one["subset_idxs"], one["left_rotation_idx"], one["right_rotation_idx"]] for one in options]
    all_points = graph.add("Gather", points, graph.integers(chosen), axis=1)  # (n, boxes, count + 2, 2)
    left, right = (part(graph, all_points, count + end, count + end + 1, 2) for end in (0, 1))
    x_axis = graph.add("LpNormalization", graph.add("Sub", right, left), axis=3, p=2)
    y_axis = graph.add("MatMul", x_axis, graph.floats([[0, 1], [-1, 0]]))
    axes = graph.add("Concat", x_axis, y_axis, axis=2)
    inside = part(graph, all_points, 0, count, 2)
    turned = graph.add("MatMul", inside, graph.add("Transpose", axes, perm=[0, 1, 3, 2]))
    low = graph.add("ReduceMin", turned, axes=[2], keepdims=1)
    high = graph.add("ReduceMax", turned, axes=[2], keepdims=1)
    middle = graph.add("MatMul", graph.add("Mul", graph.add("Add", low, high), graph.floats(0.5)), axes)
    step = graph.add("Mul", graph.add("Sub", high, low), graph.floats([scale_x / width, scale_y / height]))
    scaled = graph.add("Mul", axes, graph.add("Transpose", step, perm=[0, 1, 3, 2]))
    return graph.add("Concat", scaled, middle, axis=2)


def sampled(graph: Graph, features: str, size: int, matrices: str, wanted: Sample) -> str:
    """Samples (n, boxes * channels, height, width) of `features` at the pixels of each box.

    `features` are (n, channels, size, size). Samples are bilinear between pixel centres: pixel 0 is centred
    at 0.5 in the sample and in the features. Beyond the features their border is repeated.
    """
    places = _places(graph, matrices, wanted)
    nearest = [graph.floats(0), graph.floats(np.nextafter(np.float32(size - 1), np.float32(0)))]
    corner = graph.add("Floor", graph.add("Clip", places, *nearest))
    inside = graph.add("Clip", places, graph.floats(0), graph.floats(size - 1))
    after = graph.add("Sub", inside, corner)  # 0..1 from the pixel before to that after
    before = graph.add("Sub", graph.floats(1), after)
    first = graph.add("MatMul", corner, graph.floats([[1], [size]]))
    rows = graph.add("Transpose", features, perm=[0, 2, 3, 1])
    rows = graph.add("Reshape", rows, graph.integers([0, size * size, wanted.channels]))
    across, down = ([part(graph, one, axis, axis + 1, 2) for one in (before, after)] for axis in (0, 1))
    total = ""
    for row, weight_y in enumerate(down):
        for column, weight_x in enumerate(across):
            step = row * size + column
            at = graph.add("Add", first, graph.floats(step)) if step else first
            found = graph.add("GatherND", rows, graph.add("Cast", at, to=TensorProto.INT64), batch_dims=1)
            term = graph.add("Mul", found, graph.add("Mul", weight_x, weight_y))
            total = graph.add("Add", total, term) if total else term
    pixels = wanted.height * wanted.width
    each = graph.add("Reshape", total, graph.integers([0, wanted.boxes, pixels, wanted.channels]))
    each = graph.add("Transpose", each, perm=[0, 1, 3, 2])
    shape = [0, wanted.boxes * wanted.channels, wanted.height, wanted.width]
    return graph.add("Reshape", each, graph.integers(shape))


def _places(graph: Graph, matrices: str, wanted: Sample) -> str:
    """Where the pixels of all boxes are in the features, (n, pixels, 2); 0 is the centre of a pixel."""
    y, x = np.mgrid[: wanted.height, : wanted.width] + 0.5
    from_middle = [x.ravel() - wanted.width / 2, y.ravel() - wanted.height / 2, np.ones(x.size)]
    pixels = np.stack(from_middle, 1) * wanted.unit
    places = graph.add("Sub", graph.add("MatMul", graph.floats(pixels), matrices), graph.floats(0.5))
    return graph.add("Reshape", places, graph.integers([0, wanted.boxes * x.size, 2]))


def moved(graph: Graph, points: str, matrices: str) -> str:
    """`points` (n, boxes, k, 2), counted from the middles of the samples, moved by `matrices`."""
    turned = graph.add("MatMul", points, part(graph, matrices, 0, 2, 2))
    return graph.add("Add", turned, part(graph, matrices, 2, 3, 2))
