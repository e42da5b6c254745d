"""Trains one recipe: `python -m export.train RECIPE [--smoke] [--device D] [--workers N] [--threads N]`.

Needs: the recipe's data (docs/data.md), and the runs that its fields start, mean and teacher name. Writes to
runs/RECIPE/ after each epoch: checkpoint.pt (all that resuming needs), best.pt (averaged weights of the epoch
to keep) and log.csv. The same command started again resumes.

  python -m export.train light_small --smoke     does it run here? seconds, on made-up data
  python -m export.train light_small

A resumed training continues exactly as if it had not been stopped, because every epoch and every batch draw
from their own seeds. (On a graphics card nearly so: sums there are not always added in the same order.)
"""

from __future__ import annotations

import argparse
import copy
import csv
import dataclasses
import importlib
import math
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, NoReturn

import torch
from torch import Tensor, nn
from tqdm import tqdm

from app.system.atomic import replacing
from export.training import outcome
from export.training.arguments import parser as new_parser
from export.training.device import add_options, chosen, machine, place, workers
from export.training.frozen import parts, rest
from export.training.loader import batches
from export.training.optimizers import Muon, make_optimizer
from export.training.soup import mix
from export.training.start import begin
from export.training.task import LOOPS, Recipe, RecipeError, Task, build, folder, read_recipe, smoked

CPU = torch.device("cpu")


@dataclass(slots=True)
class Run:
    """A training as far as it has come."""

    recipe: Recipe
    task: Task
    device: torch.device
    model: nn.Module
    frozen: list[nn.Module]  # parts of the model that do not learn
    averaged: nn.Module
    optimizer: torch.optim.Optimizer | Muon
    epoch: int = 0  # epochs, steps and seconds that are done
    step: int = 0
    seconds: float = 0.0
    best: float = -math.inf
    rows: list[dict[str, float]] = field(default_factory=list)

    @classmethod
    def of(cls, recipe: Recipe, task: Task, device: torch.device) -> Run:
        """One that begins."""
        model = place(task.model, device, torch.channels_last)
        frozen = parts(model, recipe)
        averaged = copy.deepcopy(model).requires_grad_(False)
        return cls(recipe, task, device, model, frozen, averaged, make_optimizer(recipe, model))

    @property
    def total(self) -> int:
        """Its steps, with those to come."""
        return self.recipe.epochs * self.task.steps

    def resume(self, out: Path) -> None:
        """Goes on where the checkpoint in `out` stands. Raises RecipeError when it is another recipe's."""
        saved = torch.load(out / "checkpoint.pt", map_location=CPU, weights_only=True)
        if Recipe(**saved["recipe"]) != self.recipe:  # a field newer than the run has its default
            raise RecipeError(f"{out} holds a run of another {self.recipe.name}; remove it to train anew.")
        self.model.load_state_dict(saved["model"])
        self.averaged.load_state_dict(saved["averaged"])
        self.optimizer.load_state_dict(saved["optimizer"])
        self.epoch, self.step, self.seconds, self.best, self.rows = (
            saved[key] for key in ("epoch", "step", "seconds", "best", "rows")
        )

    def learn(self, stream: Iterator[tuple[Tensor, ...]], bar: tqdm[NoReturn]) -> None:
        """One epoch of batches from `stream`; its row is added to `rows`, with the figures."""
        start = time.perf_counter()
        torch.manual_seed(self.recipe.seed * 10_007 + self.epoch)
        sums: defaultdict[str, Tensor] = defaultdict(lambda: torch.zeros((), device=self.device))
        self.model.train()
        rest(self.frozen)
        for batch in islice(stream, self.task.steps):
            for name, value in self._step(batch).items():
                sums[name] += value.detach()  # not .item(), which would wait for a graphics card
            bar.update()
        self.averaged.eval()
        with torch.no_grad():
            figures = self.task.validate(self.averaged)
        self.epoch += 1
        self.seconds += time.perf_counter() - start
        means = {name: value.item() / self.task.steps for name, value in sums.items()}
        self.rows.append({"epoch": self.epoch, "seconds": round(self.seconds, 1), **means, **figures})
        bar.set_postfix_str(" ".join(f"{k} {v:.4g}" for k, v in figures.items()))

    def _step(self, batch: tuple[Tensor, ...]) -> dict[str, Tensor]:
        """One update of the weights; the loss and its parts."""
        recipe = self.recipe
        for group in self.optimizer.param_groups:
            group["lr"] = rate_at(recipe, self.step, self.total, self.task.steps)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=recipe.bf16):
            loss, named = self.task.loss(self.model, batch)
        self.model.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch's stubs say nothing of it
        if recipe.clip:
            nn.utils.clip_grad_norm_(self.model.parameters(), recipe.clip)
        self.optimizer.step()
        self.step += 1
        average(self.averaged, self.model, min(recipe.ema, self.step / (self.step + 10)))
        return {"loss": loss, **named}

    def keep(self, out: Path) -> None:
        """Writes to `out` what the last epoch left: the best weights, all that resuming needs, the log."""
        figure, plain = self.rows[-1][self.task.best], as_plain(self.recipe)
        if self.recipe.keep == "last" or figure > self.best:
            self.best = max(self.best, figure)
            kept = {"weights": self.averaged.state_dict(), "row": self.rows[-1], "recipe": plain}
            save(kept | {"machine": machine(self.device)}, out / "best.pt")
        state = {"model": self.model.state_dict(), "averaged": self.averaged.state_dict(), "best": self.best}
        state |= {"optimizer": self.optimizer.state_dict(), "epoch": self.epoch, "step": self.step}
        save(state | {"rows": self.rows, "seconds": self.seconds, "recipe": plain}, out / "checkpoint.pt")
        write_log(self.rows, out / "log.csv")


