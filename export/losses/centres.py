"""Points in the space of embeddings that follow their classes (Wen et al., ECCV 2016)."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Centres(nn.Module):
    """`points` (count, channels) that move by their own rule after each batch, not by the optimizer."""

    points: Tensor

    def __init__(self, count: int, channels: int, alpha: float) -> None:
        super().__init__()
        self.alpha = alpha  # the share of the way that they move
        self.register_buffer("points", 0.1 * torch.randn(count, channels))

    @torch.no_grad()
    def follow(self, embedding: Tensor, nearest: Tensor, push: Tensor | None = None) -> None:
        """c_j -= alpha (sum over its faces of (c_j - x_i) / (1 + their number) + push_j).

        Antoniadis 2021, equation 4.2.2.

        `nearest` (n,) says which point each face of `embedding` (n, channels) belongs to; `push` is (count,
        channels), the gradient of a term between the points, if there is one. Nothing moves in eval mode.
        """
        if not self.training:
            return
        member = nn.functional.one_hot(nearest, len(self.points)).to(embedding.dtype)
        count = member.sum(0)[:, None]
        step = (count * self.points - member.T @ embedding) / (1 + count)
        self.points -= self.alpha * (step if push is None else step + push)

    def forward(self, embedding: Tensor, labels: Tensor) -> Tensor:
        """(n, channels): the point of each face, before all points follow the (n, channels) embeddings."""
        own = self.points[labels]
        self.follow(embedding, labels)
        return own


class LocalCentres(nn.Module):
    """The mean embedding of each class in the batch, taken as fixed: Antoniadis 2021, equation 4.2.4."""

    def forward(self, embedding: Tensor, labels: Tensor) -> Tensor:
        """(n, channels): for each face the mean of the (n, channels) embeddings that have its label."""
        alike = (labels[:, None] == labels).to(embedding.dtype)
        return (alike @ embedding.detach()) / alike.sum(1, keepdim=True)


def made(count: int, channels: int, alpha: float, local: bool) -> nn.Module:
    """Centres that follow their classes by the share `alpha`, or `local` ones, which are those of the
    batch."""
    return LocalCentres() if local else Centres(count, channels, alpha)


def halved_square(embedding: Tensor, points: Tensor) -> Tensor:
    """(n,) of |x_i - c_i|^2 / 2 for (n, channels) embeddings and the point of each."""
    return 0.5 * (embedding - points).square().sum(1)
