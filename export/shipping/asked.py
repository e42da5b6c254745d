"""The arguments of the commands that make models: `python -m export.COMMAND RECIPE [--name NAME]
[--to FOLDER] [--smoke]`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from export.data.places import MODELS
from export.training.arguments import parser as new_parser
from export.training.task import Recipe, folder, read_recipe, smoked


@dataclass(frozen=True, slots=True)
class Request:
    """What the arguments say: a trained recipe, and the model that is made of it."""

    recipe: Recipe  # with smoke as small as its training was
    smoke: bool  # made-up data, and nothing is written to models/
    run: Path  # the folder of the training
    to: Path  # the folder that the model is written to
    name: str  # the model's


def read(command: str, text: str | None, argv: list[str] | None) -> Request:
    """The arguments of `python -m export.<command>`, whose help is `text`.

    Raises RecipeError for a recipe that cannot be used. Wrong arguments end the program with exit code 2.
    """
    parser = new_parser(command, text)
    parser.add_argument("recipe", type=Path, help="a file, or the name of one in export/recipes")
    parser.add_argument("--name", help="the model's name; the recipe's if not given")
    parser.add_argument(
        "--to", type=Path, default=MODELS, help="the folder of the model, models/ if not given"
    )
    parser.add_argument(
        "--smoke", action="store_true", help="of the run of --smoke, within its own folder in runs/"
    )
    args = parser.parse_args(argv)
    recipe = read_recipe(args.recipe)
    run = folder(recipe, args.smoke)
    name = args.name or recipe.name
    if args.smoke:
        return Request(smoked(recipe), True, run, run, name)
    return Request(recipe, False, run, args.to, name)
