"""Gets trained weights back out of the file that ships: `python -m export.affect.recover CARD RECIPE`.

Needs: a card of a light CNN in float32 that `export.to_onnx` wrote, the recipe it was trained by, and the
FER+ data (docs/data.md). Writes runs/RECIPE/best.pt, from which other recipes can start (field `start`), so
that a fresh clone, which has no runs, can go on from what ships.

  python -m export.affect.recover models/affect-float32.toml affect

The exporter folded the norms into the convolutions. Here each convolution gets a norm again, with the
statistics of real crops, so that the network gives the same answers, and nearly the same in training.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from export.affect.networks import AffectNet, standardised
from export.data.places import MODELS
from export.nets.light_cnn import LightCnn
from export.shipping import card
from export.train import as_plain, save
from export.training import outcome
from export.training.arguments import parser as new_parser
from export.training.task import Recipe, RecipeError, Task, build, folder, read_recipe

CROPS = 1024  # that give the statistics of the norms
SPREAD = 0.045  # of a kernel's numbers; about what Muon keeps at a rate of 5e-3 and a decay of 0.05


def weights(path: Path) -> tuple[list[tuple[Tensor, Tensor]], dict[str, Tensor]]:
    """Kernel (o, i, h, w) and bias (o,) of each convolution of the ONNX file at `path`, in order; the heads
    by name."""
    graph = onnx.load(path).graph
    held = {one.name: torch.from_numpy(numpy_helper.to_array(one).copy()) for one in graph.initializer}
    nodes = [node for node in graph.node if node.op_type == "Conv"]
    heads = {name.split(".heads.")[1]: value for name, value in held.items() if ".heads." in name}
    return [(held[node.input[1]], held[node.input[2]]) for node in nodes], heads


@torch.no_grad()
def unfold(trunk: nn.Sequential, folded: list[tuple[Tensor, Tensor]], seen: Tensor) -> None:
    """Gives `trunk` (convolution, norm, ReLU, pooling) the `folded` weights; `seen` (n, 1, s, s) are crops.

    Raises RecipeError when the network has other convolutions.
    """
    shapes = [tuple(layer.weight.shape) for layer in trunk if isinstance(layer, nn.Conv2d)]
    if shapes != [tuple(kernel.shape) for kernel, _ in folded]:
        raise RecipeError("The file holds another network than the recipe; name the recipe it was made by.")
    rest = iter(folded)
    for place, layer in enumerate(trunk):
        if isinstance(layer, nn.Conv2d):
            kernel, bias = next(rest)
            scale = SPREAD / kernel.flatten(1).square().mean(1).sqrt().clamp_min(1e-6)
            layer.weight.copy_(kernel * scale[:, None, None, None])
            found = layer(seen)
            norm = trunk[place + 1]
            assert isinstance(norm, nn.BatchNorm2d) and norm.running_mean is not None
            assert norm.running_var is not None
            mean, variance = found.mean((0, 2, 3)), found.var((0, 2, 3))
            norm.running_mean.copy_(mean)
            norm.running_var.copy_(variance)
            norm.weight.copy_(torch.sqrt(variance + norm.eps) / scale)
            norm.bias.copy_(bias + mean / scale)
        seen = layer.eval()(seen)


def recover(path: Path, recipe: Recipe, task: Task) -> dict[str, Any]:
    """What a training of `recipe` keeps in best.pt, of the network whose card is at `path`.

    `task` is the recipe's. Raises RecipeError when the network is not a light CNN in float32, or another one.
    """
    table = card.read(path)
    model = task.model.eval()
    net = model.net if isinstance(model, AffectNet) else None
    if table.get("precision") == "int8" or not isinstance(net, LightCnn):
        raise RecipeError(f"{path.name} or {recipe.name} is not of a light CNN in float32; name one that is.")
    crops = torch.from_numpy(task.crops(CROPS)).float()
    kernels, heads = weights(path.parent / table["file"])
    unfold(net.trunk, kernels, standardised(crops))
    net.heads.load_state_dict(heads)
    with torch.no_grad():
        figures = task.validate(model)
    made = table["training"]
    row = {"epoch": made["best_epoch"], "seconds": made["seconds_to_best_epoch"], **figures}
    return {
        "weights": model.state_dict(),
        "row": row,
        "recipe": as_plain(recipe),
        "machine": made["machine"],
    }


def main(argv: list[str] | None = None) -> int:
    """0 when best.pt is written; 2 where something it needs is missing or wrong, with one sentence."""
    parser = new_parser("affect.recover", __doc__)
    parser.add_argument(
        "card", type=Path, help="a card of float32 weights, such as models/affect-float32.toml"
    )
    parser.add_argument("recipe", type=Path, help="the recipe that they were trained by")
    args = parser.parse_args(argv)
    return outcome.run(lambda: _recover(args.card, read_recipe(args.recipe)), "nothing is written.")


def _recover(path: Path, recipe: Recipe) -> None:
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing; name a card such as {MODELS / 'affect-float32.toml'}.")
    to = folder(recipe) / "best.pt"
    if to.exists():
        raise RecipeError(f"{to} is there already; remove it to put the recovered weights in its place.")
    save(recover(path, recipe, build(recipe)), to)
    print(f"{to} holds the weights of {path.name}.")


if __name__ == "__main__":
    sys.exit(main())
