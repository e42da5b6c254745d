"""The start of each network: from a picture as the app has it to the numbers that the original takes."""

from __future__ import annotations

import numpy as np
from onnx import TensorProto

from export.shipping.mediapipe.graph import Graph


def numbers(graph: Graph, picture: str, black: float) -> str:
    """RGB (n, 3, size, size) in `black`..1, of `picture`, BGR (n, size, size, 3) in 0..255."""
    rgb = graph.add("Gather", picture, graph.integers([2, 1, 0]), axis=3)
    value = graph.add("Cast", graph.add("Transpose", rgb, perm=[0, 3, 1, 2]), to=TensorProto.FLOAT)
    value = graph.add("Mul", value, graph.floats(np.float32(1 - black) / 255))
    return graph.add("Add", value, graph.floats(black)) if black else value
