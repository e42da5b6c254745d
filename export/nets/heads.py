"""What a trunk's pooled features become: expression logits, and valence and arousal."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from app.types import EXPRESSIONS


class Affect(NamedTuple):
    """What every affect network gives for n faces."""

    logits: Tensor  # (n, 8) in the order of EXPRESSIONS
    va: Tensor  # (n, 2) valence and arousal, -1..1
    embedding: Tensor  # (n, c) pooled features, for the losses that look at them
    features: Tensor  # (n, c, h, w) the last feature map


class TwoHeads(nn.Module):
    """Global average, dropout, a linear layer for the expressions, one with tanh for valence and arousal."""

    def __init__(self, channels: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.expression = nn.Linear(channels, len(EXPRESSIONS))
        self.affect = nn.Linear(channels, 2)

    def forward(self, features: Tensor) -> Affect:
        embedding = features.mean((2, 3))
        seen = self.dropout(embedding)
        return Affect(self.expression(seen), torch.tanh(self.affect(seen)), embedding, features)
