"""PReLU (He et al. 2015) in the form that ONNX Runtime computes fast: a x + b relu(x) with b = 1 - a.

a is the slope of each channel below 0. ONNX Runtime's own PReLU knows only plain tensors, so that each costs
two changes of the layout. A multiplication by a number for each channel is a depthwise convolution of 1 x 1,
to which it adds in place.

One of the two multiplications goes away where what follows can take the result in another unit: then the
result is that divided by b, which is (a / b) x + relu(x), and the convolutions after it take b into their
weights. Such units, `Scales`, pass through sums and, where they are positive, through maxima.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from app.types import Floats
from export.shipping.mediapipe.graph import Graph, Node
from export.shipping.mediapipe.shortcuts import fills_up

Scales = dict[str, Floats]
"""By what number each channel of a tensor is multiplied, (channels,); 1 for those that are not here."""

SMALL = 2.0**-10  # of b: below, units would become too far from 1


def without_prelu(graph: Graph, ends: Iterable[str]) -> None:
    """Replaces each PRelu in `graph`; the names `ends` keep their values, others may get another unit."""
    graph.prune(ends)
    scales = _Choice(graph, set(ends)).scales
    nodes, graph.nodes = graph.nodes, []
    for node in nodes:
        if node.kind == "Conv":
            _conv(graph, node, scales)
        elif node.kind == "PRelu":
            _prelu(graph, node, scales)
        else:
            graph.nodes.append(node)


class _Choice:
    """Chooses the unit of each tensor, in the order of the computation."""

    def __init__(self, graph: Graph, ends: set[str]) -> None:
        self.scales: Scales = {}
        self._graph = graph
        self._ends = ends
        self._producers = graph.producers()
        self._consumers: dict[str, list[Node]] = {}
        for node in graph.nodes:
            for name in node.inputs:
                self._consumers.setdefault(name, []).append(node)
        for node in graph.nodes:
            if node.kind == "PRelu":
                slopes = _slopes(graph, node)
                positive = 1 - slopes
                if abs(positive).min() >= SMALL and self._accepted(node.output, bool((positive > 0).all())):
                    before = self.scales.get(node.inputs[0], np.ones_like(slopes))
                    self.scales[node.output] = abs(before) / positive
            elif node.kind == "MaxPool" and node.inputs[0] in self.scales:
                self.scales[node.output] = self.scales[node.inputs[0]]
            elif node.kind == "Add":
                self._sum(node)

    def _sum(self, node: Node) -> None:
        """Both parts of a sum, and the sum, get the unit of the part that has one already.

        That is also a part which only adds channels of zeros to what has one.
        """
        for name in node.inputs:
            scale = self.scales.get(name)
            if scale is None and self._free(node, name) and self._accepted(node.output, True):
                scale = self._filled_up(name)
            if scale is not None:
                for other in (*node.inputs, node.output):
                    self.scales[other] = scale
                return

    def _filled_up(self, name: str) -> Floats | None:
        """The unit of a value filled up with zeros that needs no multiplication; None for another value."""
        producer = self._producers.get(name)
        if producer is None or not self._for_one(name) or not fills_up(self._graph, producer):
            return None
        before = self.scales.get(producer.inputs[0])
        if before is None or (before < 0).any():
            return None
        more = len(self._graph.constants[producer.inputs[1]]) - len(before)
        return np.concatenate([before, np.ones(more)])

    def _accepted(self, name: str, positive: bool) -> bool:
        """Whether all that take `name` can take it in another unit, which may be negative or not."""
        return name not in self._ends and all(
            node.kind in ("Conv", "PRelu")
            or (node.kind == "MaxPool" and positive and self._accepted(node.output, positive))
            or (node.kind == "Add" and self._free(node, name) and self._accepted(node.output, positive))
            for node in self._consumers[name]
        )

    def _free(self, node: Node, name: str) -> bool:
        """Whether the other part of a sum can be made in the unit of `name`."""
        others = [other for other in node.inputs if other != name]
        return len(others) == 1 and self._for_one(others[0])

    def _for_one(self, name: str) -> bool:
        """Whether a convolution makes a value, and for one node alone: then it may be in any unit."""
        made = name in self._producers and self._producers[name].kind == "Conv"
        return made and name not in self._ends and len(self._consumers[name]) == 1


def _slopes(graph: Graph, node: Node) -> Floats:
    return graph.constants[node.inputs[1]].astype(np.float64).reshape(-1)


def _conv(graph: Graph, node: Node, scales: Scales) -> None:
    """The convolution with its weights for the units of its input and output."""
    weights = graph.constants[node.inputs[1]].astype(np.float64)
    value, bias = node.inputs[0], node.inputs[2]
    if value not in scales and node.output not in scales:
        graph.nodes.append(node)
        return
    count, each = weights.shape[:2]
    if value in scales:
        groups = scales[value].reshape(-1, each)  # of the input's channels
        weights /= np.repeat(groups, count // len(groups), 0).reshape(count, each, 1, 1)
    biases = graph.constants[bias].astype(np.float64)
    if node.output in scales:
        weights *= scales[node.output].reshape(-1, 1, 1, 1)
        biases = biases * scales[node.output]
    inputs = (value, graph.floats(weights), graph.floats(biases))
    graph.nodes.append(replace(node, inputs=inputs))


def _prelu(graph: Graph, node: Node, scales: Scales) -> None:
    """a x + b relu(x), whose x is `before` times too large and whose result is to be `after` times larger.

    Where `before` is negative, so is relu's argument: x + b relu(-x) is the same.
    """
    slopes = _slopes(graph, node)
    value = node.inputs[0]
    before = scales.get(value, np.ones_like(slopes))
    after = scales.get(node.output, np.ones_like(slopes))
    straight = np.where(before > 0, slopes, 1.0) * after / before
    positive = graph.add("Relu", value)
    if node.output not in scales:
        positive = _scaled(graph, positive, (1 - slopes) / abs(before))
    total = Node("Add", (_scaled(graph, value, straight), positive), node.output, {})
    graph.nodes.append(total)


def _scaled(graph: Graph, value: str, factors: NDArray[np.float64]) -> str:
    weights = graph.floats(factors.reshape(-1, 1, 1, 1))
    return graph.add("Conv", value, weights, group=len(factors), kernel_shape=[1, 1])
