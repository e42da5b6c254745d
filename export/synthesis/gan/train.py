"""The training of LGP-GAN: critics and generator in turn, by `python -m export.train`.

Writes to runs/RECIPE/: every 200 updates checkpoint.pt (all that resuming needs), best.pt (averaged weights
of the generator) and log.csv; every 500 updates a picture in grids/, which shows faces of the data.

What a recipe says beside its networks and losses: `updates` of the generator, and in [data] `critic_steps`
before each, `critic_rate`, that of the critics, and `head_start`, steps in which they learn the expressions
alone, before the first update; `noise`, under which they name expressions from the update `noise_after` on
(`disturbed.py`). Rates are flat for the first half, then fall to 0 in a straight line
(eye-centre thesis, section 5.4.2). Only the generator computes in bfloat16: the critics' gradients are learnt
from, too.
"""

from __future__ import annotations

import copy
import dataclasses
import sys
from collections import defaultdict
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import torch
from torch import Tensor
from tqdm import tqdm

from app.types import EXPRESSIONS
from export.losses.adversarial import critics_loss, expression_loss, generator_loss
from export.nets.lgp_gan import Critics, Generator
from export.synthesis.gan.disturbed import disturbed
from export.synthesis.gan.grid import grid, signed
from export.synthesis.gan.pictures import Source, chances, load
from export.synthesis.gan.sides import sides, weights
from export.train import as_plain, average, save, write_log
from export.training.device import machine
from export.training.task import Recipe, RecipeError

SAVED, DRAWN = 200, 500  # updates between two checkpoints, and between two grids
BETAS = (0.5, 0.999)  # of Adam: section 5.4.2


class Training:
    """One training of `recipe` on `source` that writes to the folder `out`; `shown` are (n, c, s, s) faces.

    Raises RecipeError for a wrong entry of the recipe, or when `out` holds the run of another one.
    """

    def __init__(self, recipe: Recipe, source: Source, shown: Any, out: Path, device: torch.device) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe, self.out = recipe, out
        self._source, self._shown, self._device = source, shown, device
        generator, critics = sides(recipe)
        self.generator, self.critics = generator.to(device), critics.to(device)
        self.averaged = copy.deepcopy(self.generator).requires_grad_(False)
        self._weights = weights(recipe)
        self._optimizers = [
            torch.optim.Adam(side.parameters(), rate, BETAS)
            for side, rate in (
                (self.generator, recipe.rate),
                (self.critics, recipe.data.get("critic_rate", recipe.rate)),
            )
        ]
        self._chances = chances(source.labels, recipe.data.get("balance", 0.0))
        self._steps = recipe.data.get("critic_steps", 5)
        self._noise = recipe.data.get("noise", 0.0)
        self._faster = recipe.data.get("critic_rate", recipe.rate) / recipe.rate
        self.update, self._seconds = 0, 0.0
        self.rows: list[dict[str, float]] = []
        self._sums: defaultdict[str, float] = defaultdict(float)
        self._resume()

    def _resume(self) -> None:
        if not (self.out / "checkpoint.pt").exists():
            return
        saved = torch.load(self.out / "checkpoint.pt", map_location="cpu", weights_only=True)
        if Recipe(**saved["recipe"]) != self.recipe:
            raise RecipeError(
                f"{self.out} holds a run of another {self.recipe.name}; remove it to train anew."
            )
        for name, module in (
            ("generator", self.generator),
            ("critics", self.critics),
            ("averaged", self.averaged),
        ):
            module.load_state_dict(saved[name])
        for optimizer, state in zip(self._optimizers, saved["optimizers"], strict=True):
            optimizer.load_state_dict(state)
        self.update, self._seconds, self.rows = saved["update"], saved["seconds"], saved["rows"]

    def run(self, stop: int | None = None) -> None:
        """Makes all updates that are still to be made, or those up to the one numbered `stop`."""
        total = min(self.recipe.updates, stop or self.recipe.updates)
        start = perf_counter()
        if not (self.out / "checkpoint.pt").exists():
            self._teach_expressions()
        with tqdm(total=total, initial=self.update, unit="update", desc=self.recipe.name) as bar:
            while self.update < total:
                self.step()
                bar.update()
                if self.update % SAVED == 0 or self.update == total:
                    self._seconds += perf_counter() - start
                    start = perf_counter()
                    self._save()
                    bar.set_postfix_str(" ".join(f"{k} {self.rows[-1][k]:.3g}" for k in SHOWN))
                if self.update % DRAWN == 0 or self.update == total:
                    grid(self.averaged, self._shown, self.out / "grids" / f"{self.update:06d}.png")

    def _teach_expressions(self) -> None:
        """The head start: then what the critics say steers the generator from its first update on."""
        for number in tqdm(range(self.recipe.data.get("head_start", 0)), "critics alone", unit="step"):
            faces, labels, _ = self._batch(number + self._steps + 1)
            loss = expression_loss(self.critics(self.critics.cut(faces)), labels)
            self._learn(1, self.critics, loss)

    def step(self) -> None:
        """One update of the generator, after those of the critics."""
        torch.manual_seed(self.recipe.seed * 10_007 + self.update)
        rate = rate_at(self.recipe, self.update)
        for optimizer, times in zip(self._optimizers, (1.0, self._faster), strict=True):
            for group in optimizer.param_groups:
                group["lr"] = times * rate
        for number in range(self._steps):
            self._count(self._against(number), 1 / self._steps)
        self._count(self._make(self._steps), 1.0)
        self.update += 1
        average(self.averaged, self.generator, min(self.recipe.ema, self.update / (self.update + 10)))

    def _against(self, number: int) -> dict[str, Tensor]:
        """One update of the critics."""
        faces, labels, wanted = self._batch(number)
        with torch.no_grad(), self._quickly():
            made = self.generator(faces, one_hot(wanted))
        real = self.critics.cut(faces)
        seen = disturbed(real, self._noise) if self._noisy else None
        loss, parts = critics_loss(self.critics.critics, real, made.pictures, labels, self._weights, seen)
        self._learn(1, self.critics, loss)
        return parts

    def _make(self, number: int) -> dict[str, Tensor]:
        """One update of the generator."""
        faces, labels, wanted = self._batch(number)
        with self._quickly():
            both = self.generator(faces.repeat(2, 1, 1, 1), one_hot(torch.cat([wanted, labels])))
            made, same = both.face.chunk(2)
            back = self.generator(made, one_hot(labels)).face
        halves = [picture[: len(faces)] for picture in both.pictures]
        masks = [mask[: len(faces)] for mask in both.masks]
        self.critics.requires_grad_(False)
        said = self.critics(halves)
        named = self.critics(disturbed(halves, self._noise)) if self._noisy else None
        pairs = ((back, faces), (same, faces))
        loss, parts = generator_loss(said, wanted, masks, pairs, self._weights, named)
        self._learn(0, self.generator, loss)
        self.critics.requires_grad_(True)
        shares = {
            f"mask_{name}": mask.mean() for name, mask in zip(("whole", "eyes", "mouth"), masks, strict=False)
        }
        return parts | shares

    def _learn(self, which: int, side: Generator | Critics, loss: Tensor) -> None:
        side.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch's stubs say nothing of it
        self._optimizers[which].step()

    def _batch(self, number: int) -> tuple[Tensor, Tensor, Tensor]:
        """Faces (n, c, s, s), their expressions (n,), and the wanted ones: those of the batch, shuffled."""
        rng = np.random.default_rng([self.recipe.seed, self.update, number + 1])
        rows = rng.choice(len(self._chances), self.recipe.batch, p=self._chances)
        faces, labels = signed(self._source.drawn(rows, rng)), torch.from_numpy(self._source.labels[rows])
        wanted = labels[torch.from_numpy(rng.permutation(len(rows)))]
        return faces.to(self._device), labels.to(self._device), wanted.to(self._device)

    @property
    def _noisy(self) -> bool:
        return bool(self._noise > 0 and self.update >= self.recipe.data.get("noise_after", 0))

    def _quickly(self) -> torch.autocast:
        return torch.autocast(self._device.type, torch.bfloat16, enabled=self.recipe.bf16)

    def _count(self, parts: dict[str, Tensor], share: float) -> None:
        for name, value in parts.items():
            self._sums[name] += share * float(value.detach())

    def _save(self) -> None:
        since = self.update - int(self.rows[-1]["update"]) if self.rows else self.update
        means = {name: value / since for name, value in self._sums.items()}
        self._sums.clear()
        rate = rate_at(self.recipe, self.update - 1)
        self.rows.append({"update": self.update, "seconds": round(self._seconds, 1), "rate": rate, **means})
        plain = {"recipe": as_plain(self.recipe), "machine": machine(self._device)}
        save({"weights": self.averaged.state_dict(), "row": self.rows[-1], **plain}, self.out / "best.pt")
        state: dict[str, Any] = {"update": self.update, "seconds": self._seconds, "rows": self.rows}
        state |= {name: getattr(self, name).state_dict() for name in ("generator", "critics", "averaged")}
        state["optimizers"] = [optimizer.state_dict() for optimizer in self._optimizers]
        save(state | plain, self.out / "checkpoint.pt")
        write_log(self.rows, self.out / "log.csv")


