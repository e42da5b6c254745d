"""The task "eye-centres": two heatmaps from a grey crop, learnt on net_7876."""

from __future__ import annotations

import functools
import math
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from app.stages.align import CropShape, apply, similarity, warp
from export.data import net7876
from export.data.arrays import Counts, Crops, Eyes, Floats, Grey, Heatmaps
from export.data.crops import aligned
from export.data.net7876 import Faces
from export.data.places import DATA
from export.eyes.calibrate import platt
from export.eyes.errors import locate, normalised_errors
from export.eyes.face_box import moved
from export.eyes.teacher import MapTeacher, divergence, hired
from export.losses import heatmap
from export.nets.eye_fcn import EyeFcn
from export.nets.small_eye_fcn import SmallEyeFcn
from export.nets.thesis_fcn import ThesisFcn
from export.training.augment import degrade
from export.training.task import Recipe, RecipeError

CROP = CropShape(96, 44.0, 36.0)  # it shows the mouth, which helps where an eye is hidden
NETS: dict[str, type[nn.Module]] = {"eye_fcn": EyeFcn, "small_eye_fcn": SmallEyeFcn, "thesis_fcn": ThesisFcn}
Sample = tuple[NDArray[Any], ...]
"""A crop (size, size) uint8, its centres (2, 2), pixels in it, and, if taught, maps (2, size, size)."""
Batch = tuple[Tensor, ...]
"""Those of n faces: (n, 1, size, size), (n, 2, 2), and, if taught, (n, 2, size, size)."""


