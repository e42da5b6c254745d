"""Networks of earlier runs teach a smaller network: a recipe's table [teacher].

    [teacher]
    recipes = ["teacher_a", "teacher_b"]  # trained before; their best.pt are read
    temperature = 2.0
    weight = 1.0  # beside the losses on the votes
    mirror = true  # they see the mirror image, too: slower, and a little better
    exported = false  # true: their ONNX files answer, on a processor; in 8 bits in a third of the time

They see the same crop that the pupil sees: a patient and consistent teacher teaches best (Beyer et al., CVPR
2022).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from app.stages.models import Model, load
from export.affect.networks import AffectNet, network
from export.data.places import MODELS, RUNS
from export.nets.heads import Affect
from export.training.device import place
from export.training.task import Recipe, RecipeError, read_recipe


class Teachers(nn.Module):
    """The mean of several networks' logits for a crop and, if `mirror`, its mirror image.

    `temperature` softens what they teach, see `divergence`; `weight` is that of their loss beside the others.
    """

    def __init__(
        self, networks: list[nn.Module], temperature: float = 2.0, weight: float = 1.0, mirror: bool = True
    ) -> None:
        super().__init__()
        self.networks = nn.ModuleList(networks).eval().requires_grad_(False)
        self.temperature, self.weight, self._mirror = temperature, weight, mirror

    @torch.no_grad()
    def forward(self, crops: Tensor) -> Tensor:
        """(n, 8) float32 logits for `crops` (n, 1, s, s), 0..255, on their device."""
        if next(self.parameters(), crops).device != crops.device:  # exported ones have no parameters
            place(self, crops.device, torch.channels_last)
        views = torch.cat([crops, crops.flip(3)]) if self._mirror else crops
        logits = torch.stack([net(views).logits.float() for net in self.networks]).mean(0)
        return logits.view(-1, len(crops), logits.shape[1]).mean(0)

    def loss(self, logits: Tensor, crops: Tensor) -> Tensor:
        """How far a pupil's (n, 8) `logits` for `crops` are from the teachers': a scalar, see
        `divergence`."""
        return divergence(logits, self(crops), self.temperature)


class Exported(nn.Module):
    """An exported network as a teacher; its logits are those of the probabilities that it gives."""

    def __init__(self, model: Model) -> None:
        super().__init__()
        self._model = model

    def forward(self, crops: Tensor) -> Affect:
        """What the network gives for crops (n, 1, s, s), 0..255, on their device."""
        batch = crops.cpu().round().to(torch.uint8).contiguous().numpy()
        said = dict(zip(self._model.card.outputs, self._model.run(batch), strict=True))
        logits = np.log(np.maximum(said["probs"], np.finfo(np.float32).tiny))
        parts = (logits, said["va"], said["features"].mean((2, 3)), said["features"])
        return Affect(*(torch.from_numpy(part).to(crops.device) for part in parts))


def divergence(logits: Tensor, taught: Tensor, temperature: float) -> Tensor:
    """T^2 KL(softmax(taught / T) || softmax(logits / T)), mean over faces (Hinton et al. 2015, section 2).

    `logits` and `taught` are (n, 8). T^2 keeps the gradients as large as at temperature 1.
    """
    learnt = torch.log_softmax(logits.float() / temperature, 1)
    target = torch.log_softmax(taught.float() / temperature, 1)
    return temperature**2 * nn.functional.kl_div(learnt, target, reduction="batchmean", log_target=True)


def hired(recipe: Recipe, smoke: bool = False) -> Teachers | None:
    """The recipe's teachers, None if it names none; with `smoke` they have learnt nothing yet.

    Raises RecipeError when one is not trained or exported yet, or an option is unknown.
    """
    if not recipe.teacher:
        return None
    options = dict(recipe.teacher)
    names = options.pop("recipes", [])
    if not names:
        raise RecipeError(f"{recipe.name}, table [teacher]: name at least one of the recipes.")
    exported = options.pop("exported", False)
    networks: list[nn.Module]
    if smoke:
        networks = [AffectNet(network(read_recipe(Path(name))), nn.Identity()) for name in names]
    elif exported:
        networks = [answering(name) for name in names]
    else:
        networks = [trained(name) for name in names]
    try:
        return Teachers(networks, **options)
    except TypeError as error:
        raise RecipeError(f"{recipe.name}, table [teacher]: {error}; correct the option's name.") from error


def answering(name: str) -> Exported:
    """The exported network `name` from models/, or else from runs/<name>/, where `export.compare` puts it.

    Raises RecipeError when there is none, ModelError when it is damaged.
    """
    for folder in (MODELS, RUNS / name):
        if (folder / f"{name}.toml").exists():
            return Exported(load(folder / f"{name}.toml", threads=torch.get_num_threads()))
    raise RecipeError(f"The teacher {name} is not exported; run python -m export.to_onnx {name} first.")


def trained(name: str) -> AffectNet:
    """The network of the run of recipe `name`, with the weights of its best epoch.

    Raises RecipeError when it is not trained yet.
    """
    path = RUNS / name / "best.pt"
    if not path.exists():
        raise RecipeError(f"The teacher {name} is not trained yet; run python -m export.train {name} first.")
    best = torch.load(path, map_location="cpu", weights_only=True)
    net = network(Recipe(**best["recipe"]))
    own = {key.removeprefix("net."): part for key, part in best["weights"].items() if key.startswith("net.")}
    net.load_state_dict(own)
    return AffectNet(net, nn.Identity())