SHOWN = ("distance", "expression_real", "right_real", "expression_made", "right_made", "cycle", "mask_whole")


def rate_at(recipe: Recipe, update: int) -> float:
    """The learning rate of one update: flat for the first half of them, then down to 0 in a straight line."""
    return recipe.rate * min(1.0, 2 - 2 * update / recipe.updates)


def one_hot(labels: Tensor) -> Tensor:
    """(n, 8) float32 of expressions (n,)."""
    return torch.nn.functional.one_hot(labels, 8).float()


def shown(source: Source) -> Any:
    """(8, c, s, s): the first face of each expression, or of those that `source` has."""
    firsts = [np.flatnonzero(source.labels == number)[:1] for number in range(8)]
    return source.still(np.concatenate(firsts))


def counted(source: Source) -> str:
    """How many faces of each expression `source` has, in words."""
    counts = np.bincount(source.labels, minlength=8).tolist()
    each = ", ".join(f"{count:,} {name}" for name, count in zip(EXPRESSIONS, counts, strict=True))
    return f"{len(source.labels):,} faces to learn from: {each}"


def run(recipe: Recipe, smoke: bool, out: Path, device: torch.device, stop: int | None = None) -> None:
    """Trains `recipe` on its data, or with `smoke` on a few drawn faces; goes on where `out` has a
    checkpoint. With `stop` it ends after that update, at the rates of a whole run: a later run goes on.

    Raises FileNotFoundError and DataError for the data, RecipeError for a wrong entry of the recipe.
    """
    learn, others = load(recipe, smoke)
    print(counted(learn), file=sys.stderr)
    if smoke:
        recipe = dataclasses.replace(recipe, data={**recipe.data, "head_start": 2})
    Training(recipe, learn, shown(others), out, device).run(stop)
