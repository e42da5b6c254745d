"""Cross-entropy on the distribution of votes, and its weighted, smoothed and focal forms.

Where a face has one label, its votes are one-hot, and each of these is the published loss for labels.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from app.types import EXPRESSIONS
from export.data.batch import Batch, Truth
from export.nets.heads import Affect


class Votes(nn.Module):
    """Mean over faces of -sum_k votes_k log p_k (Barsoum et al., ICMI 2016)."""

    def __init__(self, truth: Truth, channels: int) -> None:
        super().__init__()

    def forward(self, given: Affect, batch: Batch) -> Tensor:
        """The loss, a scalar, of what a network gives for a batch; a mean over its faces."""
        return entropy(given.logits, batch.votes).mean()


class Weighted(nn.Module):
    """Cross-entropy on the votes, each face weighed by how rare its expression is; `form` as in
    `class_weights`."""

    by_class: Tensor

    def __init__(self, truth: Truth, channels: int, form: str = "balanced") -> None:
        super().__init__()
        self.register_buffer("by_class", class_weights(truth.labels, form))

    def forward(self, given: Affect, batch: Batch) -> Tensor:
        """The loss, a scalar, of what a network gives for a batch; a mean over its faces."""
        return (self.by_class[batch.labels] * entropy(given.logits, batch.votes)).mean()


class Smoothed(nn.Module):
    """Cross-entropy on votes mixed with a share `epsilon` of the uniform distribution (Szegedy et al., CVPR
    2016)."""

    def __init__(self, truth: Truth, channels: int, epsilon: float = 0.1) -> None:
        super().__init__()
        self.epsilon = epsilon

    def forward(self, given: Affect, batch: Batch) -> Tensor:
        """The loss, a scalar, of what a network gives for a batch; a mean over its faces."""
        votes = (1 - self.epsilon) * batch.votes + self.epsilon / batch.votes.shape[1]
        return entropy(given.logits, votes).mean()


class Focal(nn.Module):
    """-alpha sum_k votes_k (1 - p_k)^gamma log p_k: easy faces count less (Antoniadis 2021, equation 5.4.1).

    `alpha` is a form of `class_weights`, by which a face weighs as rare as its expression is; without one all
    weigh 1.
    """

    by_class: Tensor

    def __init__(self, truth: Truth, channels: int, gamma: float = 2.0, alpha: str = "") -> None:
        super().__init__()
        self.gamma = gamma
        weights = class_weights(truth.labels, alpha) if alpha else torch.ones(len(EXPRESSIONS))
        self.register_buffer("by_class", weights)

    def forward(self, given: Affect, batch: Batch) -> Tensor:
        """The loss, a scalar, of what a network gives for a batch; a mean over its faces."""
        log_p = torch.log_softmax(given.logits.float(), 1)
        each = -(batch.votes * (1 - log_p.exp()) ** self.gamma * log_p).sum(1)
        return (self.by_class[batch.labels] * each).mean()


def entropy(logits: Tensor, target: Tensor) -> Tensor:
    """(n,) cross-entropy in nats of softmax(logits) against distributions `target`, both (n, k), in
    float32."""
    return -(target * torch.log_softmax(logits.float(), 1)).sum(1)


def class_weights(labels: Tensor, form: str) -> Tensor:
    """(8,) weights of the expressions, from how often each occurs in (n,) labels.

    The `form` "balanced" is n / (8 n_k), equation 4-12 of the eye-centre thesis: 1 for all when all are
    equally frequent. "rarest" is n_min / n_k, at most 1: Antoniadis 2021 prints its inverse (equation 3.3.4),
    but the text around it says that rare expressions weigh more. Raises ValueError for another form.
    """
    counts = torch.bincount(labels, minlength=len(EXPRESSIONS)).clamp_min(1).float()
    if form == "balanced":
        return len(labels) / (len(counts) * counts)
    if form == "rarest":
        return counts.min() / counts
    raise ValueError(f"There is no class weighting {form}; choose balanced or rarest.")
