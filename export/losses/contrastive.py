"""Contrastive loss over all pairs of a batch: Antoniadis 2021, equations 4.4.1 and 4.4.2."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from export.data.batch import Batch, Truth
from export.nets.heads import Affect


class Contrastive(nn.Module):
    """Half the mean squared distance of pairs of one expression, and half the mean squared lack of `margin`
    of others."""

    def __init__(self, truth: Truth, channels: int, margin: float = 10.0) -> None:
        super().__init__()
        self.margin = margin

    def forward(self, given: Affect, batch: Batch) -> Tensor:
        """The loss, a scalar, of what a network gives for a batch; a mean over its faces."""
        x = given.embedding.float()
        first, second = torch.triu_indices(len(x), len(x), 1, device=x.device)
        squares = (x[first] - x[second]).square().sum(1)
        alike = batch.labels[first] == batch.labels[second]
        lack = (self.margin - squares.clamp_min(1e-12).sqrt()).clamp_min(0).square()
        near = torch.where(alike, squares, 0).sum() / alike.sum().clamp_min(1)
        far = torch.where(alike, 0, lack).sum() / (~alike).sum().clamp_min(1)
        return 0.5 * (near + far)
