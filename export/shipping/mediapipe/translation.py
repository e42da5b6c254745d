"""What is known while a network is translated: which tensor has which name in the ONNX graph.

Pictures are (n, channels, height, width) there, and (1, height, width, channels) in a .tflite file; other
tensors keep their axes, and the first is always the batch.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.system.errors import UserError
from export.shipping.mediapipe.graph import Graph
from export.shipping.mediapipe.network import Network, Values

Pads = tuple[int, int, int, int]
"""Pixels added above, left, below and right."""


class ConversionError(UserError):
    """A network has something that the conversion does not know; the text is one sentence."""


class Translation:
    """The tensors of `network` as far as they are in `graph`."""

    def __init__(self, network: Network, graph: Graph) -> None:
        self.network = network
        self.graph = graph
        self._names: dict[int, str] = {}
        self._constants: dict[int, Values] = {
            place: tensor.values for place, tensor in enumerate(network.tensors) if tensor.values is not None
        }
        self._padded: dict[int, tuple[int, Pads]] = {}

    def shape(self, place: int) -> tuple[int, ...]:
        """The shape of a tensor, as the .tflite file has it."""
        return self.network.tensors[place].shape

    def is_constant(self, place: int) -> bool:
        """Whether the tensor is a constant."""
        return place in self._constants

    def floats(self, place: int) -> NDArray[np.float32]:
        """A constant in its own shape, as float32. Raises KeyError for what is none."""
        return self._constants[place].astype(np.float32)

    def integers(self, place: int) -> NDArray[np.int64]:
        """A constant of whole numbers. Raises KeyError for what is none."""
        return self._constants[place].astype(np.int64)

    def same(self, place: int, source: int) -> None:
        """The tensor `place` is what `source` is: a constant or not."""
        if source in self._constants:
            self._constants[place] = self._constants[source]
        else:
            self._names[place] = self.name(source)

    def set(self, place: int, name: str) -> None:
        """The tensor `place` is called `name` in the graph."""
        self._names[place] = name

    def pad(self, place: int, source: int, pads: Pads) -> None:
        """The tensor `place` is `source` with zeros around; a node is added only where it has to be."""
        self._padded[place] = source, pads

    def padding(self, place: int) -> tuple[int, Pads]:
        """The tensor that `place` is with zeros around it, and how many; itself and 0 where there are
        none."""
        return self._padded.get(place, (place, (0, 0, 0, 0)))

    def name(self, place: int) -> str:
        """The name of a tensor that is no constant. Raises KeyError when it is not computed yet."""
        if place not in self._names and place in self._padded:
            source, (top, left, bottom, right) = self._padded[place]
            pads = self.graph.integers([0, 0, top, left, 0, 0, bottom, right])
            self._names[place] = self.graph.add("Pad", self.name(source), pads)
        return self._names[place]
