"""Fits the head for valence and arousal anew, and nothing else: `python -m export.affect.rated.refit RECIPE`.

Needs: the run of an affect recipe with the option readout, or of a mean of some; the data of FER+ and
net_7876, and va-ratings.csv (docs/data.md). Writes the new head into runs/RECIPE/best.pt, whose answers about
expressions stay as they are, to the bit.

  python -m export.train affect_rated_mean
  python -m export.affect.rated.refit affect_rated_mean

The mean of several trainings (a recipe's field `mean`) keeps what each knew of the expressions, but a mean of
heads that learnt different things about valence and arousal fits none. The head is fitted by penalised
least squares to the rated faces of the training part, each as much as its ratings count, and to their mirror
images. What is fitted so stays too near to the origin on other faces; both values are therefore multiplied,
before the tanh, by a gain of their own. Penalty and gains are chosen on PublicTest.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from export.affect import figures as affect_figures
from export.affect.rated import figures
from export.affect.task import AffectTask
from export.data import rated
from export.data.arrays import Floats, Greys
from export.data.joined import counting
from export.data.places import DATA, RUNS
from export.nets.heads import Affect
from export.train import save
from export.training import outcome
from export.training.arguments import parser as new_parser
from export.training.task import RecipeError, build, folder, read_recipe

STRENGTHS = (1e-3, 1e-2, 1e-1, 1.0)  # of the penalty, in mean variances of a feature
GAINS = torch.arange(100, 131, 5) / 100  # from 1 to 1.3


def fit(pooled: Tensor, va: Tensor, weights: Tensor, strength: float) -> nn.Linear:
    """A layer whose tanh gives (n, 2) `va` from (n, c) `pooled` features; row i counts `weights`[i] (n,).

    `strength` is the penalty of the weights' squares, in mean variances of a feature; 0 is least squares.
    """
    share = (weights / weights.sum()).double()
    middle = share @ pooled.double()
    x, y = pooled.double() - middle, va.double()
    penalty = strength * (share @ x.square()).mean()
    kernel = torch.zeros(2, x.shape[1], dtype=torch.float64, requires_grad=True)
    bias = (share @ y).clamp(-0.99, 0.99).atanh().detach().requires_grad_()
    search = torch.optim.LBFGS([kernel, bias], max_iter=60, history_size=20, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        search.zero_grad()
        error = (share @ (torch.tanh(x @ kernel.T + bias) - y).square()).sum()
        total: Tensor = error + penalty * kernel.square().sum()
        total.backward()  # type: ignore[no-untyped-call]  # torch's stubs say nothing of it
        return total

    search.step(loss)  # type: ignore[no-untyped-call]  # nor of it
    layer = nn.Linear(x.shape[1], 2)
    with torch.no_grad():
        layer.weight.copy_(kernel)
        layer.bias.copy_(bias - kernel @ middle)
    return layer


@torch.no_grad()
def gained(layer: nn.Linear, pooled: Tensor, va: Tensor) -> Tensor:
    """(2,) the gains of GAINS that `layer` gets, in place: each column's concordance is then highest.

    `pooled` (n, c) are the features of faces whose valence and arousal are `va` (n, 2).
    """
    answers = torch.tanh(GAINS[:, None, None] * layer(pooled))
    found = torch.tensor(np.stack([affect_figures.ccc(answer.numpy(), va.numpy()) for answer in answers]))
    gains = GAINS[found.argmax(0)]
    layer.weight.mul_(gains[:, None])
    layer.bias.mul_(gains)
    return gains


@torch.no_grad()
def embedding(model: nn.Module, crops: Greys, batch: int = 256) -> Floats:
    """(n, c) pooled features that `model` (eval, gives Affect) has of n uint8 crops (n, side, side).

    It sees `batch` crops at a time, in bfloat16.
    """
    parts: list[Tensor] = []
    given: Affect
    for part in torch.split(torch.from_numpy(crops)[:, None], batch):
        with torch.autocast("cpu", torch.bfloat16):
            given = model(part.float().to(memory_format=torch.channels_last))
        parts.append(given.embedding.float())
    return torch.cat(parts).numpy()


def main(argv: list[str] | None = None) -> int:
    """0 when the head is fitted; 2 where something it needs is missing or wrong, with one sentence."""
    parser = new_parser("affect.rated.refit", __doc__)
    parser.add_argument("recipe", type=Path, help="a trained affect recipe, or a mean of some")
    args = parser.parse_args(argv)
    return outcome.run(lambda: _refit(args.recipe), "nothing is written.")


def _refit(path: Path) -> None:
    recipe = read_recipe(path)
    to = folder(recipe) / "best.pt"
    if not to.exists():
        raise RecipeError(
            f"{recipe.name} is not trained yet; run python -m export.train {recipe.name} first."
        )
    kept, task = torch.load(to, map_location="cpu", weights_only=True), build(recipe)
    if not isinstance(task, AffectTask) or task.train.rated is None:
        raise RecipeError(f"{recipe.name} learns from no ratings; name a recipe with the option readout.")
    task.model.load_state_dict(kept["weights"])
    model, cache = task.model.eval(), RUNS / "cache"
    learn = rated.rated_only(rated.to_learn(DATA, cache).faces)
    choose = rated.test(DATA, "PublicTest", cache)
    crops = learn.crops(rated.CROP)
    seen = np.concatenate([embedding(model, views) for views in (crops, crops[..., ::-1].copy())])
    va, weights = (np.concatenate([part, part]) for part in (learn.va, counting(learn)))
    told = [torch.from_numpy(part) for part in (seen, va, weights)]
    asked = torch.from_numpy(embedding(model, choose.crops(rated.CROP)))
    layers = [(fit(told[0], told[1], told[2], strength), strength) for strength in STRENGTHS]
    gains = {strength: gained(layer, asked, torch.from_numpy(choose.va)) for layer, strength in layers}

    def agreement(pair: tuple[nn.Linear, float]) -> float:
        with torch.no_grad():
            return figures.score(torch.tanh(pair[0](asked)).numpy(), choose.va)

    layer, strength = max(layers, key=agreement)
    model.get_submodule("net.heads.affect").load_state_dict(layer.state_dict())
    with torch.no_grad():
        found = task.validate(model)
    row = {name: kept["row"][name] for name in ("epoch", "seconds")} | found
    save(kept | {"weights": model.state_dict(), "row": row}, to)
    said = ", ".join(f"{gain:.2f}" for gain in gains[strength].tolist())
    print(f"{to} holds a new head for valence and arousal, of penalty {strength:g} and gains {said}:", found)


if __name__ == "__main__":
    sys.exit(main())
