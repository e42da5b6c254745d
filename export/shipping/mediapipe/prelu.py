"""PReLU in a form that ONNX Runtime computes fast.

Its own PReLU knows only plain tensors, so that every one of them costs two changes of the layout. Here it is
a x + (1 - a) relu(x), and both scalings are depthwise convolutions of 1 x 1, to which it adds in place.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from export.shipping.mediapipe.graph import Graph


def prelu(graph: Graph, value: str, slopes: NDArray[np.float32]) -> str:
    """PReLU of `value` (n, channels, height, width) with the slopes (channels,) of what is below 0."""
    positive = _scaled(graph, graph.add("Relu", value), 1 - slopes)
    return graph.add("Add", _scaled(graph, value, slopes), positive)


def _scaled(graph: Graph, value: str, factors: NDArray[np.float32]) -> str:
    weights = graph.floats(factors.reshape(-1, 1, 1, 1))
    return graph.add("Conv", value, weights, group=len(factors), kernel_shape=[1, 1])
