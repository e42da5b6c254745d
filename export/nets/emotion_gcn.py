"""Emotion-GCN (Antoniadis 2021, chapter 6): a graph network makes the weights of classifiers and regressors.

Its nodes are the expressions and valence and arousal. Two things differ from Antoniadis: the nodes have
one-hot vectors, or their places in the plane, instead of trained word vectors, since this project uses no
weights of others; and a node without neighbours keeps itself whole (`label_graph`). Valence and arousal are
linear, as printed; what is exported is clipped to -1..1.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from app.types import EXPRESSIONS
from export.data.batch import Truth
from export.data.circumplex import COORDINATES
from export.nets.densenet import trunk
from export.nets.heads import Affect

NODES = len(EXPRESSIONS) + 2
LAYERS = ("first", "second", "third", "fourth")
"""The names of the graph convolutions; a network has the first few."""


class EmotionGcn(nn.Module):
    """A DenseNet's features, weighed by the vectors that two graph convolutions make.

    `blocks` and `growth` are those of DenseNet; `hidden` is the width between the `layers` graph
    convolutions, `threshold` and `share` are tau and p of `label_graph`, and `nodes` says what a node is at
    first: "one-hot", or "plane" for its valence and arousal. Raises ValueError for other layers or nodes.
    """

    def __init__(
        self,
        blocks: Sequence[int] = (4, 6, 8),
        growth: int = 16,
        hidden: int = 128,
        dropout: float = 0.2,
        layers: int = 2,
        threshold: float = 0.1,
        share: float = 0.7,
        nodes: str = "one-hot",
    ) -> None:
        super().__init__()
        self.trunk, channels = trunk(blocks, growth)
        self.threshold, self.share = threshold, share
        self.heads: nn.Module = GraphHeads(channels, hidden, dropout, layers, nodes)

    def learn_graph(self, truth: Truth) -> None:
        """Sets the weights between the nodes from the labels of the training set."""
        if isinstance(self.heads, GraphHeads):
            self.heads.graph.copy_(label_graph(truth, self.threshold, self.share))

    def forward(self, crops: Tensor) -> Affect:
        """What the network gives for standardised crops (n, 1, s, s): see `Affect`."""
        given: Affect = self.heads(self.trunk(crops))
        return given


class GraphHeads(nn.Module):
    """Global maximum, dropout, then the vectors of the graph; a plain linear layer once it is trained.

    `graph` (10, 10), the weights between the nodes, is set from the training set by `label_graph`.
    """

    graph: Tensor

    def __init__(
        self, channels: int, hidden: int, dropout: float, layers: int = 2, nodes: str = "one-hot"
    ) -> None:
        super().__init__()
        if not 1 <= layers <= len(LAYERS):
            raise ValueError(f"Emotion-GCN has 1 to {len(LAYERS)} layers; correct the option.")
        self.dropout = nn.Dropout(dropout)
        self.register_buffer("graph", torch.eye(NODES))
        self.nodes = at_first(nodes)
        widths = [self.nodes.shape[1], *[hidden] * (layers - 1), channels]
        for name, before, after in zip(LAYERS, widths, widths[1:], strict=False):
            self.add_module(name, nn.Linear(before, after, bias=False))
        self.layers = LAYERS[:layers]

    def vectors(self) -> Tensor:
        """(10, channels): a row for each expression, then valence and arousal (Antoniadis 2021, equation
        1.5.1, once for each layer)."""
        vectors = self.nodes.to(self.graph.device)
        for number, name in enumerate(self.layers):
            if number:
                vectors = nn.functional.leaky_relu(vectors, 0.2)
            vectors = self.graph @ self.get_submodule(name)(vectors)
        return vectors

    def forward(self, features: Tensor) -> Affect:
        """The answers to the last feature map (n, c, h, w) of a trunk; valence and arousal have no bounds in
        training."""
        given = answer(features, self.dropout, self.vectors())
        return given if self.training else clipped(given)

    def folded(self) -> Folded:
        """Heads that give the same answers without the graph, as they are exported."""
        return Folded(self.vectors().detach())


class Folded(nn.Module):
    """What remains of the graph at export: its constant vectors (10, channels)."""

    vectors: Tensor

    def __init__(self, vectors: Tensor) -> None:
        super().__init__()
        self.register_buffer("vectors", vectors.clone())

    def forward(self, features: Tensor) -> Affect:
        """The answers to the last feature map (n, c, h, w) of a trunk."""
        return clipped(answer(features, nn.Identity(), self.vectors))


def answer(features: Tensor, dropout: nn.Module, vectors: Tensor) -> Affect:
    """The answers that `vectors` (10, c) give for (n, c, h, w) features, pooled by the maximum.

    Valence and arousal have no bounds.
    """
    embedding = features.amax((2, 3))
    scores = nn.functional.linear(dropout(embedding), vectors)
    return Affect(scores[:, :-2], scores[:, -2:], embedding, features)


def clipped(given: Affect) -> Affect:
    """The same with valence and arousal within -1..1."""
    return given._replace(va=given.va.clamp(-1, 1))


def at_first(nodes: str) -> Tensor:
    """(10, d) what the nodes are before the graph: "one-hot", or "plane" for the place of each expression in
    the plane, and (1, 0) and (0, 1) for valence and arousal. Raises ValueError for another word."""
    if nodes == "one-hot":
        return torch.eye(NODES)
    if nodes == "plane":
        return torch.cat([torch.from_numpy(COORDINATES).float(), torch.eye(2)])
    raise ValueError(f"There are no nodes {nodes}; choose one-hot or plane.")


def label_graph(truth: Truth, threshold: float = 0.1, share: float = 0.7) -> Tensor:
    """(10, 10) weights between labels: Antoniadis 2021, equations 6.3.2 to 6.3.5.

    An expression and a dimension are linked where the absolute Spearman correlation over the training set is
    at least `threshold`; a node keeps 1 - `share` of itself, and its neighbours divide `share`. One without
    neighbours keeps itself whole: by the letter of 6.3.5 two layers would leave 0.09 of it.
    """
    expressions = nn.functional.one_hot(truth.labels, len(EXPRESSIONS)).T.double()
    columns = torch.stack([ranks(column) for column in [*expressions, *truth.va.T.double()]])
    centred = columns - columns.mean(1, keepdim=True)
    unit = nn.functional.normalize(centred, dim=1)
    linked = (unit @ unit.T).abs() >= threshold
    dimension = torch.arange(NODES) >= len(EXPRESSIONS)
    linked &= dimension[:, None] != dimension[None]  # only between the two models of affect
    weights = linked.float()
    neighbours = weights.sum(1, keepdim=True)
    own = torch.eye(NODES) * torch.where(neighbours > 0, 1 - share, 1.0)
    return share * weights / neighbours.clamp_min(1) + own


def ranks(values: Tensor) -> Tensor:
    """The rank of each of (n,) values, from 0; equal values have their mean rank."""
    _, place, counts = torch.unique(values, return_inverse=True, return_counts=True)
    last = counts.cumsum(0)
    mean: Tensor = (last - counts + last - 1).double() / 2
    return mean[place]
