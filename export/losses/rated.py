"""The loss on valence and arousal where only some faces are rated."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from export.data.batch import Batch, Truth
from export.nets.heads import Affect


class Rated(nn.Module):
    """Squared error and 1 - concordance (Lin 1989); each face counts as much as the batch's `rated` says.

    `squared` is the weight of the mean over faces and both columns of (va - truth)^2, `concordance` that of
    1 - Lin's coefficient over the batch. Without `rated` all faces count alike; a batch without a rated face
    gives 0.
    """

    def __init__(self, truth: Truth, channels: int, squared: float = 4.0, concordance: float = 0.5) -> None:
        super().__init__()
        self.squared, self.concordance = squared, concordance

    def forward(self, given: Affect, batch: Batch) -> Tensor:
        """The loss, a scalar, of what a network gives for a batch."""
        va = given.va.float()
        weights = torch.ones_like(va[:, 0]) if batch.rated is None else batch.rated.float()
        shares = weights / weights.sum().clamp_min(1e-6)
        error = shares @ (va - batch.va).square().mean(1)
        apart = (1 - concordance(va, batch.va, shares)).mean() * (shares.sum() > 0.5)
        return self.squared * error + self.concordance * apart


def concordance(x: Tensor, y: Tensor, shares: Tensor) -> Tensor:
    """(k,) concordance correlation (Lin 1989) of the columns of two (n, k) tensors, weighted.

    Row i counts `shares`[i] of the whole: (n,), which sum to 1.
    """
    mx, my = shares @ x, shares @ y
    dx, dy = x - mx, y - my
    spread = shares @ dx.square() + shares @ dy.square() + (mx - my).square()
    return 2 * (shares @ (dx * dy)) / spread.clamp_min(1e-8)
