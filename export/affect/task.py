"""The task "affect": expression, valence and arousal from a grey crop, learnt on FER+."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from app.stages.align import CropShape
from app.types import EXPRESSIONS
from export.affect import figures
from export.affect.networks import AffectNet, Deployed, network
from export.affect.rated import taught
from export.affect.teachers import hired
from export.data import outlines, ratings, sets
from export.data.arrays import Counts, Crops, Floats, Grey
from export.data.batch import Batch, Truth
from export.data.circumplex import SOURCE
from export.data.faces import Faces, made_up
from export.data.joined import counting
from export.data.mixup import mixed
from export.data.motion import cut, placed
from export.data.places import DATA, RUNS
from export.data.sample import epoch_order
from export.losses.total import Total
from export.nets.emotion_gcn import EmotionGcn
from export.nets.heads import Affect
from export.nets.recnn import ReCnn
from export.training.augment import degrade
from export.training.task import Recipe, RecipeError

CROP = CropShape(48, 18.0, 17.0)


class AffectTask:
    """A training of `recipe` that learns from the faces `train` and chooses the epoch by the faces `choose`.

    Raises RecipeError for a wrong entry of its tables [net], [loss] or [teacher].
    """

    crop = CROP

    def __init__(self, recipe: Recipe, train: Faces, choose: Faces, smoke: bool) -> None:
        truth = Truth(*(torch.from_numpy(a) for a in (train.votes, train.labels, train.va)))
        net = network(recipe)
        if isinstance(net, EmotionGcn):
            net.learn_graph(truth)
        self.outputs = ("probs", "va", "features", "relations" if isinstance(net, ReCnn) else "maps")
        with torch.no_grad():
            channels = net.eval()(torch.zeros(1, 1, CROP.size, CROP.size)).embedding.shape[1]
        try:
            losses = Total(recipe.loss, truth, channels)
        except (TypeError, ValueError) as error:
            raise RecipeError(f"{recipe.name}, table [loss]: {error}") from error
        self.model: nn.Module = AffectNet(net.train(), losses)
        self._teachers = hired(recipe, smoke)
        self._batch = recipe.batch
        self.best = "accuracy" if choose.rated is None else "score"
        self._power = recipe.data.get("balance", 0.0)
        self._degrade = recipe.data.get("degrade", 0.5)
        self._mixup = recipe.data.get("mixup", 0.0)
        if self._mixup and train.outlines is not None:
            raise RecipeError(f"{recipe.name}: masks cannot be mixed; take out mixup, or the loss mask.")
        self._prior = recipe.data.get("prior", 0.0)
        self.train, self._choose = train, choose
        self._favour = None if "favour" not in recipe.data else favoured(train, recipe.data["favour"])
        self._chosen_crops = choose.crops(CROP)[:, None]
        self._exported: dict[str, float] = {}
        self._set = sets.NAMES[recipe.data.get("set", "fer")]
        self.steps = 2 if smoke else len(train) // recipe.batch

    def order(self, rng: np.random.Generator) -> Counts:
        """See `Task.order`; with the recipe's `balance` rare expressions come more often, with `favour` rated
        faces."""
        order = epoch_order(self.train.labels, self._power, self.steps * self._batch, rng, self._favour)
        return order.reshape(self.steps, self._batch)

    def batch(self, rows: Counts, rng: np.random.Generator) -> Batch:
        """See `Task.batch`; a share `degrade` of the crops is as a poor webcam shows them."""
        faces = self.train
        samples = [self._sample(i, rng) for i in rows]
        crops = np.stack([crop for crop, _ in samples])[:, None]
        votes, va, rated = faces.votes[rows], faces.va[rows], counting(faces)[rows]
        if self._mixup:
            crops, (votes, va, rated) = mixed(crops, (votes, va, rated), self._mixup, rng)
        drawn = [mask[None] for _, mask in samples if mask is not None]
        masks = np.stack(drawn) if drawn else np.empty(0, np.uint8)
        return Batch(*(torch.from_numpy(a) for a in (crops, votes, faces.labels[rows], va, rated, masks)))

    def _sample(self, row: int, rng: np.random.Generator) -> tuple[Grey, Grey | None]:
        transform, mirrored = placed(self.train.eyes[row], CROP, rng)
        crop, shown = cut(self.train.images[row], transform, CROP, mirrored), self.train.outlines
        mask = None if shown is None else outlines.mask(shown[row], transform, CROP.size, mirrored)
        return degrade(crop, rng) if rng.random() < self._degrade else crop, mask

    def loss(self, model: nn.Module, batch: tuple[Tensor, ...]) -> tuple[Tensor, dict[str, Tensor]]:
        """See `Task.loss`: the recipe's losses, and `taught` where it has teachers."""
        faces = Batch(*batch)
        crops = faces.crops.float().to(memory_format=torch.channels_last)
        given: Affect = model(crops)
        total: Tensor
        parts: dict[str, Tensor]
        total, parts = model.get_submodule("losses")(given, faces)
        if self._teachers:
            taught = self._teachers.loss(given.logits, crops)
            total, parts = total + self._teachers.weight * taught, parts | {"taught": taught}
        return total, parts

    def validate(self, model: nn.Module) -> dict[str, float]:
        """Accuracy and mean recall in percent, and the CCC of valence and arousal, on the faces to choose by.

        Where faces are rated, the CCC is of these alone, and `score`, in percent, is the mean of the accuracy
        and both CCCs.
        """
        given = run(model, self._chosen_crops)
        rated = self._choose.rated
        rows = slice(None) if rated is None else rated > 0
        valence, arousal = (float(c) for c in figures.ccc(given.va.numpy()[rows], self._choose.va[rows]))
        found = {**self._right(given.logits), "ccc_valence": valence, "ccc_arousal": arousal}
        score = (found["accuracy"] + 100 * (valence + arousal)) / 3
        return found if rated is None else found | {"score": score}

    def _right(self, logits: Tensor) -> dict[str, float]:
        probs, labels = logits.numpy(), self._choose.labels
        recall = float(np.nanmean(figures.recalls(probs, labels)))
        return {"accuracy": figures.accuracy(probs, labels), "recall": recall}

    def deployed(self, model: nn.Module) -> nn.Module:
        """See `Task.deployed`; with the temperature that makes the labels of the faces to choose by most
        likely, and the recipe's `prior`: the power of the expressions' shares that is divided by."""
        logits = run(model.eval(), self._chosen_crops).logits
        shares = torch.from_numpy(self.train.votes.mean(0))
        taken = self._prior * torch.log(shares) if self._prior else None
        logits = logits if taken is None else logits - taken
        fitted = temperature(logits, torch.from_numpy(self._choose.labels))
        power = {"prior_power": self._prior} if self._prior else {}
        self._exported = {"temperature": fitted, **power, **self._right(logits)}
        return Deployed(model.get_submodule("net"), fitted, taken)

    def crops(self, count: int) -> Crops:
        """See `Task.crops`: those of the faces to choose by, over again if there are fewer."""
        crops: Crops = self._chosen_crops[np.arange(count) % len(self._chosen_crops)]
        return crops

    def card(self) -> dict[str, Any]:
        """See `Task.card`: the labels, the data, and the fitted temperature."""
        known = self._set if self.train.rated is None else f"{self._set}, and net_7876-train"
        data = f"{known}: {len(self.train)} faces to learn from, {len(self._choose)} to choose by"
        return {
            "outputs": {"labels": list(EXPRESSIONS)},
            "training": {
                "data": data,
                "valence_arousal": SOURCE if self.train.rated is None else ratings.SOURCE,
            },
            "export": self._exported,
        }