class EyeCentres:
    """A training of `recipe` on `faces`: crops around eyes that are known roughly, from an outline or a face
    box.

    Raises RecipeError for a wrong entry of the table [net].
    """

    best = "score"
    crop = CROP
    outputs = ("heatmaps",)

    def __init__(self, recipe: Recipe, faces: Faces, smoke: bool) -> None:
        net = dict(recipe.net)
        name = net.pop("name", "eye_fcn")
        if name not in NETS:
            raise RecipeError(f"{recipe.name} names the network {name}; choose from: {', '.join(NETS)}.")
        try:
            self.model = NETS[name](**net)
        except TypeError as error:
            raise RecipeError(f"{recipe.name}, table [net]: {error}; correct the option's name.") from error
        self._loss = dict(recipe.loss)
        self._teacher: MapTeacher | None = hired(recipe, smoke)
        self._published = recipe.data.get("published", False)
        self._wide = recipe.data.get("wide", 0.5)
        self._boxes = recipe.data.get("boxes", 0.0)
        self._spread = recipe.data.get("spread", 1.0)
        self._degraded = recipe.data.get("degraded", 0.5)
        self._views: int = recipe.data.get("views", 0)
        self._seed = recipe.seed
        self._kept: dict[tuple[int, int], Sample] = {}
        self._label_shift = recipe.data.get("label_shift", 0.0) * CROP.eye_distance
        self._batch, self._bf16 = recipe.batch, recipe.bf16
        self._picture = functools.cache(faces.grey)  # all fit into memory
        self._eyes, self._guesses = faces.eyes, faces.guesses()
        self._learn, self._choose = net7876.split(len(faces), seed=7876)
        self.steps = 2 if smoke else len(self._learn) // recipe.batch

    def order(self, rng: np.random.Generator) -> Counts:
        """See `Task.order`: a permutation of the faces to learn from."""
        return rng.permutation(self._learn)[: self.steps * self._batch].reshape(self.steps, self._batch)

    def batch(self, rows: Counts, rng: np.random.Generator) -> Batch:
        """See `Task.batch` and `Batch`. With `views` in the recipe a face has so many crops, drawn once."""
        if not self._views:
            return stack(self._taught([self._sample(i, rng) for i in rows]))
        keys = [(int(i), int(rng.integers(self._views))) for i in rows]
        new = [key for key in dict.fromkeys(keys) if key not in self._kept]
        drawn = [self._sample(key[0], np.random.default_rng((self._seed, *key))) for key in new]
        self._kept.update(zip(new, self._taught(drawn), strict=True))
        return stack([self._kept[key] for key in keys])

    def _taught(self, samples: list[Sample]) -> list[Sample]:
        """The same with the teacher's maps, if there is one."""
        if self._teacher is None or not samples:
            return samples
        maps = self._teacher.maps(np.stack([sample[0] for sample in samples])[:, None])
        return [(*sample[:2], taught) for sample, taught in zip(samples, maps, strict=True)]

    def _sample(self, index: int, rng: np.random.Generator) -> Sample:
        """One augmented crop and its centres."""
        eyes = self._eyes[index]
        if self._published:
            rough = published_jitter(self._guesses[index], rng)
        elif rng.random() >= self._wide:
            rough = outline_jitter(eyes, rng, self._spread)
        elif rng.random() < self._boxes:
            rough = guess_jitter(self._guesses[index], rng)
        else:
            rough = box_jitter(eyes, rng)
        transform = similarity(rough, CROP)
        crop = np.asarray(warp(self._picture(index), transform, CROP.size), np.uint8)
        centres: Eyes = apply(transform, eyes)
        if rng.random() < 0.5:
            crop, centres = flip(crop, centres, self._label_shift)
        return (degrade(crop, rng) if rng.random() < self._degraded else crop), centres

    def loss(self, model: nn.Module, batch: tuple[Tensor, ...]) -> tuple[Tensor, dict[str, Tensor]]:
        """See `Task.loss`: the loss of the recipe's table [loss], over the eyes that are inside their
        crops."""
        crops, centres, *taught = batch
        maps = model(crops.float().to(memory_format=torch.channels_last)).float()
        inside = ((centres >= 0) & (centres <= CROP.size - 1)).all(-1).float()
        if self._loss["name"] == "mean_squared":
            parts = {"mse": heatmap.mean_squared(maps, centres, self._loss["sigma"])}
            total = parts["mse"]
        else:
            found = heatmap.expectation(maps, self._loss["sharpness"])
            parts = {
                "entropy": heatmap.cross_entropy(maps, centres, self._loss["sigma"]),
                "distance": heatmap.robust_distance(found, centres, self._loss["scale"]),
            }
            total = parts["entropy"] + self._loss["weight"] * parts["distance"]
            if self._teacher is not None:
                parts["taught"] = divergence(self._loss["sharpness"] * maps, *taught)
                total = total + self._teacher.weight * parts["taught"]
        return mean(total, inside), {name: mean(part, inside) for name, part in parts.items()}

    def validate(self, model: nn.Module) -> dict[str, float]:
        """Percent of the kept faces with e at most 0.025 and 0.05, and the mean of these figures, `score`.

        Once from crops around outline-like eyes, once from the face box in two views.
        """
        figures: dict[str, float] = {}
        answers = self._answers(self._maps(model), self._bf16)
        for name, (errors, _) in answers.items():
            worse = errors.max(1)
            figures |= {f"{name}_{t}": 100 * float((worse <= t).mean()) for t in (0.025, 0.05)}
        return figures | {"score": float(np.mean(list(figures.values())))}

    def _answers(self, net: nn.Module, bf16: bool = False) -> dict[str, tuple[Floats, Crops]]:
        """Normalised errors (n, 2) and crops of the kept faces, by how the crops were made."""
        rng = np.random.default_rng(7876)
        eyes = self._eyes[self._choose]
        pictures = [self._picture(i) for i in self._choose]
        device = next(net.parameters()).device
        seen: list[Crops] = []

        @torch.no_grad()
        def run(crops: Crops) -> Heatmaps:
            seen.append(crops)
            with torch.autocast(device.type, torch.bfloat16, enabled=bf16):
                maps: Heatmaps = net(torch.from_numpy(crops).to(device).float()).float().cpu().numpy()
                return maps

        answers = {}
        near = np.stack([outline_jitter(e, rng) for e in eyes])
        first, _ = locate(run, CROP, pictures, self._guesses[self._choose])
        for name, around in {"outline": near, "box": first}.items():
            seen.clear()
            found, _ = locate(run, CROP, pictures, around)
            answers[name] = (normalised_errors(found, eyes), np.concatenate(seen))
        return answers

    def _maps(self, model: nn.Module) -> nn.Module:
        if isinstance(model, ThesisFcn):
            return model
        return Peaks(model, self._loss["sharpness"], self._loss["sigma"])

    def deployed(self, model: nn.Module) -> nn.Module:
        """See `Task.deployed`: with a confidence, the probability of e <= 0.05, fitted to the kept faces."""
        maps = self._maps(model).eval()
        if not isinstance(maps, Peaks):
            return maps
        errors, crops = (np.concatenate(part) for part in zip(*self._answers(maps).values(), strict=True))
        with torch.no_grad():
            doubt = [maps.doubt(maps.net(part.float())) for part in torch.split(torch.from_numpy(crops), 64)]
        maps.slope, maps.offset = platt(torch.cat(doubt).numpy().ravel(), errors.ravel() <= 0.05)
        return maps

    def crops(self, count: int) -> Crops:
        """See `Task.crops`: those of the kept faces, over again if there are fewer."""
        rows = self._choose[np.arange(count) % len(self._choose)]
        return aligned([self._picture(i) for i in rows], self._eyes[rows], CROP)[0]

    def card(self) -> dict[str, Any]:
        """See `Task.card`: the data."""
        data = f"net_7876-train.csv: {len(self._learn)} faces to learn from, {len(self._choose)} to choose by"
        return {"training": {"data": data}}


