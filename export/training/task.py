"""What one training needs, apart from the loop: a recipe (numbers) and a task (model, data, loss, figures).

The trainer (`export.train`) and the exporter (`export.to_onnx`) know only these two, so a new task is one
module with a function `build(recipe, smoke)` and a line in TASKS.
"""

from __future__ import annotations

import importlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor, nn

from app.stages.align import CropShape
from app.system.errors import UserError
from export.data.arrays import Counts, Crops
from export.data.places import RECIPES, RUNS

TASKS = {"eye-centres": "export.eyes.task", "affect": "export.affect.task"}
LOOPS = {"synthesis": "export.synthesis.gan"}
"""Tasks that are no `Task`, since two networks learn against each other.

Each is a package: `run(recipe, smoke, out, device)` of its module `train` trains, and `export(recipe, run,
to, name)` of its module `onnx` exports and gives the largest difference between ONNX Runtime and torch.
"""


class RecipeError(UserError):
    """A recipe that cannot be used: one sentence that names the file, the field and what to do."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """One training, as its TOML file says. The tables belong to the task."""

    name: str  # the file's name without .toml; also the folder in runs/
    task: str  # a key of TASKS or LOOPS
    epochs: int  # 0 where `mean` or `updates` says what is trained
    batch: int  # faces in a step
    rate: float  # the highest learning rate, reached after the warm-up
    seed: int = 1
    start: str = ""  # a recipe trained before, from whose best weights this one starts; see start.py
    frozen: Sequence[str] = ()  # beginnings of the names of what does not learn: "net.trunk"; see frozen.py
    mean: Sequence[str] = ()  # recipes trained before, whose mean weights this one is; see soup.py
    updates: int = 0  # steps of a generator, where the task is one of LOOPS
    keep: str = (
        "best"  # epoch by the task's figure, or "last": depends less on chance when the rate falls to 0
    )
    optimizer: str = "adamw"  # or "muon", "rmsprop", "sgd"; see optimizers.py
    weight_decay: float = 0.05  # of all weights but biases and scales of norms
    schedule: str = "cosine"  # down to 0 in the last step; or "flat", or "steps"
    drops: Sequence[float] = ()  # with "steps", the epochs after which the rate falls
    drop: float = 0.1  # with "steps", what the rate is multiplied by each time
    warmup: float = 1.0  # epochs of linear rise
    ema: float = 0.999  # decay of the averaged weights in a step; 0: no averaging
    clip: float = 1.0  # largest norm of the gradient; 0: no clipping
    bf16: bool = False  # bfloat16 autocast in the forward pass
    net: Mapping[str, Any] = field(default_factory=dict)
    loss: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    teacher: Mapping[str, Any] = field(default_factory=dict)


class Task(Protocol):
    """One training's model, data, loss and figures; made by its module's `build(recipe, smoke)`.

    A loss that learns (class centres, say) keeps its parameters in a submodule of `model`.
    """

    model: nn.Module

    @property
    def best(self) -> str:
        """The name of the figure by which the best epoch is chosen; higher is better."""

    steps: int  # batches in an epoch

    def order(self, rng: np.random.Generator) -> Counts:
        """(steps, batch) row numbers: the faces of each batch of one epoch, drawn with `rng` only."""

    def batch(self, rows: Counts, rng: np.random.Generator) -> tuple[Tensor, ...]:
        """One augmented batch on the CPU, drawn with `rng` only; a worker process may make it."""

    def loss(self, model: nn.Module, batch: tuple[Tensor, ...]) -> tuple[Tensor, dict[str, Tensor]]:
        """The scalar to minimise, and its named parts for the log.

        `model` is `self.model`, training; `batch` is one of `batch()`, on the model's device.
        """

    def validate(self, model: nn.Module) -> dict[str, float]:
        """Named figures of `model` (eval, no gradients) on the part of train that is kept for choosing.

        The model may be on any device.
        """

    # What export.to_onnx needs:

    @property
    def crop(self) -> CropShape:
        """How a face is placed in the network's input."""

    @property
    def outputs(self) -> tuple[str, ...]:
        """The names of the tensors that `deployed` gives."""

    def deployed(self, model: nn.Module) -> nn.Module:
        """The trained model as the app calls it: crops (n, 1, size, size) float32, 0..255, to `outputs`."""

    def crops(self, count: int) -> Crops:
        """(count, 1, size, size) uint8: real crops (made-up under smoke), to compare runtimes on."""

    def card(self) -> dict[str, Any]:
        """What only the task knows of its card, by table: {"training": {"data": "..."}}, say."""


def read_recipe(path: Path) -> Recipe:
    """The recipe in a TOML file; a bare name means export/recipes/<name>.toml. Raises RecipeError."""
    if not path.is_file():  # a folder may have the name of a recipe
        path = RECIPES / f"{path.name.removesuffix('.toml')}.toml"
    if not path.exists():
        known = ", ".join(sorted(p.stem for p in RECIPES.glob("*.toml")))
        raise RecipeError(f"There is no recipe {path.stem}; choose one of: {known}.")
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise RecipeError(f"{path.name} is not valid TOML ({error}); correct it.") from error
    unknown = sorted(set(table) - {f.name for f in fields(Recipe)})
    if unknown:
        raise RecipeError(f"{path.name} has the unknown field {unknown[0]}; take it out or correct its name.")
    try:
        recipe = Recipe(name=path.stem, **table)
    except TypeError as error:
        raise RecipeError(f"{path.name} lacks one of task, epochs, batch, rate; add it.") from error
    if recipe.task not in TASKS | LOOPS:
        known = ", ".join(TASKS | LOOPS)
        raise RecipeError(f"{path.name} names the task {recipe.task}; choose one of: {known}.")
    return recipe


def build(recipe: Recipe, smoke: bool = False) -> Task:
    """The recipe's task on its data, or with `smoke` on a little made-up data; weights are drawn from its
    seed.

    Raises FileNotFoundError, in one sentence, when the data is missing, DataError when it cannot be used, and
    RecipeError for a wrong entry of the recipe, or a task of LOOPS.
    """
    if recipe.task not in TASKS:
        raise RecipeError(f"{recipe.name} is of the task {recipe.task}, which this command does not know.")
    torch.manual_seed(recipe.seed)
    task: Task = importlib.import_module(TASKS[recipe.task]).build(recipe, smoke)
    return task


def smoked(recipe: Recipe) -> Recipe:
    """The recipe as --smoke trains it: two epochs of small batches from drawn weights."""
    return replace(recipe, epochs=2, batch=8, start="", mean=(), updates=min(recipe.updates, 2))


def folder(recipe: Recipe, smoke: bool = False) -> Path:
    """The folder of the recipe's run, in runs/: checkpoint, best weights and log; with `smoke` one of its
    own."""
    return RUNS / (f"smoke-{recipe.name}" if smoke else recipe.name)
