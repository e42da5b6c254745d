"""ReCNN (the eye-centre thesis, chapter 4): how much the eyes, the mouth and the whole face tell.

The thesis cuts both regions from fixed places of VGG-Face's features, by a grid of 21 patches. Its picture
shows what they should hold: the eyes with the brows, and the mouth. On the crop of this project, which is cut
closer, that grid would miss the brows and the outer corners of the eyes, so the regions here are where these
parts are (`tests/export/nets/test_recnn.py` compares them with the landmarks of over 200 faces). Also
different: four convolutions on 48 x 48 crops from drawn weights instead of VGG-Face up to pool4.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from app.types import EXPRESSIONS
from export.nets.heads import Affect
from export.nets.layers import convolution

SIDE = 12  # of the shared feature map of a 48 x 48 crop: 4 pixels a cell
PLACES = {"eyes": (2, 6, 2, 10), "mouth": (7, 12, 2, 10), "face": (0, SIDE, 0, SIDE)}
"""Top, bottom, left, right of each region on the shared map, in cells; bottom and right are excluded."""
REGIONS = tuple(PLACES)


class ReCnn(nn.Module):
    """Shared convolutions, up to three regions, relation weights in one or two levels; 48 x 48 crops.

    `width` is that of the first layer, `size` the features of each region, `dropout` the share of features
    that a training step leaves out, `regions` those of REGIONS that take part. With two `levels` (equations
    4-1 to 4-10) each region is weighed again beside the sum of all; with one, the weighted features of the
    first level are all. Raises ValueError for other regions or levels.
    """

    def __init__(
        self,
        width: int = 32,
        size: int = 512,
        dropout: float = 0.3,
        regions: Sequence[str] = REGIONS,
        levels: int = 2,
    ) -> None:
        super().__init__()
        if not regions or not set(regions) <= set(PLACES) or levels not in (1, 2):
            raise ValueError(
                f"ReCNN has the regions {', '.join(PLACES)} and 1 or 2 levels; correct the option."
            )
        self.regions, self.levels = tuple(regions), levels
        layers: list[nn.Module] = []
        for before, after, stride in (
            (1, width, 1),
            (width, width, 2),
            (width, 2 * width, 1),
            (2 * width, 4 * width, 2),
        ):
            layers += [*convolution(before, after, stride), nn.ReLU(inplace=True)]
        self.shared = nn.Sequential(*layers)
        deep = 4 * width
        self.encoders = nn.ModuleList([encoder(deep, name) for name in self.regions])
        lengths = [deep * cells(name) for name in self.regions]
        self.features = nn.ModuleList([nn.Linear(length, size) for length in lengths])
        self.first = nn.ModuleList([relation(length, size) for length in lengths])
        self.second = nn.ModuleList([relation(2 * size, size) for _ in self.regions if levels == 2])
        self.dropout = nn.Dropout(dropout)
        length = levels * size * len(self.regions)
        self.expression = nn.Linear(length, len(EXPRESSIONS))
        self.affect = nn.Linear(length, 2)

    def forward(self, crops: Tensor) -> Affect:
        """What the network gives for standardised crops (n, 1, 48, 48): see `Affect`."""
        return self.related(crops)[0]

    def related(self, crops: Tensor) -> tuple[Affect, Tensor]:
        """What `forward` gives, and (n, r) the final weight R of each of its r regions, 0..1 (4-9)."""
        face = self.shared(crops)
        maps = [encode(region(face, name)) for encode, name in zip(self.encoders, self.regions, strict=True)]
        flat = [m.flatten(1) for m in maps]
        parts = [torch.relu(layer(v)) for layer, v in zip(self.features, flat, strict=True)]
        weights = [net(v) for net, v in zip(self.first, flat, strict=True)]
        if self.levels == 2:
            coarse = sum(r * f for r, f in zip(weights, parts, strict=True))
            parts = [torch.cat([f, coarse], 1) for f in parts]
            weights = [r * net(f) for net, r, f in zip(self.second, weights, parts, strict=True)]
        embedding = torch.cat([r * f for r, f in zip(weights, parts, strict=True)], 1)
        seen = self.dropout(embedding)
        answer = Affect(self.expression(seen), torch.tanh(self.affect(seen)), embedding, maps[-1])
        return answer, torch.cat(weights, 1)


def encoder(width: int, name: str) -> nn.Module:
    """The 3x3 convolutions of the region `name`, of one `width`: two, or three and a pooling for the face."""
    layers: list[nn.Module] = []
    for _ in range(3 if name == "face" else 2):
        layers += [*convolution(width, width), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers, *([nn.MaxPool2d(2)] if name == "face" else []))


def cells(name: str) -> int:
    """How many places the encoded map of the region `name` has."""
    top, bottom, left, right = PLACES[name]
    return (bottom - top) * (right - left) // (4 if name == "face" else 1)


def relation(length: int, hidden: int) -> nn.Module:
    """The relation extraction net of equation 4-5: from (n, `length`) to one weight (n, 1), 0..1."""
    return nn.Sequential(nn.Linear(length, hidden), nn.ReLU(), nn.Linear(hidden, 1), nn.Sigmoid())


def region(features: Tensor, name: str) -> Tensor:
    """The part of (n, c, SIDE, SIDE) features that is the region `name`."""
    top, bottom, left, right = PLACES[name]
    return features[:, :, top:bottom, left:right]
