"""Three operators of MediaPipe's own, by which the network with attention looks again at eyes and lips.

`Landmarks2TransformMatrix` lays a turned box around some of the first landmarks, `TransformTensorBilinear`
samples the features inside that box, and `TransformLandmarks` moves what was found there back.

A matrix, 4 x 4 in the original, is kept as its three columns of use, (n, 3, 2): the box's x axis and y axis
for one pixel of the sample, and its corner. So the point (x, y) of the sample is (x, y, 1) times the matrix.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from export.shipping.mediapipe.graph import Graph


def columns(matrices: NDArray[np.float32]) -> NDArray[np.float32]:
    """The columns of use, (n, 3, 2), of matrices (n, 4, 4): those of x, y and the shift."""
    return matrices[:, :2, (0, 1, 3)].transpose(0, 2, 1)


def crop_matrix(graph: Graph, points: str, options: Mapping[str, Any]) -> str:
    """The matrix from pixels of the sample to those of the features, from `points` (n, k, 3) of the features.

    The box's x axis points from `left_rotation_idx` to `right_rotation_idx`; it just holds the points
    `subset_idxs`, and is then made larger by `scale_x` and `scale_y` around its middle.
    """
    width, height = options["output_width"], options["output_height"]

    def part(value: str, start: int, stop: int, axis: int) -> str:
        bounds = (graph.integers([number]) for number in (start, stop, axis))
        return graph.add("Slice", value, *bounds)

    def point(index: int) -> str:
        return graph.add("Gather", flat, graph.integers([index]), axis=1)

    flat = part(points, 0, 2, 2)
    across = graph.add("Sub", point(options["right_rotation_idx"]), point(options["left_rotation_idx"]))
    x_axis = graph.add("Div", across, graph.add("ReduceL2", across, axes=[2], keepdims=1))
    y_axis = graph.add("MatMul", x_axis, graph.floats([[0, 1], [-1, 0]]))
    axes = graph.add("Concat", x_axis, y_axis, axis=1)
    chosen = graph.add("Gather", flat, graph.integers(options["subset_idxs"]), axis=1)
    turned = graph.add("MatMul", chosen, graph.add("Transpose", axes, perm=[0, 2, 1]))
    low = graph.add("ReduceMin", turned, axes=[1], keepdims=1)
    high = graph.add("ReduceMax", turned, axes=[1], keepdims=1)
    middle = graph.add("MatMul", graph.add("Mul", graph.add("Add", low, high), graph.floats(0.5)), axes)
    steps = [[options["scale_x"] / width, options["scale_y"] / height]]
    step = graph.add("Mul", graph.add("Sub", high, low), graph.floats(steps))
    scaled = graph.add("Mul", axes, graph.add("Transpose", step, perm=[0, 2, 1]))
    half = graph.add("MatMul", graph.floats([[width / 2, height / 2]]), scaled)
    return graph.add("Concat", scaled, graph.add("Sub", middle, half), axis=1)


def sampled(graph: Graph, picture: str, matrix: str, shape: tuple[int, int], size: tuple[int, int]) -> str:
    """The sample (n, channels, *size) of `picture` (n, channels, *shape) at its pixels moved by `matrix`.

    It is bilinear between pixel centres: pixel 0 is centred at 0.5 in the sample and in the picture. Beyond
    the picture its border is repeated.
    """
    rows, row_width = np.mgrid[: size[0], : size[1]] + 0.5
    pixels = np.stack([row_width.ravel(), rows.ravel(), np.ones(rows.size)], 1)
    places = graph.add("MatMul", graph.floats(pixels), matrix)
    to_grid = graph.add("Mul", places, graph.floats([2 / shape[1], 2 / shape[0]]))
    grid = graph.add("Sub", to_grid, graph.floats(1))  # -1..1 from border to border
    grid = graph.add("Reshape", grid, graph.integers([-1, *size, 2]))
    return graph.add("GridSample", picture, grid, mode="bilinear", align_corners=0, padding_mode="border")


def moved(graph: Graph, points: str, matrix: str) -> str:
    """`points` (n, k, 2) of the sample, moved by `matrix`."""

    def rows(start: int, stop: int) -> str:
        bounds = (graph.integers([number]) for number in (start, stop, 1))
        return graph.add("Slice", matrix, *bounds)

    return graph.add("Add", graph.add("MatMul", points, rows(0, 2)), rows(2, 3))
