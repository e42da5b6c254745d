"""The trained generator as ONNX with its card: what `python -m export.to_onnx` does for the task `synthesis`.

Inputs: `crop` (n, c, size, size) uint8, and `wanted` (n, 8) float32, shares of the wanted expressions in the
order of EXPRESSIONS. Outputs: `face` (n, c, size, size) float32, 0..255, and `mask` (n, 1, size, size), 0..1:
how much of the crop is in each place of the face.
"""

from __future__ import annotations

import hashlib
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from torch import Tensor, nn

from app.stages.models import make_session
from app.system.atomic import replacing
from app.types import EXPRESSIONS
from export.nets.lgp_gan import Generator, blend
from export.shipping import card
from export.shipping.agreement import BATCHES, check
from export.synthesis.gan.eight_bits import round_weights, store
from export.synthesis.gan.pictures import SETS, shape
from export.synthesis.gan.sides import sides
from export.training.task import Recipe

OPSET = 17


class Deployed(nn.Module):
    """The generator as the app calls it."""

    def __init__(self, generator: Generator) -> None:
        super().__init__()
        self.generator = generator

    def forward(self, crops: Tensor, wanted: Tensor) -> tuple[Tensor, Tensor]:
        """`face` and `mask` of `crop` and `wanted`, see above."""
        made = self.generator(crops.float() / 127.5 - 1, wanted)
        whole, *parts = made.masks
        kept = blend(torch.ones_like(whole), self.generator.regions, parts)
        return (made.face + 1) * 127.5, whole * kept


def export(recipe: Recipe, run: Path, to: Path, name: str) -> float:
    """Writes `to`/<name>.onnx and .toml from best.pt in the folder `run`; the largest `difference`.

    Raises ExportError when that is above TOLERANCE, and FileNotFoundError when nothing is trained yet.
    """
    if not (run / "best.pt").exists():
        raise FileNotFoundError(
            f"{run / 'best.pt'} is missing; run python -m export.train {recipe.name} first."
        )
    best = torch.load(run / "best.pt", map_location="cpu", weights_only=True)
    generator, _ = sides(recipe)
    generator.load_state_dict(best["weights"])
    round_weights(generator)
    net = Deployed(generator).eval()
    to.mkdir(parents=True, exist_ok=True)
    with replacing(to / f"{name}.onnx") as draft:
        write(net, recipe, draft)
        worst = difference(net, recipe, draft)
        check(worst)
    card.write(to / f"{name}.toml", make_card(recipe, generator, best, to / f"{name}.onnx", worst))
    return worst


def sample(recipe: Recipe, count: int) -> tuple[Tensor, Tensor]:
    """Drawn inputs for `count` faces: they need not look like faces to show how two runtimes differ."""
    rng = np.random.default_rng(count)
    size, channels = recipe.net["size"], recipe.net["channels"]
    crops = torch.from_numpy(rng.integers(0, 256, (count, channels, size, size), np.uint8))
    return crops, torch.from_numpy(rng.dirichlet(np.ones(8), count).astype(np.float32))


def write(net: nn.Module, recipe: Recipe, path: Path) -> None:
    """Writes `net` to `path` as ONNX, with 8-bit weights; the batch axis is called n."""
    names = ["crop", "wanted"], ["face", "mask"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the older exporter, as in export.to_onnx
        warnings.filterwarnings("ignore", "Converting a tensor to a Python boolean")  # by torch's group norm
        torch.onnx.export(
            net,
            sample(recipe, 2),
            str(path),
            dynamo=False,
            input_names=names[0],
            output_names=names[1],
            dynamic_axes={name: {0: "n"} for name in (*names[0], *names[1])},
            opset_version=OPSET,
        )
    onnx.save(store(onnx.load(path)), path)


@torch.no_grad()
def difference(net: nn.Module, recipe: Recipe, path: Path) -> float:
    """The largest difference between torch and ONNX Runtime, as a share of the range of each output."""
    session = make_session(path.read_bytes(), torch.get_num_threads())
    worst = 0.0
    for count in BATCHES:
        crops, wanted = sample(recipe, count)
        found = session.run(["face", "mask"], {"crop": crops.numpy(), "wanted": wanted.numpy()})
        for one, other, most in zip(net(crops, wanted), found, (255.0, 1.0), strict=True):
            worst = max(worst, float(np.abs(one.numpy() - other).max()) / most)
    return worst


def make_card(
    recipe: Recipe, generator: Generator, best: dict[str, Any], path: Path, worst: float
) -> dict[str, Any]:
    """The card's tables, without figures on test data: `export.evaluate synthesis` writes those."""
    row = best["row"]
    figures = {key: value for key, value in row.items() if key not in ("update", "seconds", "rate")}
    named = "" if path.stem == recipe.name else f" --name {path.stem}"
    place = shape(recipe.net["size"])
    return {
        "name": path.stem,
        "task": recipe.task,
        "file": path.name,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "licence": "Apache-2.0",
        "input": {"name": "crop", "channels": recipe.net["channels"], "size": place.size},
        "crop": {"size": place.size, "eye_distance": place.eye_distance, "eye_row": place.eye_row},
        "outputs": {"names": ["face", "mask"], "labels": list(EXPRESSIONS)},
        "training": {
            "recipe": f"export/recipes/{recipe.name}.toml",
            "seed": recipe.seed,
            "updates": row["update"],
            "seconds": row["seconds"],
            "machine": best["machine"],
            "parameters": sum(p.numel() for p in generator.parameters()),
            "chosen_by": "last update",
            "data": SETS[recipe.data.get("set", "fer")],
            "figures_at_last_update": figures,
        },
        "export": {
            "command": f"python -m export.to_onnx {recipe.name}{named}",
            "weights": "8 bits, a scale for each output channel; it computes in floats",
            "difference_from_torch": worst,
        },
    }
