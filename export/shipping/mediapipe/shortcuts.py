"""Shortcuts with fewer channels, which are filled up with zeros and added: only the first channels are sums.

Source: He et al., "Deep residual learning for image recognition", CVPR 2016, section 3.3, option A. In these
networks a convolution adds the channels of zeros; it goes away.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from export.shipping.mediapipe.graph import Graph, Node


def split_shortcuts(graph: Graph, ends: Iterable[str]) -> None:
    """Replaces such sums in `graph` by sums of the first channels; the names `ends` keep their values."""
    graph.prune(ends)
    producers, uses = graph.producers(), graph.uses()
    nodes, graph.nodes = graph.nodes, []
    for node in nodes:
        parts = [producers.get(name) for name in node.inputs]
        for short, long in (parts, parts[::-1]) if node.kind == "Add" else ():
            if short and long and fills_up(graph, short) and _simple(long) and uses[long.output] == 1:
                _split(graph, node, short, long)
                break
        else:
            graph.nodes.append(node)
    graph.prune(ends)


def fills_up(graph: Graph, node: Node) -> bool:
    """Whether a node is a convolution that adds channels of zeros after those it gets, and no more."""
    if not _simple(node) or any(graph.constants[node.inputs[2]]):
        return False
    weights = graph.constants[node.inputs[1]]
    rows, columns = weights.shape[:2]
    return weights.shape[2:] == (1, 1) and np.array_equal(weights[..., 0, 0], np.eye(rows, columns))


def _simple(node: Node) -> bool:
    return node.kind == "Conv" and node.attributes["group"] == 1


def _split(graph: Graph, total: Node, short: Node, long: Node) -> None:
    """The sum `total` of `short` and `long`, as a sum of the first channels with the others beside it."""
    count = graph.constants[short.inputs[1]].shape[1]
    first, rest = (
        graph.add(
            "Conv",
            long.inputs[0],
            *(graph.floats(graph.constants[name][part]) for name in long.inputs[1:]),
            **long.attributes,
        )
        for part in (slice(count), slice(count, None))
    )
    both = (graph.add("Add", short.inputs[0], first), rest)
    graph.nodes.append(Node("Concat", both, total.output, {"axis": 1}))
