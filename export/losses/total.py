"""The weighted sum of losses that a recipe asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor, nn

from export.losses import regression, votes
from export.losses.batch import Batch, Truth
from export.nets.heads import Affect

LOSSES = {
    "votes": votes.Votes,
    "mse": regression.Squared,
    "ccc": regression.Concordance,
}


class Total(nn.Module):
    """The weighted sum that a recipe's table [loss] asks for: {"votes": {"weight": 1.0, ...}, ...}."""

    def __init__(self, table: Mapping[str, Mapping[str, Any]], truth: Truth, channels: int) -> None:
        """`truth` is the training set's, `channels` the embedding's width. Raises KeyError, TypeError."""
        super().__init__()
        self.weights = {name: float(options.get("weight", 1.0)) for name, options in table.items()}
        self.parts = nn.ModuleDict()
        for name, options in table.items():
            rest = {key: value for key, value in options.items() if key != "weight"}
            self.parts[name] = LOSSES[name](truth, channels, **rest)

    def forward(self, given: Affect, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        parts = {name: part(given, batch) for name, part in self.parts.items()}
        return sum(self.weights[name] * value for name, value in parts.items()), parts
