"""Emotion-GCN (Antoniadis 2021, chapter 6): a graph network writes the classifiers and the regressors.

Its nodes are the expressions and valence and arousal. Their word vectors are one-hot here: the thesis takes
trained ones, and no weights of others are used in this project.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from app.types import EXPRESSIONS
from export.data.batch import Truth
from export.nets.densenet import trunk
from export.nets.heads import Affect

NODES = len(EXPRESSIONS) + 2


class EmotionGcn(nn.Module):
    """A DenseNet's features under the vectors that two graph convolutions write."""

    def __init__(
        self, blocks: Sequence[int] = (4, 6, 8), growth: int = 16, hidden: int = 128, dropout: float = 0.2
    ) -> None:
        super().__init__()
        self.trunk, channels = trunk(blocks, growth)
        self.heads: nn.Module = GraphHeads(channels, hidden, dropout)

    def forward(self, crops: Tensor) -> Affect:
        return self.heads(self.trunk(crops))


class GraphHeads(nn.Module):
    """Global max, dropout, then the vectors of the graph; a plain linear layer once it is trained."""

    def __init__(self, channels: int, hidden: int, dropout: float) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.register_buffer("graph", torch.eye(NODES))
        self.first = nn.Linear(NODES, hidden, bias=False)
        self.second = nn.Linear(hidden, channels, bias=False)

    def vectors(self) -> Tensor:
        """(10, channels): a row an expression, then valence and arousal. Equation 1.5.1, twice."""
        nodes = torch.eye(NODES, device=self.graph.device)
        hidden = nn.functional.leaky_relu(self.graph @ self.first(nodes), 0.2)
        return self.graph @ self.second(hidden)

    def forward(self, features: Tensor) -> Affect:
        return answer(features, self.dropout, self.vectors())

    def folded(self) -> Folded:
        """The same answers without the graph."""
        return Folded(self.vectors().detach())


class Folded(nn.Module):
    """What remains of the graph at export: its constant vectors."""

    def __init__(self, vectors: Tensor) -> None:
        super().__init__()
        self.register_buffer("vectors", vectors.clone())

    def forward(self, features: Tensor) -> Affect:
        return answer(features, nn.Identity(), self.vectors)


def answer(features: Tensor, dropout: nn.Module, vectors: Tensor) -> Affect:
    """What the vectors say of (n, c, h, w) features."""
    embedding = features.amax((2, 3))
    scores = nn.functional.linear(dropout(embedding), vectors)
    return Affect(scores[:, :-2], torch.tanh(scores[:, -2:]), embedding, features)


def label_graph(truth: Truth, threshold: float = 0.1, share: float = 0.7) -> Tensor:
    """(10, 10) weights between labels: equations 6.3.2 to 6.3.5.

    An expression and a dimension are linked where the absolute Spearman correlation over the training set is
    at least `threshold`; a node keeps 1 - `share` of itself, and its neighbours divide `share`.
    """
    expressions = nn.functional.one_hot(truth.labels, len(EXPRESSIONS)).T.double()
    columns = torch.stack([ranks(column) for column in [*expressions, *truth.va.T.double()]])
    centred = columns - columns.mean(1, keepdim=True)
    unit = nn.functional.normalize(centred, dim=1)
    linked = (unit @ unit.T).abs() >= threshold
    dimension = torch.arange(NODES) >= len(EXPRESSIONS)
    linked &= dimension[:, None] != dimension[None]  # only between the two models of affect
    weights = linked.float()
    weights = share * weights / weights.sum(1, keepdim=True).clamp_min(1)
    return weights + (1 - share) * torch.eye(NODES)


def ranks(values: Tensor) -> Tensor:
    """The rank of each of (n,) values, ties at their mean rank, from 0."""
    _, place, counts = torch.unique(values, return_inverse=True, return_counts=True)
    last = counts.cumsum(0)
    return ((last - counts + last - 1).double() / 2)[place]
