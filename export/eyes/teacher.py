"""A larger eye network teaches a smaller one: a recipe's table [teacher].

    [teacher]
    name = "eyes"  # runs/eyes/eyes.onnx, which python -m export.to_onnx eyes --to runs/eyes writes
    weight = 1.0   # beside the losses on the labels

It sees the same crop that the pupil sees, whatever was done to it: a patient and consistent teacher teaches
best (Beyer et al., CVPR 2022).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from app.stages.models import Model, load
from export.data.arrays import Crops, Heatmaps
from export.data.places import RUNS
from export.training.task import Recipe, RecipeError

HalfMaps = NDArray[np.float16]
Answer = Callable[[Crops], Heatmaps]
"""Heatmaps (n, 2, size, size) >= 0 of crops (n, 1, size, size) uint8."""


class MapTeacher:
    """An exported eye network whose heatmaps another one learns, with this `weight`."""

    def __init__(self, answer: Answer, weight: float = 1.0) -> None:
        self._answer, self.weight = answer, weight

    def maps(self, crops: Crops) -> HalfMaps:
        """What it says of crops (n, 1, size, size) uint8: maps (n, 2, size, size) in half precision."""
        return self._answer(crops).astype(np.float16)


def divergence(logits: Tensor, maps: Tensor) -> Tensor:
    """(n, 2): KL divergence in nats of softmax(`logits`) from `maps`, both (n, 2, size, size).

    The weight that a map spreads evenly is doubt, no place: it is left out (`export.eyes.task.Peaks`).
    """
    flat = maps.flatten(2).float()
    target = flat - flat.amin(2, keepdim=True)
    target = target / target.sum(2, keepdim=True).clamp_min(1e-12)
    return (torch.xlogy(target, target) - target * logits.float().flatten(2).log_softmax(2)).sum(2)


def hired(recipe: Recipe, smoke: bool = False) -> MapTeacher | None:
    """The recipe's teacher, None if it names none; with `smoke` one that knows nothing.

    Raises RecipeError when it is not exported yet, or an option is unknown, and ModelError when its file is
    damaged.
    """
    if not recipe.teacher:
        return None
    options = dict(recipe.teacher)
    name = options.pop("name", "")
    try:
        return MapTeacher(_knows_nothing if smoke else _exported(name), **options)
    except TypeError as error:
        raise RecipeError(f"{recipe.name}, table [teacher]: {error}; correct the option's name.") from error


def _exported(name: str) -> Answer:
    card = RUNS / name / f"{name}.toml"
    if not name or not card.exists():
        raise RecipeError(
            f"The teacher {name or '(no name)'} is not in runs/{name}; run"
            f" python -m export.to_onnx {name} --to runs/{name} first."
        )
    model: Model = load(card, "eye-centres", threads=torch.get_num_threads())
    return lambda crops: model.run(crops)[0]


def _knows_nothing(crops: Crops) -> Heatmaps:
    return np.ones((len(crops), 2, *crops.shape[2:]), np.float32)
