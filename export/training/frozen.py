"""Parts of a network that do not learn: a recipe's field `frozen`.

    frozen = ["net.trunk"]  # only the heads learn

Their batch norms keep their statistics, too, as a frozen layer of Keras does (Manczak 2020, figure 3.5: in
the first of three stages the last layers learn alone).
"""

from __future__ import annotations

from torch import nn

from export.training.task import Recipe, RecipeError


def parts(model: nn.Module, recipe: Recipe) -> list[nn.Module]:
    """The modules of `model` that the recipe freezes; their parameters ask for no gradient from now on.

    Raises RecipeError for a name that the network lacks.
    """
    found = []
    for name in recipe.frozen:
        try:
            part = model.get_submodule(name)
        except AttributeError as error:
            known = ", ".join(f"net.{child}" for child, _ in model.get_submodule("net").named_children())
            raise RecipeError(
                f"{recipe.name} freezes {name}, which this network lacks; choose from: {known}."
            ) from error
        part.requires_grad_(False)
        found.append(part)
    return found


def rest(frozen: list[nn.Module]) -> None:
    """Keeps the statistics of `frozen` modules as they are, after the whole model was set to train."""
    for part in frozen:
        part.eval()
