"""Local subclass loss with margin: several centres an expression, each face drawn to the nearest."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from app.types import EXPRESSIONS
from export.data.batch import Batch, Truth
from export.losses.centres import Centres, halved_square
from export.nets.heads import Affect


class Subclass(nn.Module):
    """Antoniadis 2021, equations 4.3.5 to 4.3.8, after Luo et al. 2018.

    Each expression has `subclasses` centres. Those more than `margin` apart are drawn together, with the
    weight `gather`, so that none is lost.
    """

    def __init__(
        self,
        truth: Truth,
        channels: int,
        subclasses: int = 3,
        gather: float = 0.01,
        margin: float = 5.0,
        alpha: float = 0.001,
    ) -> None:
        super().__init__()
        self.subclasses, self.gather, self.margin = subclasses, gather, margin
        self.centres = Centres(len(EXPRESSIONS) * subclasses, channels, alpha)

    def forward(self, given: Affect, batch: Batch) -> Tensor:
        """The loss, a scalar, of what a network gives for a batch; a mean over its faces."""
        x = given.embedding.float()
        own = self.centres.points.view(len(EXPRESSIONS), self.subclasses, -1)[batch.labels]
        choice = (x.detach()[:, None] - own).square().sum(2).argmin(1)
        nearest = batch.labels * self.subclasses + choice
        loss = halved_square(x, self.centres.points[nearest]).mean()
        with torch.enable_grad():
            points = self.centres.points.detach().clone().requires_grad_()
            within = self.gather * self.within(points)
            (push,) = torch.autograd.grad(within, points)
        self.centres.follow(x, nearest, push)
        return loss + within.detach()

    def within(self, points: Tensor) -> Tensor:
        """The sum over ordered pairs of one expression's centres of max(distance - margin, 0)^2."""
        grouped = points.view(len(EXPRESSIONS), self.subclasses, -1)
        squares = (grouped[:, :, None] - grouped[:, None]).square().sum(3)
        return (squares.clamp_min(1e-12).sqrt() - self.margin).clamp_min(0).square().sum()
