"""Cross-entropy against the distribution of votes (Barsoum et al., ICMI 2016)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from export.losses.batch import Batch, Truth
from export.nets.heads import Affect


class Votes(nn.Module):
    """Mean over faces of -sum_k votes_k log softmax(logits)_k; equals cross-entropy for one-hot votes."""

    def __init__(self, truth: Truth, channels: int) -> None:
        super().__init__()

    def forward(self, given: Affect, batch: Batch) -> Tensor:
        return -(batch.votes * torch.log_softmax(given.logits.float(), 1)).sum(1).mean()
