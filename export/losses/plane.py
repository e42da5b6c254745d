"""Losses that let the valence-arousal plane teach the expressions, or the other way round."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from app.types import EXPRESSIONS
from export.data.batch import Batch, Truth
from export.losses.expression import entropy
from export.nets.heads import Affect


class Histogram(nn.Module):
    """Soft labels from the plane: how frequent each expression is in the square of it that a face is in.

    Antoniadis 2021, section 3.4: `form` "soft" is cross-entropy (equation 3.4.1), "logit" half the squared
    distance of the probabilities (3.4.2). The plane has `bins` x `bins` squares. Raises ValueError for
    another form.
    """

    share: Tensor

    def __init__(self, truth: Truth, channels: int, form: str = "soft", bins: int = 10) -> None:
        super().__init__()
        if form not in ("soft", "logit"):
            raise ValueError(f"There is no histogram loss {form}; choose soft or logit.")
        self.form, self.bins = form, bins
        counts = torch.zeros(bins * bins, len(EXPRESSIONS))
        counts.index_add_(0, self.square(truth.va), nn.functional.one_hot(truth.labels, 8).float())
        self.register_buffer("share", counts / counts.sum(1, keepdim=True).clamp_min(1))

    def square(self, va: Tensor) -> Tensor:
        """(n,) the number, row by row, of the square that (n, 2) valence and arousal are in."""
        cell = ((va + 1) / 2 * self.bins).long().clamp(0, self.bins - 1)
        return cell[:, 1] * self.bins + cell[:, 0]

    def forward(self, given: Affect, batch: Batch) -> Tensor:
        """The loss, a scalar, of what a network gives for a batch; a mean over its faces."""
        share = self.share[self.square(batch.va)]
        if self.form == "soft":
            return entropy(given.logits, share).mean()
        return 0.5 * (torch.softmax(given.logits.float(), 1) - share).square().sum(1).mean()


class Sectors(nn.Module):
    """A second classification, into `sectors` angular sectors of the plane: Antoniadis 2021, section 5.2.1.

    There it replaces the regression of valence and arousal: a recipe leaves out `mse` and `ccc`. Sector 0
    runs counter-clockwise from `start`, in degrees from the axis of pleasure towards arousal; of two sectors
    that start at -90 the first is pleasant, which is how "half" of his table 5.1 is read here.
    """

    def __init__(self, truth: Truth, channels: int, sectors: int = 8, start: float = 0.0) -> None:
        super().__init__()
        self.sectors, self.start = sectors, start
        self.classify = nn.Linear(channels, sectors)

    def sector(self, va: Tensor) -> Tensor:
        """(n,) the number of the sector that (n, 2) valence and arousal are in."""
        turn = (torch.atan2(va[:, 1], va[:, 0]) / (2 * math.pi) - self.start / 360) % 1
        return (turn * self.sectors).long().clamp_max(self.sectors - 1)

    def forward(self, given: Affect, batch: Batch) -> Tensor:
        """The loss, a scalar, of what a network gives for a batch; a mean over its faces."""
        return nn.functional.cross_entropy(
            self.classify(given.embedding.float()).float(), self.sector(batch.va)
        )
