"""Networks that were trained apart as the columns of one: a recipe's field `columns`.

    columns = ["taught_large", "taught_small"]  # runs/<name>/best.pt are read

    [net]
    name = "columns"
    convolutions = [[2, 3, 3, 3], [1, 2, 2, 2]]  # as theirs are

The heads become one: its logits are the mean of theirs, valence and arousal the tanh of the mean.
"""

from __future__ import annotations

import torch
from torch import nn

from export.affect_net import restored
from export.nets.columns import Columns
from export.nets.light_cnn import LightCnn
from export.soup import trained
from export.task import Recipe, RecipeError, Task


def join(recipe: Recipe, task: Task) -> dict:
    """What a training keeps, of the network whose columns `recipe.columns` were: its weights and figures.

    Raises RecipeError when one is not trained yet, or they are not what the recipe's table [net] says.
    """
    parts = [trained(name, "column") for name in recipe.columns]
    try:
        fill(task.model.net, [restored(part) for part in parts])
    except (RuntimeError, ValueError, TypeError) as error:
        raise RecipeError(
            f"The columns of {recipe.name} differ from its table [net]; correct that: {error}"
        ) from error
    with torch.no_grad():
        figures = task.validate(task.model.eval())
    seconds = sum(part["row"]["seconds"] for part in parts)
    return {
        "weights": task.model.state_dict(),
        "row": {"epoch": 0, "seconds": seconds, **figures},
        "machine": parts[0]["machine"],
    }


@torch.no_grad()
def fill(columns: nn.Module, networks: list[nn.Module]) -> None:
    """Gives `columns` the weights of as many `networks`. Raises ValueError, TypeError, RuntimeError."""
    if not isinstance(columns, Columns) or not all(isinstance(net, LightCnn) for net in networks):
        raise TypeError("only light CNNs stand side by side, in a network called columns.")
    for trunk, net in zip(columns.trunks, networks, strict=True):
        trunk.load_state_dict(net.trunk.state_dict())
    for head, own in columns.heads.named_children():
        if isinstance(own, nn.Linear):
            theirs = [getattr(net.heads, head) for net in networks]
            own.weight.copy_(torch.cat([one.weight for one in theirs], 1) / len(theirs))
            own.bias.copy_(torch.stack([one.bias for one in theirs]).mean(0))
