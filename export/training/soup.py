"""The mean of the weights of several trainings: a recipe's field `mean`.

    mean = ["eyes_boxes", "eyes_first"]  # runs/<name>/best.pt is read; one that is named twice counts twice

Networks that went on from one start and were shown different crops mostly err in different places, and the
mean of their weights errs less than each, at the cost of one (Wortsman et al., Model soups, ICML 2022).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from export.data.places import RUNS
from export.training.task import Recipe, RecipeError, Task


def mix(recipe: Recipe, task: Task) -> dict[str, Any]:
    """What a training keeps (best.pt), of the mean of the recipes in `recipe.mean`: its weights and its
    figures.

    Raises RecipeError when one of them is not trained yet, or they differ from each other or from the recipe
    in their layers.
    """
    parts = {name: trained(name) for name in recipe.mean}
    weights = mean([parts[name]["weights"] for name in recipe.mean])
    own = task.model.state_dict()
    if {name: w.shape for name, w in weights.items()} != {name: w.shape for name, w in own.items()}:
        raise RecipeError(f"The networks of {recipe.name} differ from its table [net]; correct it.")
    task.model.load_state_dict(weights)
    with torch.no_grad():
        figures = task.validate(task.model.eval())
    seconds = sum(part["row"]["seconds"] for part in parts.values())
    return {
        "weights": weights,
        "row": {"epoch": 0, "seconds": seconds, **figures},
        "machine": parts[recipe.mean[0]]["machine"],
    }


def mean(networks: Sequence[Mapping[str, Tensor]]) -> dict[str, Tensor]:
    """The mean of each layer's weights, running statistics included; counters are the first network's.

    Raises RecipeError when the networks have different layers.
    """
    first = networks[0]
    for other in networks[1:]:
        if {k: v.shape for k, v in other.items()} != {k: v.shape for k, v in first.items()}:
            raise RecipeError("Only networks with the same layers have a mean; correct the field mean.")
    return {
        name: torch.stack([net[name] for net in networks]).mean(0) if value.is_floating_point() else value
        for name, value in first.items()
    }


def trained(name: str) -> dict[str, Any]:
    """What the training of recipe `name` kept in best.pt. Raises RecipeError when it is not trained yet."""
    path = RUNS / name / "best.pt"
    if not path.exists():
        raise RecipeError(
            f"{name}, a part of the mean, is not trained yet; run python -m export.train {name} first."
        )
    kept: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    return kept
