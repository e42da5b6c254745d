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
from export.shipping.mediapipe.picture import Picture

Pads = tuple[int, int, int, int]
"""Pixels added above, left, below and right."""


class ConversionError(UserError):
    """A network has something that the conversion does not know; the text is one sentence."""


class Translation:
    """The tensors of `network` as far as they are in `graph`."""

    def __init__(self, network: Network, graph: Graph, picture: Picture) -> None:
        self.network = network
        self.graph = graph
        self.picture = picture
        self._names: dict[int, str] = {}
        self._padded: dict[int, tuple[int, Pads]] = {}

    def __contains__(self, place: object) -> bool:
        """Whether the tensor is in the graph already."""
        return place in self._names or place in self._padded

    def shape(self, place: int) -> tuple[int, ...]:
        """The shape of a tensor, as the .tflite file has it."""
        return self.network.tensors[place].shape

    def values(self, place: int) -> Values | None:
        """The numbers of a constant; None for another tensor."""
        return self.network.tensors[place].values

    def floats(self, place: int) -> NDArray[np.float32]:
        """A constant in its own shape, as float32. Raises ConversionError for what is none."""
        return self._constant(place).astype(np.float32)

    def integers(self, place: int) -> NDArray[np.int64]:
        """A constant of whole numbers. Raises ConversionError for what is none."""
        return self._constant(place).astype(np.int64)

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

    def _constant(self, place: int) -> Values:
        values = self.values(place)
        if values is None:
            raise ConversionError(f"{self.network.tensors[place].name} of this network is not a constant.")
        return values
