"""Exports a trained recipe as ONNX with its card: `python -m export.to_onnx RECIPE [--name NAME] [--smoke]`.

Needs: runs/RECIPE/best.pt, which `export.train RECIPE` writes, and the recipe's data. Writes models/NAME.onnx
and models/NAME.toml (with --to in another folder), and refuses both when ONNX Runtime and torch disagree on
real crops.

  python -m export.to_onnx eyes
  python -m export.to_onnx affect --name affect-float32

The second is for a network that ships in 8 bits: `export.shipping.quantize affect` makes those of the floats.
"""
# The exporter is TorchScript's (dynamo=False): it folds batch norm into the convolutions by itself and needs
# no further package.

from __future__ import annotations

import dataclasses
import hashlib
import importlib
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from app.stages.models import make_session
from app.system.atomic import replacing
from export.data.arrays import Crops
from export.data.net7876 import LABEL_SHIFT
from export.shipping import card, pair
from export.shipping.agreement import BATCHES, ExportError, check
from export.shipping.asked import read
from export.training import outcome
from export.training.device import place
from export.training.task import LOOPS, Recipe, RecipeError, Task, build

CPU = torch.device("cpu")


class FromBytes(nn.Module):
    """`net` for the app's uint8 crops (n, 1, size, size) instead of float32 ones."""

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net

    def forward(self, crops: Tensor) -> Tensor | tuple[Tensor, ...]:
        """What `net` gives for the crops."""
        given: Tensor | tuple[Tensor, ...] = self.net(crops.float())
        return given


def export(recipe: Recipe, task: Task, trained: Path, to: Path, name: str) -> float:
    """Writes `to`/<name>.onnx and .toml from the weights in `trained` (best.pt); the `difference` from torch.

    Raises ExportError when that is above TOLERANCE, and FileNotFoundError when nothing is trained yet.
    """
    if not trained.exists():
        raise FileNotFoundError(f"{trained} is missing; run python -m export.train {recipe.name} first.")
    best = torch.load(trained, map_location="cpu", weights_only=True)
    task.model.cpu().load_state_dict(best["weights"])
    net = place(FromBytes(task.deployed(task.model)).eval(), CPU, torch.contiguous_format)
    to.mkdir(parents=True, exist_ok=True)
    with replacing(to / f"{name}.onnx") as draft:
        write_onnx(net, task.crops(2), list(task.outputs), draft)
        worst = difference(net, draft, task)
        check(worst)
    card.write(to / f"{name}.toml", make_card(recipe, task, best, to / f"{name}.onnx", worst))
    return worst


def write_onnx(net: nn.Module, crops: Crops, outputs: list[str], path: Path) -> None:
    """Writes `net` to `path` as ONNX, traced with `crops` (2, 1, size, size); the batch axis is called n.

    The input is called crop, the outputs as `outputs` says.
    """
    axes = {name: {0: "n"} for name in ["crop", *outputs]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the older exporter is chosen on purpose
        torch.onnx.export(
            net,
            (torch.from_numpy(crops),),
            str(path),
            dynamo=False,
            input_names=["crop"],
            output_names=outputs,
            dynamic_axes=axes,
            opset_version=17,
        )


def difference(net: nn.Module, path: Path, task: Task) -> float:
    """The largest difference between torch and ONNX Runtime, over outputs, crops and batches of 1, 2, 5.

    Of an output that goes beyond 1 in size, the difference is taken relative to its largest value.
    """
    session = make_session(path.read_bytes(), torch.get_num_threads())
    crops = task.crops(sum(BATCHES))
    worst = 0.0
    for count in BATCHES:
        batch, crops = crops[:count], crops[count:]
        with torch.no_grad():
            expected = net(torch.from_numpy(batch))
        expected = expected if isinstance(expected, tuple) else (expected,)
        found = session.run(list(task.outputs), {"crop": batch})
        for one, other in zip(expected, found, strict=True):
            size = max(1.0, float(one.abs().max()))
            worst = max(worst, float(np.abs(one.numpy() - other).max()) / size)
    return worst


def make_card(recipe: Recipe, task: Task, best: dict[str, Any], path: Path, worst: float) -> dict[str, Any]:
    """The card's tables, without figures on test data: `export.evaluate` writes those."""
    row = best["row"]
    named = "" if path.stem == recipe.name else f" --name {path.stem}"
    figures = {key: value for key, value in row.items() if key not in ("epoch", "seconds")}
    table: dict[str, Any] = {
        "name": path.stem,
        "task": recipe.task,
        "file": path.name,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "licence": "Apache-2.0",
        "input": {"name": "crop", "channels": 1, "size": task.crop.size},
        "crop": dataclasses.asdict(task.crop),
        "outputs": {
            "names": list(task.outputs),
            **({"too_far_right": LABEL_SHIFT} if recipe.task == "eye-centres" else {}),
        },
        "training": {
            "recipe": f"export/recipes/{recipe.name}.toml",
            "seed": recipe.seed,
            "epochs": recipe.epochs,
            "best_epoch": row["epoch"],
            "seconds_to_best_epoch": row["seconds"],
            "machine": best["machine"],
            **({"start": f"export/recipes/{recipe.start}.toml"} if recipe.start else {}),
            **({"mean_of": [f"export/recipes/{name}.toml" for name in recipe.mean]} if recipe.mean else {}),
            "parameters": sum(p.numel() for p in task.model.parameters()),
            "chosen_by": chosen_by(recipe, task),
            "figures_at_best_epoch": figures,
        },
        "export": {
            "command": f"python -m export.to_onnx {recipe.name}{named}",
            "difference_from_torch": worst,
        },
    }
    for name, fields in task.card().items():
        table[name] = table.get(name, {}) | fields
    return table


def chosen_by(recipe: Recipe, task: Task) -> str:
    """By what the exported weights were chosen, in words."""
    if recipe.mean:
        return "mean of the weights"
    return "last epoch" if recipe.keep == "last" else task.best


def main(argv: list[str] | None = None) -> int:
    """0 when the network is written; 2 where something it needs is missing or wrong; 1 where torch
    disagrees."""
    try:
        return outcome.run(lambda: _export(argv), "nothing is written.")
    except ExportError as error:
        print(error, file=sys.stderr)
        return 1


def _export(argv: list[str] | None) -> None:
    request = read("to_onnx", __doc__, argv)
    held = request.to / f"{request.name}.toml"
    if held.exists() and card.read(held).get("precision") == "int8":
        floats = pair.floats(request.name)
        raise RecipeError(f"{held} is of an 8-bit network, made of {floats}: give --name {floats}.")
    if request.recipe.task in LOOPS:
        exporter = importlib.import_module(f"{LOOPS[request.recipe.task]}.onnx")
        worst = exporter.export(request.recipe, request.run, request.to, request.name)
    else:
        task = build(request.recipe, request.smoke)
        worst = export(request.recipe, task, request.run / "best.pt", request.to, request.name)
    path = request.to / f"{request.name}.onnx"
    print(f"{path} and its card are written; torch and ONNX Runtime differ by {worst:.2g} at most.")


if __name__ == "__main__":
    sys.exit(main())