@torch.no_grad()
def run(model: nn.Module, crops: Crops, batch: int = 256) -> Affect:
    """What `model` (eval, on any device) gives for uint8 crops (n, 1, s, s); the answer is on the CPU.

    It sees `batch` crops at a time.
    """
    device = next(model.parameters()).device
    parts = [model(part.to(device).float()) for part in torch.split(torch.from_numpy(crops), batch)]
    return Affect(*(torch.cat(column).float().cpu() for column in zip(*parts, strict=True)))


def temperature(logits: Tensor, labels: Tensor) -> float:
    """The T that makes softmax(logits / T) most likely under (n,) labels (Guo et al., ICML 2017)."""
    grid = torch.exp(torch.linspace(-1.6, 1.6, 641))
    losses = torch.stack([nn.functional.cross_entropy(logits / t, labels) for t in grid])
    return float(grid[losses.argmin()])


def favoured(faces: Faces, times: float) -> Floats:
    """(n,) how much likelier each face is shown: from 1 where its valence and arousal do not count to `times`
    where they count in full."""
    return 1 + (times - 1) * counting(faces)


def build(recipe: Recipe, smoke: bool) -> AffectTask:
    """The task of `recipe` on its data set, or with `smoke` on a few drawn faces.

    Raises FileNotFoundError when the data is missing, DataError when it cannot be used, RecipeError for a
    wrong entry of the recipe.
    """
    if smoke:
        drawn = made_up(32)
        if "mask" in recipe.loss:
            drawn = replace(drawn, outlines=outlines.made_up(drawn.eyes))
        return AffectTask(recipe, drawn, made_up(16, seed=1), smoke)
    name = recipe.data.get("set", "fer")
    if name not in sets.NAMES:
        raise RecipeError(f"{recipe.name} names the data set {name}; choose from: {', '.join(sets.NAMES)}.")
    folder, cache = DATA / recipe.data.get("folder", ""), RUNS / "cache"
    if "readout" in recipe.data:
        named = recipe.data["readout"]
        teachers = [named] if isinstance(named, str) else named
        train, choose = taught.load(teachers, recipe.data.get("unrated", 0.3), folder, cache)
    else:
        train, choose = sets.load(name, folder, cache)
    if "share" in recipe.data:  # the same faces for every recipe with this share
        rows = np.random.default_rng(0).permutation(len(train))
        train = train.take(rows[: round(recipe.data["share"] * len(train))])
    if "mask" in recipe.loss:
        train = replace(train, outlines=outlines.find(train.images, cache / f"{name}-outlines.npz"))
    return AffectTask(recipe, train, choose, smoke)
