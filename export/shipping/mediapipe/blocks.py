"""Channels in whole blocks: ONNX Runtime computes fast only on a multiple of 16 (or of 8) channels.

Where a convolution gives another number, it gets more outputs that are always 0, and what follows ignores
them. A convolution that only adds channels of zeros may then have nothing left to do, and goes away.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from export.shipping.mediapipe.graph import Graph, Node

BLOCK = 16
KEEP = ("PRelu", "Relu", "Clip", "MaxPool", "Resize")  # that turn channels of zeros into channels of zeros


def in_blocks(graph: Graph, ends: Iterable[str]) -> None:
    """Widens what convolutions give in `graph`, up to whole blocks; the names `ends` keep their values."""
    graph.prune(ends)
    _Wider(graph, set(ends)).run()


class _Wider:
    """Goes through the nodes in order and knows what is wider already."""

    def __init__(self, graph: Graph, ends: set[str]) -> None:
        self._graph = graph
        self._old, graph.nodes = graph.nodes, []
        self._narrow = ends | {
            name for node in self._old if node.kind not in ("Conv", "Add", *KEEP) for name in node.inputs
        }
        self._wider: dict[str, tuple[int, int]] = {}  # of names before: the channels before, and now
        self._same: dict[str, str] = {}  # the names of what nodes made that have nothing left to do

    def run(self) -> None:
        """Puts the nodes into the graph, with wider convolutions."""
        for node in self._old:
            widths = {self._wider.get(name, (0, 0)) for name in node.inputs}
            if node.kind == "Conv":
                self._conv(node)
            elif node.kind in KEEP or (node.kind == "Add" and len(widths) == 1):
                self._keep(node)
            else:
                self._graph.nodes.append(replace(node, inputs=tuple(map(self._exact, node.inputs))))

    def _keep(self, node: Node) -> None:
        """A node whose result is as wide as its input."""
        inputs = tuple(self._same.get(name, name) for name in node.inputs)
        if node.inputs[0] in self._wider:
            have, wide = self._wider[node.output] = self._wider[node.inputs[0]]
            if node.kind == "PRelu":
                slopes = np.pad(self._graph.constants[inputs[1]], [(0, wide - have), (0, 0), (0, 0)])
                inputs = (inputs[0], self._graph.floats(slopes))
        self._graph.nodes.append(replace(node, inputs=inputs))

    def _conv(self, node: Node) -> None:
        weights, bias = (self._graph.constants[name] for name in node.inputs[1:])
        value, group, count = node.inputs[0], node.attributes["group"], len(weights)
        have, wide = self._wider.get(value, (0, 0))
        more = 0
        if group == 1:
            weights = np.pad(weights, [(0, 0), (0, wide - have), (0, 0), (0, 0)])
            more = 0 if node.output in self._narrow else -count % BLOCK
        elif weights.shape[1] == 1 and group == count:
            more = wide - have
            group += more
        name = self._same.get(value, value) if group in (1, count + more) else self._exact(value)
        if more:
            self._wider[node.output] = (count, count + more)
            weights = np.pad(weights, [(0, more), (0, 0), (0, 0), (0, 0)])
            bias = np.pad(bias, (0, more))
        if group == 1 and wide and _fills_up(weights, bias, have):
            weights = np.eye(len(weights), wide, dtype=np.float32)[:, :, None, None]
            if len(weights) == wide:
                self._same[node.output] = name
                return
        inputs = (name, self._graph.floats(weights), self._graph.floats(bias))
        self._graph.nodes.append(replace(node, inputs=inputs, attributes={**node.attributes, "group": group}))

    def _exact(self, name: str) -> str:
        """The value without its channels of zeros."""
        value = self._same.get(name, name)
        if name not in self._wider:
            return value
        bounds = (self._graph.integers([number]) for number in (0, self._wider[name][0], 1))
        return self._graph.add("Slice", value, *bounds)


def _fills_up(weights: NDArray[np.float32], bias: NDArray[np.float32], channels: int) -> bool:
    """Whether a convolution gives what it gets, and then zeros, where only the first `channels` are not 0."""
    if bias.any() or weights.shape[2:] != (1, 1):
        return False
    return np.array_equal(weights[:, :channels, 0, 0], np.eye(len(weights), channels))
