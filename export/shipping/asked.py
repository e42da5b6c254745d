"""What commands that make models are asked for: `python -m export.COMMAND RECIPE [--name NAME] [--smoke]`."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from export.data.places import MODELS
from export.training.task import Recipe, folder, read_recipe, smoked


@dataclass(frozen=True, slots=True)
class Asked:
    """A trained recipe, and the model that it is to become."""

    recipe: Recipe  # under smoke as small as its training was
    smoke: bool  # made-up data, and nothing goes to models/
    run: Path  # the folder of the training
    to: Path  # the folder of the model
    name: str  # of the model


def read(command: str, description: str, argv: list[str] | None) -> Asked:
    """The arguments of `command`. Raises RecipeError; leaves the program where they are wrong."""
    parser = argparse.ArgumentParser(prog=f"python -m export.{command}", description=description)
    parser.add_argument("recipe", type=Path, help="a file, or the name of one in export/recipes")
    parser.add_argument("--name", help="of the model in models/; the recipe's when not given")
    parser.add_argument("--smoke", action="store_true", help="the smoke run, within its own folder in runs/")
    args = parser.parse_args(argv)
    recipe = read_recipe(args.recipe)
    run = folder(recipe, args.smoke)
    name = args.name or recipe.name
    if args.smoke:
        return Asked(smoked(recipe), True, run, run, name)
    return Asked(recipe, False, run, MODELS, name)