def train(recipe: Recipe, task: Task, out: Path, device: torch.device = CPU, helpers: int = 0) -> None:
    """Runs the epochs of `recipe` that the folder `out` does not have yet, on `device`.

    `helpers` processes make the batches, with 0 this one. Raises RecipeError when `out` holds the run of
    another recipe, or when what the recipe starts from is not trained yet.
    """
    resumed = (out / "checkpoint.pt").exists()
    if recipe.start and not resumed:
        begin(task.model, recipe.start)
    run = Run.of(recipe, task, device)
    if resumed:
        run.resume(out)
    stream = batches(task, recipe.seed, range(run.step, run.total), device, helpers)
    with tqdm(total=run.total, initial=run.step, unit="step", desc=recipe.name) as bar:
        while run.epoch < recipe.epochs:
            run.learn(stream, bar)
            run.keep(out)


def rate_at(recipe: Recipe, step: int, total: int, steps: int) -> float:
    """The learning rate of `step` of `total`, of `steps` in an epoch.

    It rises linearly; then it is flat, half a cosine to 0, or times `drop` after each epoch of `drops`.
    """
    rise = min(1.0, (step + 1) / max(1.0, recipe.warmup * steps))
    fall = 1.0
    if recipe.schedule == "cosine":
        fall = 0.5 + 0.5 * math.cos(math.pi * step / total)
    elif recipe.schedule == "steps":
        fall = recipe.drop ** sum(step >= epoch * steps for epoch in recipe.drops)
    return recipe.rate * rise * fall


@torch.no_grad()
def average(averaged: nn.Module, model: nn.Module, decay: float) -> None:
    """Moves `averaged` by 1 - `decay` towards `model`: parameters and running statistics; counters are
    copied."""
    pairs = zip(averaged.state_dict().values(), model.state_dict().values(), strict=True)
    for old, new in pairs:
        if old.is_floating_point():
            old.lerp_(new, 1 - decay)
        else:
            old.copy_(new)


def save(state: dict[str, Any], path: Path) -> None:
    """Writes `state` to `path`, on the CPU: beside the file, then renamed, so that a stop leaves the old or
    the new."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as draft:
        torch.save(on_cpu(state), draft)


def on_cpu(state: Any) -> Any:
    """`state` (tensors in dicts and lists) with all tensors on the CPU, so that any machine can load it."""
    if isinstance(state, Tensor):
        return state.cpu()
    if isinstance(state, dict):
        return {key: on_cpu(value) for key, value in state.items()}
    return [on_cpu(value) for value in state] if isinstance(state, list) else state


def write_log(rows: list[dict[str, float]], path: Path) -> None:
    """Writes a CSV with a row for each epoch.

    The loss and its parts are means over the epoch's steps, figures are those of the averaged weights.
    """
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[-1]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def as_plain(recipe: Recipe) -> dict[str, Any]:
    """The recipe as the dicts that a checkpoint can hold."""
    return dataclasses.asdict(recipe)


def main(argv: list[str] | None = None) -> int:
    """0 when it is trained; 2 where something it needs is missing or wrong; 130 after Ctrl-C."""
    parser = new_parser("train", __doc__)
    parser.add_argument("recipe", type=Path, help="a file, or the name of one in export/recipes")
    parser.add_argument("--smoke", action="store_true", help="two epochs on made-up data, in seconds")
    parser.add_argument(
        "--workers", type=int, help="processes that make batches; if not given 0, on cuda one a core"
    )
    parser.add_argument(
        "--stop", type=int, metavar="N", help="of a recipe that counts updates: make N at most this time"
    )
    add_options(parser)
    args = parser.parse_args(argv)
    return outcome.run(lambda: _train(args), "the same command resumes after the last whole epoch.")


def _train(args: argparse.Namespace) -> None:
    device = chosen(args)
    recipe = read_recipe(args.recipe)
    if args.smoke:
        recipe = smoked(recipe)
    if args.stop is not None and (recipe.task not in LOOPS or args.stop < 1):
        raise RecipeError(
            f"--stop takes a number of updates from 1 on; {recipe.name} counts epochs, or that is less."
        )
    out = folder(recipe, args.smoke)
    if args.smoke:
        (out / "checkpoint.pt").unlink(missing_ok=True)
    count = workers(device) if args.workers is None else args.workers
    if recipe.task in LOOPS:
        importlib.import_module(f"{LOOPS[recipe.task]}.train").run(recipe, args.smoke, out, device, args.stop)
    elif recipe.mean:
        save(mix(recipe, build(recipe)) | {"recipe": as_plain(recipe)}, out / "best.pt")
    else:
        train(recipe, build(recipe, args.smoke), out, device, count)
    print(f"{out / 'best.pt'} holds the best weights; python -m export.to_onnx {recipe.name} exports them.")


if __name__ == "__main__":
    sys.exit(main())
