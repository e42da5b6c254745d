"""Centre loss, plain and weighed by valence and arousal. Means over the batch, where papers sum."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from app.types import EXPRESSIONS
from export.data.batch import Batch, Truth
from export.losses.centres import Centres, halved_square
from export.nets.heads import Affect


class Centre(nn.Module):
    """Pulls faces to the centre of their expression: Antoniadis 2021, equation 4.2.1; Miao et al. 2019."""

    def __init__(self, truth: Truth, channels: int, alpha: float = 0.001) -> None:
        super().__init__()
        self.centres = Centres(len(EXPRESSIONS), channels, alpha)

    def forward(self, given: Affect, batch: Batch) -> Tensor:
        x = given.embedding.float()
        loss = halved_square(x, self.centres.points[batch.labels]).mean()
        self.centres.follow(x, batch.labels)
        return loss


class VaCentre(nn.Module):
    """Centre loss that spares faces whose valence and arousal are unlike their expression's mean: 4.5.1-3."""

    def __init__(self, truth: Truth, channels: int, alpha: float = 0.001) -> None:
        super().__init__()
        self.centres = Centres(len(EXPRESSIONS), channels, alpha)
        member = nn.functional.one_hot(truth.labels, len(EXPRESSIONS)).float()
        self.register_buffer("mean_va", member.T @ truth.va / member.sum(0).clamp_min(1)[:, None])

    def forward(self, given: Affect, batch: Batch) -> Tensor:
        x = given.embedding.float()
        distance = (batch.va - self.mean_va[batch.labels]).square().sum(1).sqrt()
        weight = (2 * 2**0.5 - distance).square() / 4
        loss = (weight * halved_square(x, self.centres.points[batch.labels])).mean()
        self.centres.follow(x, batch.labels)
        return loss


class WeightedCluster(nn.Module):
    """Compact within an expression, apart between them, rare ones weighing more (Ngo and Yoon, Sensors 2020).

    The form used here, after the paper's words: mean over faces of w_y (|x - c_y|^2 / 2) over
    (1 + mean of |x - c_j|^2 / 2 over the other centres), with w_y = n / (8 n_y).
    """

    def __init__(self, truth: Truth, channels: int, alpha: float = 0.001) -> None:
        super().__init__()
        self.centres = Centres(len(EXPRESSIONS), channels, alpha)
        counts = torch.bincount(truth.labels, minlength=len(EXPRESSIONS)).clamp_min(1)
        self.register_buffer("by_class", len(truth.labels) / (len(EXPRESSIONS) * counts.float()))

    def forward(self, given: Affect, batch: Batch) -> Tensor:
        x = given.embedding.float()
        squares = 0.5 * (x[:, None] - self.centres.points).square().sum(2)
        own = squares.gather(1, batch.labels[:, None])[:, 0]
        others = (squares.sum(1) - own) / (squares.shape[1] - 1)
        loss = (self.by_class[batch.labels] * own / (1 + others)).mean()
        self.centres.follow(x, batch.labels)
        return loss
