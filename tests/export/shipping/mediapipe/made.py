"""What the tests of the conversion share: graphs that are run, and small layers with made-up weights."""

from __future__ import annotations

import numpy as np
from onnx import TensorProto, helper

from app.stages.models import make_session
from export.shipping.mediapipe.graph import Graph


def run(graph: Graph, ends: dict[str, str], **inputs: np.ndarray) -> list[np.ndarray]:
    """The values of `ends`, which have four axes: outputs, and their names in the graph."""
    kinds = {np.dtype(np.float32): TensorProto.FLOAT, np.dtype(np.uint8): TensorProto.UINT8}
    shown = [
        helper.make_tensor_value_info(name, kinds[values.dtype], ["n", *values.shape[1:]])
        for name, values in inputs.items()
    ]
    outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [None] * 4) for name in ends]
    content = graph.model(shown, outputs, ends).SerializeToString()
    return make_session(content, 1).run(list(ends), inputs)


class Layers:
    """Adds layers with made-up weights to a graph; the same seed gives the same."""

    def __init__(self, seed: int = 0) -> None:
        self.graph = Graph()
        self.random = np.random.default_rng(seed)

    def conv(
        self, value: str, inputs: int, outputs: int, kernel: int = 1, group: int = 1, stride: int = 1
    ) -> str:
        """A convolution that keeps the size, or halves it."""
        weights = self.random.standard_normal((outputs, inputs // group, kernel, kernel)) / inputs
        return self.graph.add(
            "Conv",
            value,
            self.graph.floats(weights),
            self.graph.floats(self.random.standard_normal(outputs)),
            group=group,
            kernel_shape=(kernel, kernel),
            strides=(stride, stride),
            pads=(kernel // 2,) * 4,
        )

    def prelu(self, value: str, slopes: list[float] | np.ndarray) -> str:
        """PReLU with a slope for each channel."""
        return self.graph.add("PRelu", value, self.graph.floats(np.reshape(slopes, (-1, 1, 1))))

    def pool(self, value: str) -> str:
        """The maxima of 2 x 2 pixels."""
        return self.graph.add("MaxPool", value, kernel_shape=(2, 2), strides=(2, 2), pads=(0, 0, 0, 0))

    def fill_up(self, value: str, inputs: int, outputs: int) -> str:
        """More channels, of zeros."""
        weights = self.graph.floats(np.eye(outputs, inputs)[:, :, None, None])
        zeros = self.graph.floats(np.zeros(outputs))
        return self.graph.add(
            "Conv", value, weights, zeros, group=1, kernel_shape=(1, 1), strides=(1, 1), pads=(0, 0, 0, 0)
        )

    def add(self, one: str, other: str) -> str:
        """The sum."""
        return self.graph.add("Add", one, other)

    def kinds(self) -> list[str]:
        """The kinds of the nodes, in order."""
        return [node.kind for node in self.graph.nodes]

    def values(self, *shape: int) -> np.ndarray:
        """Made-up values of an input."""
        return self.random.standard_normal(shape).astype(np.float32)