class Peaks(nn.Module):
    """Heatmap logits to maps >= 0, where a perfect answer is a Gaussian of height 1.

    `sharpness` above 1 narrows each peak, so that the mean of its 36 strongest pixels is the place that the
    loss has trained; it divides the variance of the Gaussian, whose width is `sigma` pixels. A wide map means
    doubt: once `slope` and `offset` are fitted, its width gives the probability c that the place is right. A
    share c of the map's weight then stays where it was and the rest is spread over the whole map, so that the
    share of weight around the centre, which is how the app reads the confidence, is about c.
    """

    def __init__(self, net: nn.Module, sharpness: float, sigma: float) -> None:
        super().__init__()
        self.net, self.sharpness = net, sharpness
        self.height = 2 * math.pi * sigma**2 / sharpness
        self.slope, self.offset = 0.0, math.inf  # not fitted: c = 1

    def forward(self, crops: Tensor) -> Tensor:
        """Maps (n, 2, 96, 96) of crops (n, 1, 96, 96), 0..255."""
        logits: Tensor = self.net(crops)
        maps = self.height * (self.sharpness * logits.flatten(2)).softmax(2)
        if math.isfinite(self.offset):
            sure = torch.sigmoid(self.slope * self.doubt(logits) + self.offset)
            maps = sure * maps + (1 - sure) * (self.height / maps.shape[2])
        return maps.view_as(logits)

    def doubt(self, logits: Tensor) -> Tensor:
        """(n, 2, 1): the logarithm of each map's variance, in square pixels, from logits (n, 2, 96, 96)."""
        probs = logits.flatten(2).softmax(2).view_as(logits)
        axis = torch.arange(CROP.size, dtype=logits.dtype, device=logits.device)
        variance = torch.zeros((), device=logits.device)
        for along in (2, 3):
            marginal = probs.sum(along)
            middle = (marginal * axis).sum(2, keepdim=True)
            variance = variance + (marginal * (axis - middle).square()).sum(2, keepdim=True)
        return variance.clamp_min(1e-3).log()


def build(recipe: Recipe, smoke: bool) -> EyeCentres:
    """The task of `recipe` on net_7876-train, or with `smoke` on a few made-up faces.

    Raises FileNotFoundError, DataError and RecipeError.
    """
    return EyeCentres(recipe, made_up_faces(24) if smoke else net7876.load(DATA, "train"), smoke)


def published_jitter(guess: Eyes, rng: np.random.Generator) -> Eyes:
    """Eyes where they are on average in the face box, turned and scaled as in the eye-centre thesis, section
    3.4.3."""
    return moved(guess, rng.uniform(-30, 30), rng.uniform(0.75, 1.25), np.zeros(2))


