"""The task "affect": expression, valence and arousal from a grey crop, learnt on FER+."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from app.stages.align import CropShape
from app.types import EXPRESSIONS
from export import figures
from export.augment import degrade
from export.data import sets
from export.data.circumplex import SOURCE
from export.data.faces import Faces, made_up
from export.data.motion import moved
from export.data.sample import epoch_order
from export.losses.batch import Batch, Truth
from export.losses.total import Total
from export.nets.densenet import DenseNet
from export.nets.emotion_gcn import EmotionGcn, label_graph
from export.nets.heads import Affect
from export.nets.light_cnn import LightCnn
from export.nets.mobilenet import MobileNet
from export.nets.recnn import ReCnn
from export.nets.residual import Residual
from export.nets.se_resnet import SeResNet
from export.places import DATA, ROOT, RUNS
from export.task import Recipe, RecipeError

CROP = CropShape(48, 18.0, 17.0)
NETS: dict[str, type[nn.Module]] = {
    "residual": Residual,
    "light_cnn": LightCnn,
    "mobilenet": MobileNet,
    "se_resnet": SeResNet,
    "densenet": DenseNet,
    "emotion_gcn": EmotionGcn,
    "recnn": ReCnn,
}


class AffectNet(nn.Module):
    """Crops (n, 1, s, s), 0..255, standardised, through a network.

    Standardising every crop by itself makes the answer free of the light's level and contrast. The losses
    live here too, because some learn.
    """

    def __init__(self, net: nn.Module, losses: nn.Module) -> None:
        super().__init__()
        self.net, self.losses = net, losses

    def forward(self, crops: Tensor) -> Affect:
        return self.net(standardised(crops))


def standardised(crops: Tensor) -> Tensor:
    """Every crop at mean 0 and about unit contrast; a flat one stays flat."""
    centred = crops - crops.mean((2, 3), keepdim=True)
    return centred / torch.sqrt(centred.square().mean((2, 3), keepdim=True) + 100.0)


class Deployed(nn.Module):
    """What the app calls: probabilities at the fitted temperature, valence and arousal, last feature map.

    Then (n, 8, h, w) activation maps, see `activation_maps`; in their place, a ReCNN gives its relation
    weights, which tell the same of its regions. A graph head is folded into one linear layer.
    """

    def __init__(self, net: nn.Module, temperature: float) -> None:
        super().__init__()
        self.net, self.temperature = net, temperature
        if isinstance(net, EmotionGcn):
            self.net = copy.deepcopy(net)
            self.net.heads = net.heads.folded()

    def forward(self, crops: Tensor) -> tuple[Tensor, ...]:
        crops = standardised(crops)
        if isinstance(self.net, ReCnn):
            given, why = self.net.related(crops)
        else:
            given = self.net(crops)
            why = activation_maps(self.net.heads, given.features) / self.temperature
        return torch.softmax(given.logits / self.temperature, 1), given.va, given.features, why


def activation_maps(heads: nn.Module, features: Tensor) -> Tensor:
    """(n, 8, h, w): the logits that each place of (n, c, h, w) `features` would give alone.

    Behind global average pooling and a linear layer their mean over the places is the logits themselves:
    the class activation maps of Zhou et al., CVPR 2016, section 2.
    """
    _, channels, height, width = features.shape
    places = features.permute(0, 2, 3, 1).reshape(-1, channels, 1, 1)
    return heads(places).logits.reshape(-1, height, width, len(EXPRESSIONS)).permute(0, 3, 1, 2)


class AffectTask:
    """Learns from `train`, chooses by `choose`."""

    best = "accuracy"
    crop = CROP

    def __init__(self, recipe: Recipe, train: Faces, choose: Faces, smoke: bool) -> None:
        net = dict(recipe.net)
        truth = Truth(*(torch.from_numpy(a) for a in (train.votes, train.labels, train.va)))
        name = net.pop("name", "residual")
        if name not in NETS:
            raise RecipeError(f"{recipe.name} names the network {name}; choose from: {', '.join(NETS)}.")
        try:
            network = NETS[name](**net)
        except TypeError as error:
            raise RecipeError(f"{recipe.name}, table [net]: {error}; correct the option's name.") from error
        if isinstance(network, EmotionGcn):
            network.heads.graph.copy_(label_graph(truth))
        self.outputs = ("probs", "va", "features", "relations" if isinstance(network, ReCnn) else "maps")
        with torch.no_grad():
            channels = network.eval()(torch.zeros(1, 1, CROP.size, CROP.size)).embedding.shape[1]
        try:
            losses = Total(recipe.loss, truth, channels)
        except (TypeError, ValueError) as error:
            raise RecipeError(f"{recipe.name}, table [loss]: {error}") from error
        self.model = AffectNet(network.train(), losses)
        self._batch = recipe.batch
        self._power = recipe.data.get("balance", 0.0)
        self._degrade = recipe.data.get("degrade", 0.5)
        self._train, self._choose = train, choose
        self._chosen_crops = choose.crops(CROP)[:, None]
        self._temperature = 1.0
        self._set = sets.NAMES[recipe.data.get("set", "fer")]
        self.steps = 2 if smoke else len(train) // recipe.batch

    def order(self, rng: np.random.Generator) -> np.ndarray:
        order = epoch_order(self._train.labels, self._power, self.steps * self._batch, rng)
        return order.reshape(self.steps, self._batch)

    def batch(self, rows: np.ndarray, rng: np.random.Generator) -> Batch:
        faces = self._train
        crops = np.stack([self._sample(i, rng) for i in rows])[:, None]
        truth = (torch.from_numpy(a[rows]) for a in (faces.votes, faces.labels, faces.va))
        return Batch(torch.from_numpy(crops), *truth)

    def _sample(self, row: int, rng: np.random.Generator) -> np.ndarray:
        crop = moved(self._train.images[row], self._train.eyes[row], CROP, rng)
        return degrade(crop, rng) if rng.random() < self._degrade else crop

    def loss(self, model: nn.Module, batch: tuple[Tensor, ...]) -> tuple[Tensor, dict[str, Tensor]]:
        faces = Batch(*batch)
        given = model(faces.crops.float().to(memory_format=torch.channels_last))
        return model.losses(given, faces)

    def validate(self, model: nn.Module) -> dict[str, float]:
        """Accuracy and mean recall in percent, and the CCC of valence and arousal."""
        given = run(model, self._chosen_crops)
        probs, va = given.logits.numpy(), given.va.numpy()
        labels = self._choose.labels
        valence, arousal = figures.ccc(va, self._choose.va)
        return {
            "accuracy": figures.accuracy(probs, labels),
            "recall": float(np.nanmean(figures.recalls(probs, labels))),
            "ccc_valence": float(valence),
            "ccc_arousal": float(arousal),
        }

    def deployed(self, model: nn.Module) -> nn.Module:
        """With the temperature that makes the majority of `choose` most likely."""
        logits = run(model.eval(), self._chosen_crops).logits
        self._temperature = temperature(logits, torch.from_numpy(self._choose.labels))
        return Deployed(model.net, self._temperature)

    def crops(self, count: int) -> np.ndarray:
        return self._chosen_crops[np.arange(count) % len(self._chosen_crops)]

    def card(self) -> dict[str, Any]:
        """What only this task knows of its card."""
        data = f"{self._set}: {len(self._train)} faces to learn from, {len(self._choose)} to choose by"
        return {
            "outputs": {"labels": list(EXPRESSIONS)},
            "training": {"data": data, "valence_arousal": SOURCE},
            "export": {"temperature": self._temperature},
        }


@torch.no_grad()
def run(model: nn.Module, crops: np.ndarray, batch: int = 256) -> Affect:
    """What `model` (eval, on any device) gives for uint8 crops (n, 1, s, s); the answer is on the CPU."""
    device = next(model.parameters()).device
    parts = [model(part.to(device).float()) for part in torch.from_numpy(crops).split(batch)]
    return Affect(*(torch.cat(column).float().cpu() for column in zip(*parts, strict=True)))


def temperature(logits: Tensor, labels: Tensor) -> float:
    """The T that makes softmax(logits / T) most likely under (n,) labels (Guo et al., ICML 2017)."""
    grid = torch.exp(torch.linspace(-1.6, 1.6, 641))
    losses = torch.stack([nn.functional.cross_entropy(logits / t, labels) for t in grid])
    return float(grid[losses.argmin()])


def build(recipe: Recipe, smoke: bool) -> AffectTask:
    """The task on the recipe's data set, or on a few drawn faces. Raises FileNotFoundError, RecipeError."""
    if smoke:
        return AffectTask(recipe, made_up(32), made_up(16, seed=1), smoke)
    name = recipe.data.get("set", "fer")
    if name not in sets.NAMES:
        raise RecipeError(f"{recipe.name} names the data set {name}; choose from: {', '.join(sets.NAMES)}.")
    train, choose = sets.load(name, ROOT / recipe.data.get("folder", DATA), RUNS / "cache")
    if "share" in recipe.data:  # the same faces for every recipe with this share
        rows = np.random.default_rng(0).permutation(len(train))
        train = train.take(rows[: round(recipe.data["share"] * len(train))])
    return AffectTask(recipe, train, choose, smoke)
