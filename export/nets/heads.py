"""What a trunk's features become: expression logits, and valence and arousal."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor, nn

from app.types import EXPRESSIONS


class Affect(NamedTuple):
    """What every affect network gives for n faces."""

    logits: Tensor  # (n, 8) in the order of EXPRESSIONS
    va: Tensor  # (n, 2) valence and arousal, -1..1
    embedding: Tensor  # (n, c) pooled features, for the losses that use them
    features: Tensor  # (n, c, h, w) the last feature map


def mean(features: Tensor) -> Tensor:
    """(n, c): the mean of each channel of (n, c, h, w) over its places."""
    return features.mean((2, 3))


def maximum(features: Tensor) -> Tensor:
    """(n, c): the largest value of each channel of (n, c, h, w)."""
    return features.amax((2, 3))


POOLINGS: dict[str, Callable[[Tensor], Tensor]] = {"mean": mean, "max": maximum}


def pooled_by(name: str) -> Callable[[Tensor], Tensor]:
    """The pooling called `name`. Raises ValueError for another than those of POOLINGS."""
    if name not in POOLINGS:
        raise ValueError(f"There is no pooling {name}; choose from: {', '.join(POOLINGS)}.")
    return POOLINGS[name]


class TwoHeads(nn.Module):
    """Global pooling, dropout, a linear layer for the expressions, one with tanh for valence and arousal.

    `channels` is the width c of the features, `dropout` the share of them that a training step leaves out,
    `pooling` a key of POOLINGS. With `hidden` a layer of so many units comes behind the pooling, and makes
    the embedding.
    """

    def __init__(self, channels: int, dropout: float = 0.0, pooling: str = "mean", hidden: int = 0) -> None:
        super().__init__()
        self.pool = pooled_by(pooling)
        self.hidden = nn.Sequential(*([nn.Linear(channels, hidden), nn.ReLU()] if hidden else []))
        self.dropout = nn.Dropout(dropout)
        self.expression = nn.Linear(hidden or channels, len(EXPRESSIONS))
        self.affect = nn.Linear(hidden or channels, 2)

    def forward(self, features: Tensor) -> Affect:
        """The answers to the last feature map (n, c, h, w) of a trunk."""
        embedding = self.hidden(self.pool(features))
        seen = self.dropout(embedding)
        return Affect(self.expression(seen), torch.tanh(self.affect(seen)), embedding, features)


class Concatenated(nn.Module):
    """As TwoHeads, but the classifier also takes valence and arousal (Antoniadis 2021, figure 5.2.3b)."""

    def __init__(self, channels: int, dropout: float = 0.0, pooling: str = "mean") -> None:
        super().__init__()
        self.pool = pooled_by(pooling)
        self.dropout = nn.Dropout(dropout)
        self.expression = nn.Linear(channels + 2, len(EXPRESSIONS))
        self.affect = nn.Linear(channels, 2)

    def forward(self, features: Tensor) -> Affect:
        """The answers to the last feature map (n, c, h, w) of a trunk."""
        embedding = self.pool(features)
        seen = self.dropout(embedding)
        va = torch.tanh(self.affect(seen))
        return Affect(self.expression(torch.cat([seen, va.to(seen.dtype)], 1)), va, embedding, features)


class Separate(nn.Module):
    """Each task has a last hidden layer of its own (Antoniadis 2021, figure 5.2.3c).

    `hidden` is the width of both; that of the expressions is the embedding.
    """

    def __init__(self, channels: int, dropout: float = 0.0, pooling: str = "mean", hidden: int = 128) -> None:
        super().__init__()
        self.pool = pooled_by(pooling)
        self.dropout = nn.Dropout(dropout)
        self.hidden_expression = nn.Linear(channels, hidden)
        self.hidden_affect = nn.Linear(channels, hidden)
        self.expression = nn.Linear(hidden, len(EXPRESSIONS))
        self.affect = nn.Linear(hidden, 2)

    def forward(self, features: Tensor) -> Affect:
        """The answers to the last feature map (n, c, h, w) of a trunk."""
        seen = self.dropout(self.pool(features))
        embedding = torch.relu(self.hidden_expression(seen))
        va = torch.tanh(self.affect(torch.relu(self.hidden_affect(seen))))
        return Affect(self.expression(embedding), va, embedding, features)


HEADS: dict[str, type[nn.Module]] = {"plain": TwoHeads, "concatenated": Concatenated, "separate": Separate}
