"""Centre loss, plain and weighed by valence and arousal. Means over the batch, where the papers sum.

The losses of this folder are made from the labels of the training set, `truth`, and the width of the
embedding, `channels`; `alpha` is the share of the way that centres move after a batch.
"""

from __future__ import annotations

from torch import Tensor, nn

from app.types import EXPRESSIONS
from export.data.batch import Batch, Truth
from export.losses.centres import Centres, halved_square, made
from export.losses.expression import class_weights
from export.nets.heads import Affect

COLUMNS = {"both": [0, 1], "valence": [0], "arousal": [1]}
"""The columns of valence and arousal by which `VaCentre` measures."""


class Centre(nn.Module):
    """Pulls faces to the centre of their expression (Wen et al., ECCV 2016).

    Antoniadis 2021, equation 4.2.1; Miao et al. 2019. `local` centres are the means of the batch (equation
    4.2.4, after Hayale et al. 2019), without a memory.
    """

    def __init__(self, truth: Truth, channels: int, alpha: float = 0.001, local: bool = False) -> None:
        super().__init__()
        self.centres: nn.Module = made(len(EXPRESSIONS), channels, alpha, local)

    def forward(self, given: Affect, batch: Batch) -> Tensor:
        """The loss, a scalar, of what a network gives for a batch; a mean over its faces."""
        x = given.embedding.float()
        own: Tensor = self.centres(x, batch.labels)
        return halved_square(x, own).mean()


class VaCentre(nn.Module):
    """Centre loss that pulls less where valence and arousal are far from their expression's mean.

    Antoniadis 2021, equations 4.5.1 to 4.5.3. `local` centres are the means of the batch, as in his table
    4.1; `by` is "both", "valence" or "arousal". Raises ValueError for another word.
    """

    mean_va: Tensor

    def __init__(
        self, truth: Truth, channels: int, alpha: float = 0.001, local: bool = False, by: str = "both"
    ) -> None:
        super().__init__()
        if by not in COLUMNS:
            raise ValueError(f"There is no distance by {by}; choose from: {', '.join(COLUMNS)}.")
        self.columns = COLUMNS[by]
        self.centres: nn.Module = made(len(EXPRESSIONS), channels, alpha, local)
        member = nn.functional.one_hot(truth.labels, len(EXPRESSIONS)).float()
        self.register_buffer("mean_va", member.T @ truth.va / member.sum(0).clamp_min(1)[:, None])

    def forward(self, given: Affect, batch: Batch) -> Tensor:
        """The loss, a scalar, of what a network gives for a batch; a mean over its faces."""
        x = given.embedding.float()
        apart = (batch.va - self.mean_va[batch.labels])[:, self.columns]
        largest = 2 * len(self.columns) ** 0.5
        weight = (largest - apart.square().sum(1).sqrt()).square() / 4
        own: Tensor = self.centres(x, batch.labels)
        loss: Tensor = (weight * halved_square(x, own)).mean()
        return loss


class WeightedCluster(nn.Module):
    """Compact within an expression, apart between them, rare ones weigh more (Ngo and Yoon, Sensors 2020).

    The form used here, after the paper's words: mean over faces of w_y (|x - c_y|^2 / 2) over
    (1 + mean of |x - c_j|^2 / 2 over the other centres), with w_y = n / (8 n_y).
    """

    by_class: Tensor

    def __init__(self, truth: Truth, channels: int, alpha: float = 0.001) -> None:
        super().__init__()
        self.centres = Centres(len(EXPRESSIONS), channels, alpha)
        self.register_buffer("by_class", class_weights(truth.labels, "balanced"))

    def forward(self, given: Affect, batch: Batch) -> Tensor:
        """The loss, a scalar, of what a network gives for a batch; a mean over its faces."""
        x = given.embedding.float()
        squares = 0.5 * (x[:, None] - self.centres.points).square().sum(2)
        own = squares.gather(1, batch.labels[:, None])[:, 0]
        others = (squares.sum(1) - own) / (squares.shape[1] - 1)
        loss = (self.by_class[batch.labels] * own / (1 + others)).mean()
        self.centres.follow(x, batch.labels)
        return loss
