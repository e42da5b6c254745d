"""The weighted sum of losses that a recipe names.

To add a loss: a class here in export/losses/ that takes (truth, channels, **options), with `forward(given,
batch)`, and a line in LOSSES.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor, nn

from export.data.batch import Batch, Truth
from export.losses import centre, contrastive, expression, island, mask, plane, rated, regression, subclass
from export.nets.heads import Affect

LOSSES: dict[str, type[nn.Module]] = {
    "votes": expression.Votes,
    "weighted": expression.Weighted,
    "smoothed": expression.Smoothed,
    "focal": expression.Focal,
    "centre": centre.Centre,
    "va_centre": centre.VaCentre,
    "weighted_cluster": centre.WeightedCluster,
    "island": island.Island,
    "subclass": subclass.Subclass,
    "contrastive": contrastive.Contrastive,
    "histogram": plane.Histogram,
    "sectors": plane.Sectors,
    "mask": mask.Mask,
    "mse": regression.Squared,
    "ccc": regression.Concordance,
    "rated": rated.Rated,
}


class Total(nn.Module):
    """The losses of a recipe's table [loss]: {"votes": {}, "ccc": {"weight": 0.3}, ...}."""

    def __init__(self, table: Mapping[str, Mapping[str, Any]], truth: Truth, channels: int) -> None:
        """The losses of `table`, by their names in LOSSES, each with its options and its `weight`, 1 if not
        given.

        `truth` holds the labels of the training set, `channels` is the width of the embedding. Raises
        ValueError for a name that is not in LOSSES, TypeError for an option that a loss does not have.
        """
        super().__init__()
        self.weights = {name: float(options.get("weight", 1.0)) for name, options in table.items()}
        self.parts = nn.ModuleDict()
        for name, options in table.items():
            if name not in LOSSES:
                raise ValueError(f"There is no loss {name}; choose from: {', '.join(LOSSES)}.")
            rest = {key: value for key, value in options.items() if key != "weight"}
            self.parts[name] = LOSSES[name](truth, channels, **rest)

    def forward(self, given: Affect, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        """The scalar to minimise for a batch, and its parts by name, without their weights."""
        parts = {name: part(given, batch) for name, part in self.parts.items()}
        return sum(self.weights[name] * value for name, value in parts.items()), parts
