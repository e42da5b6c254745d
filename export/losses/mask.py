"""A further task: where the eyes and the mouth are (Antoniadis 2021, section 5.1.2)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from export.data.batch import Batch, Truth
from export.nets.heads import Affect


class Mask(nn.Module):
    """Cross-entropy of each pixel of a mask of eyes and mouth, which one deconvolution reads out of the
    features.

    The text does not print the decoder; this one enlarges the last feature map four times. It is for networks
    whose embedding is as wide as that map, and raises ValueError where a batch has no masks.
    """

    def __init__(self, truth: Truth, channels: int) -> None:
        super().__init__()
        self.up = nn.ConvTranspose2d(channels, 1, 8, 4, 2)

    def forward(self, given: Affect, batch: Batch) -> Tensor:
        """The loss, a scalar, of what a network gives for a batch; a mean over faces and pixels."""
        if batch.masks is None or not batch.masks.numel():
            raise ValueError("The loss mask needs faces with outlines of eyes and mouth.")
        drawn = self.up(given.features.float()).float()
        true = nn.functional.adaptive_avg_pool2d(batch.masks.float(), drawn.shape[-2:])
        return nn.functional.binary_cross_entropy_with_logits(drawn, torch.round(true))
