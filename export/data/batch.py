"""What the losses know: of a batch, and beforehand of the whole training set."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor


class Batch(NamedTuple):
    """n faces and what is true of them."""

    crops: Tensor  # (n, 1, s, s) uint8
    votes: Tensor  # (n, 8) distribution over EXPRESSIONS
    labels: Tensor  # (n,) int64 majority
    va: Tensor  # (n, 2) valence, arousal, -1..1
    rated: Tensor | None = None  # (n,) 0..1: how much `va` counts; None: every row alike
    masks: Tensor | None = None  # (n, 1, s, s) uint8: 1 inside eyes and mouth; empty where nothing asks


class Truth(NamedTuple):
    """The training set's labels, for losses that weigh by frequency or learn from joint statistics."""

    votes: Tensor  # (n, 8)
    labels: Tensor  # (n,)
    va: Tensor  # (n, 2)
