"""Centre loss whose centres also keep apart: island loss (Cai et al., FG 2018) and its Euclidean form."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from app.types import EXPRESSIONS
from export.data.batch import Batch, Truth
from export.losses.centres import Centres, halved_square
from export.nets.heads import Affect


class Island(nn.Module):
    """Antoniadis 2021, equations 4.3.1 ("cosine") and 4.3.4 ("euclidean", with `margin`).

    The term between centres moves the centres only; its value is in the loss. Each centre's step is the mean
    over the other centres, as in equation 4.3.2, where the gradient of the sum over ordered pairs would be
    2 (count - 1) times as long.
    Raises ValueError for another `form`.
    """

    def __init__(
        self,
        truth: Truth,
        channels: int,
        form: str = "cosine",
        spread: float = 0.01,
        margin: float = 10.0,
        alpha: float = 0.001,
    ) -> None:
        super().__init__()
        if form not in ("cosine", "euclidean"):
            raise ValueError(f"There is no island loss {form}; choose cosine or euclidean.")
        self.form, self.spread, self.margin = form, spread, margin
        self.centres = Centres(len(EXPRESSIONS), channels, alpha)

    def forward(self, given: Affect, batch: Batch) -> Tensor:
        """The loss, a scalar, of what a network gives for a batch; a mean over its faces."""
        x = given.embedding.float()
        loss = halved_square(x, self.centres.points[batch.labels]).mean()
        with torch.enable_grad():
            points = self.centres.points.detach().clone().requires_grad_()
            between = self.spread * self.between(points)
            (push,) = torch.autograd.grad(between / (2 * (len(points) - 1)), points)
        self.centres.follow(x, batch.labels, push)
        return loss + between.detach()

    def between(self, points: Tensor) -> Tensor:
        """The sum over ordered pairs of different centres: cosine + 1, or the squared lack of `margin`."""
        if self.form == "cosine":
            unit = nn.functional.normalize(points, dim=1)
            pairs = unit @ unit.T + 1
        else:
            squares = (points[:, None] - points).square().sum(2)
            pairs = (self.margin - squares.clamp_min(1e-12).sqrt()).clamp_min(0).square()
        return pairs.sum() - pairs.diagonal().sum()
