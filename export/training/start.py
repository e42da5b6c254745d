"""A training that starts from the weights of an earlier one: a recipe's field `start`.

    start = "eyes_first"  # runs/eyes_first/best.pt is read

A layer that the earlier network lacks starts as drawn. A new residual block at the end of a stage is its
shortcut at first (its last norm scales by 0), so a deeper network starts as the function that was learnt
(Chen et al., Net2Net, ICLR 2016, section 2.3).
"""

from __future__ import annotations

import torch
from torch import nn

from export.data.places import RUNS
from export.training.task import RecipeError


def begin(model: nn.Module, name: str) -> None:
    """Loads into `model` the weights of the best epoch of recipe `name`.

    Raises RecipeError when that is not trained yet, or `model` lacks one of its layers in that shape.
    """
    path = RUNS / name / "best.pt"
    if not path.exists():
        raise RecipeError(f"The start {name} is not trained yet; run python -m export.train {name} first.")
    weights = torch.load(path, map_location="cpu", weights_only=True)["weights"]
    own = model.state_dict()
    for layer, weight in weights.items():
        if layer not in own or own[layer].shape != weight.shape:
            raise RecipeError(
                f"The start {name} has a layer {layer} of shape {tuple(weight.shape)}, which this network"
                " lacks; correct start, or the table [net]."
            )
    model.load_state_dict(weights, strict=False)
