"""Losses on valence and arousal."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from export.data.batch import Batch, Truth
from export.nets.heads import Affect


class Squared(nn.Module):
    """Mean squared error, `1 + sign_penalty` times as large where prediction and truth differ in sign.

    After the eye-centre thesis, equation 6-6, which adds 0.1 times the share of wrong signs: that has no
    gradient.
    """

    def __init__(self, truth: Truth, channels: int, sign_penalty: float = 0.0) -> None:
        super().__init__()
        self.sign_penalty = sign_penalty

    def forward(self, given: Affect, batch: Batch) -> Tensor:
        """The loss, a scalar, of what a network gives for a batch; a mean over its faces."""
        va = given.va.float()
        error = (va - batch.va).square()
        return (error * (1 + self.sign_penalty * (va * batch.va < 0))).mean()


class Concordance(nn.Module):
    """1 - the concordance correlation coefficient (Lin 1989), mean of valence and arousal, over the batch."""

    def __init__(self, truth: Truth, channels: int) -> None:
        super().__init__()

    def forward(self, given: Affect, batch: Batch) -> Tensor:
        """The loss, a scalar, of what a network gives for a batch; a mean over its faces."""
        return 1 - ccc(given.va.float(), batch.va).mean()


def ccc(x: Tensor, y: Tensor) -> Tensor:
    """(k,) concordance correlation (Lin 1989) of the columns of two (n, k) tensors.

    1 where they are equal, 0 where both are constant.
    """
    mx, my = x.mean(0), y.mean(0)
    covariance = ((x - mx) * (y - my)).mean(0)
    spread = x.var(0, unbiased=False) + y.var(0, unbiased=False) + (mx - my).square()
    return 2 * covariance / torch.clamp(spread, min=1e-8)