def box_jitter(eyes: Eyes, rng: np.random.Generator) -> Eyes:
    """Eyes as they can be guessed from a face box.

    Turned by up to 30 degrees, 0.75 to 1.35 times as far apart (1.25 in the eye-centre thesis; faces from the
    side need more), and shifted as the eyes of net_7876 are in their boxes.
    """
    shift = np.clip(rng.normal(0, (0.14, 0.08)), -0.35, 0.35)
    return moved(eyes, rng.uniform(-30, 30), rng.uniform(0.75, 1.35), shift)


def guess_jitter(guess: Eyes, rng: np.random.Generator) -> Eyes:
    """Eyes where they are on average in the face's own box, turned, scaled and shifted.

    Boxes of faces from the side are far off to one side, by up to 0.7 eye distances, and too wide for their
    eyes, by up to a factor of 2; `box_jitter` draws shift and scale independently, and rarely so far.
    """
    shift = np.clip(rng.normal(0, 0.08, 2), -0.25, 0.25)
    return moved(guess, rng.uniform(-30, 30), rng.uniform(0.75, 1.25), shift)


def outline_jitter(eyes: Eyes, rng: np.random.Generator, wider: float = 1.0) -> Eyes:
    """Eyes as the outlines of a face mesh give them, or a first answer of the network.

    MediaPipe's outlines against the labels of 400 training pictures: turned by 0.1 +- 0.8 degrees, 1.00 +-
    0.03 times as far apart, shifted by 0.00 +- 0.02 eye distances to the side and 0.024 +- 0.016 down.
    Some faces are much worse than most, so the spread itself is drawn, and made `wider` times as large.
    """
    spread = wider * rng.lognormal(0, 0.5)
    shift = rng.normal((0, 0.012), 0.025 * spread)
    return moved(eyes, rng.normal(0, 1.3 * spread), np.exp(rng.normal(0, 0.035 * spread)), shift)


def flip(crop: Grey, centres: Eyes, label_shift: float = 0.0) -> tuple[Grey, Eyes]:
    """The mirrored crop and its centres (2, 2): the person's left eye becomes the right one.

    Labels that are all `label_shift` pixels too far to the right would be too far to the left in a mirrored
    picture; they are put back to the right, where the same people would have set them.
    """
    mirrored = centres[::-1].copy()
    mirrored[:, 0] = crop.shape[1] - 1 - mirrored[:, 0] + 2 * label_shift
    return crop[:, ::-1].copy(), mirrored


def stack(samples: list[Sample]) -> Batch:
    """The batch of several crops (size, size), each with its centres (2, 2), and what else it has."""
    crops, centres, *taught = (np.stack(part) for part in zip(*samples, strict=True))
    return torch.from_numpy(crops[:, None]), torch.from_numpy(centres).float(), *map(torch.from_numpy, taught)


def mean(values: Tensor, weights: Tensor) -> Tensor:
    """The mean, a scalar, of `values` weighed by `weights` of the same shape; 0 where all weights are 0."""
    return (values * weights).sum() / weights.sum().clamp_min(1)


def made_up_faces(count: int) -> Faces:
    """`count` discs with two dark dots as faces, always the same: enough to run every line of a training."""
    rng = np.random.default_rng(0)
    encoded, eyes = [], []
    for _ in range(count):
        picture = np.full((160, 160, 3), 90, np.uint8)
        cv2.circle(picture, (80, 85), 60, (190, 190, 190), -1)
        pair = np.array([[104.0, 70.0], [56.0, 70.0]]) + rng.uniform(-6, 6, (2, 2))
        for x, y in pair.round().astype(int).tolist():
            cv2.circle(picture, (x, y), 5, (20, 20, 20), -1)
        encoded.append(cv2.imencode(".png", picture)[1].tobytes())
        eyes.append(pair)
    boxes = np.tile([20.0, 35.0, 140.0, 155.0], (count, 1))
    return Faces(tuple(f"{i}.png" for i in range(count)), tuple(encoded), np.array(eyes), boxes)
