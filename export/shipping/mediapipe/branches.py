"""Branches of a network that do the same with other weights, computed as one with groups of channels."""

from __future__ import annotations

from collections.abc import Mapping

from export.shipping.mediapipe.graph import Graph, Node

Names = tuple[str, ...]

ALIKE = ("Conv", "PRelu", "Add", "MaxPool")  # kinds that work on each channel, or each group of them, alone


def merge_branches(graph: Graph, names: Names, merged: Mapping[Names, str]) -> str:
    """The name of the values `names`, (n, channels, height, width) each, concatenated along the channels.

    As far back as the nodes that make them are alike, one node makes all; each convolution has the groups of
    all. `merged` has what is merged already.
    """
    return _Merged(graph, merged).name(names)


class _Merged:
    """What is merged already."""

    def __init__(self, graph: Graph, merged: Mapping[Names, str]) -> None:
        self._graph = graph
        self._producers = graph.producers()
        self._names: dict[Names, str] = dict(merged)

    def name(self, names: Names) -> str:
        """The name of all `names`, merged into one."""
        if names not in self._names:
            self._names[names] = self._make(names)
        return self._names[names]

    def _make(self, names: Names) -> str:
        different = tuple(dict.fromkeys(names))
        times = len(names) // len(different)
        if len(different) == 1 < times or (times > 1 and different * times == names):
            return self._graph.add("Concat", *[self.name(different)] * times, axis=1)
        if len(different) == 1:
            return names[0]
        nodes = [self._producers[name] for name in names if name in self._producers]
        if len(nodes) < len(names) or not self._alike(nodes):
            return self._graph.add("Concat", *names, axis=1)
        first = nodes[0]
        parts = zip(*(node.inputs for node in nodes), strict=True)
        attributes = dict(first.attributes)
        if first.kind == "Conv":
            attributes["group"] *= len(nodes)
        return self._graph.add(first.kind, *(self._input(part) for part in parts), **attributes)

    def _alike(self, nodes: list[Node]) -> bool:
        first = nodes[0]
        shapes = [self._shapes(node) for node in nodes]
        return first.kind in ALIKE and all(
            node.kind == first.kind and node.attributes == first.attributes and shape == shapes[0]
            for node, shape in zip(nodes, shapes, strict=True)
        )

    def _shapes(self, node: Node) -> list[tuple[int, ...] | None]:
        constants = self._graph.constants
        return [constants[name].shape if name in constants else None for name in node.inputs]

    def _input(self, names: Names) -> str:
        constants = self._graph.constants
        if names[0] not in constants:
            return self.name(names)
        return self._graph.floats([row for name in names for row in constants[name]])
