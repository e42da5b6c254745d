"""The start of each network: from a picture as the app has it to the result of the first convolution."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto

from export.shipping.mediapipe.graph import Graph


@dataclass(frozen=True, slots=True)
class Picture:
    """The input of a network, BGR in bytes (n, size, size, 3), of which the original takes RGB in floats."""

    name: str
    size: int  # pixels
    black: float  # what a black pixel is for the original; a white one is 1

    def convolved(
        self,
        graph: Graph,
        weights: NDArray[np.float32],
        bias: NDArray[np.float32],
        stride: tuple[int, int],
        pads: tuple[int, int, int, int],
    ) -> str:
        """The first convolution, of `weights` (outputs, 3, height, width) for RGB from `black` to 1.

        The bytes are seen as a picture of one channel whose rows hold blue, green, red of one pixel after the
        other, so that nothing needs to be moved. The numbers of the original become part of the weights; only
        its 0 must stay 0, since that is what the padding adds.
        """
        unit = (1 - self.black) / 255
        rows = graph.add("Reshape", self.name, graph.integers([0, 1, self.size, 3 * self.size]))
        value = graph.add("Cast", rows, to=TensorProto.FLOAT)
        if self.black:
            value = graph.add("Add", value, graph.floats(self.black / unit))
        outputs, _, height, width = weights.shape
        bgr = weights[:, ::-1].astype(np.float64) * unit
        top, left, bottom, right = pads
        return graph.add(
            "Conv",
            value,
            graph.floats(bgr.transpose(0, 2, 3, 1).reshape(outputs, 1, height, 3 * width)),
            graph.floats(bias),
            group=1,
            kernel_shape=[height, 3 * width],
            strides=[stride[0], 3 * stride[1]],
            pads=[top, 3 * left, bottom, 3 * right],
        )
