"""ReCNN (the eye-centre thesis, chapter 4): how much the eyes, the mouth and the whole face tell.

It divides the face into 21 patches, which seven columns and three rows give; that is the grid here.
It is an approximation. On a 14 x 14 map the regions would be 5 x 8 (eyes) and 5 x 10 (mouth), where it
states 5 x 10 for both, and on the crops of this project, which are cut closer, they do not fit the
face: the outer corners of the eyes and the brows are outside the eye region. Also different: four
convolutions on 48 x 48 crops from drawn weights instead of VGG-Face up to pool4, and 128 features a region
instead of 512.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from app.types import EXPRESSIONS
from export.nets.heads import Affect
from export.nets.layers import convolution

EYES = (1 / 6, 1 / 2, 1.5 / 7, 5.5 / 7)  # top, bottom, left, right: from midline to midline of H1, H2, W2, W6
MOUTH = (2 / 3, 1.0, 1 / 7, 6 / 7)  # H3, from W2 to W6
REGIONS = ("eyes", "mouth", "face")
SIDE = 12  # of the shared feature map of a 48 x 48 crop


class ReCnn(nn.Module):
    """Shared convolutions, three regions, two levels of relation weights (equations 4-1 to 4-10); 48 x 48
    crops.

    `width` is that of the first layer, `size` the features of each region, `dropout` the share of features
    that a training step leaves out.
    """

    def __init__(self, width: int = 32, size: int = 128, dropout: float = 0.3) -> None:
        super().__init__()
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
        self.encoders = nn.ModuleList(
            [encoder(deep, 2), encoder(deep, 2), nn.Sequential(encoder(deep, 3), nn.MaxPool2d(2))]
        )
        lengths = (deep * 4 * 6, deep * 4 * 8, deep * 6 * 6)  # of the regions of a 48 x 48 crop
        self.features = nn.ModuleList([nn.Linear(length, size) for length in lengths])
        self.first = nn.ModuleList([relation(length, size) for length in lengths])
        self.second = nn.ModuleList([relation(2 * size, size) for _ in REGIONS])
        self.dropout = nn.Dropout(dropout)
        self.expression = nn.Linear(6 * size, len(EXPRESSIONS))
        self.affect = nn.Linear(6 * size, 2)

    def forward(self, crops: Tensor) -> Affect:
        """What the network gives for standardised crops (n, 1, 48, 48): see `Affect`."""
        return self.related(crops)[0]

    def related(self, crops: Tensor) -> tuple[Affect, Tensor]:
        """What `forward` gives, and (n, 3) the final weight R of each of REGIONS, 0..1 (equation 4-9)."""
        face = self.shared(crops)
        maps = [
            encode(part)
            for encode, part in zip(
                self.encoders, (region(face, EYES), region(face, MOUTH), face), strict=True
            )
        ]
        flat = [m.flatten(1) for m in maps]
        own = [torch.relu(layer(v)) for layer, v in zip(self.features, flat, strict=True)]
        first = [net(v) for net, v in zip(self.first, flat, strict=True)]
        coarse = sum(r * f for r, f in zip(first, own, strict=True))
        joined = [torch.cat([f, coarse], 1) for f in own]
        final = [r * net(f) for net, r, f in zip(self.second, first, joined, strict=True)]
        embedding = torch.cat([r * f for r, f in zip(final, joined, strict=True)], 1)
        seen = self.dropout(embedding)
        answer = Affect(self.expression(seen), torch.tanh(self.affect(seen)), embedding, maps[2])
        return answer, torch.cat(final, 1)


def encoder(width: int, convolutions: int) -> nn.Module:
    """The 3x3 convolutions of one region: so many layers of one `width`."""
    layers: list[nn.Module] = []
    for _ in range(convolutions):
        layers += [*convolution(width, width), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers)


def relation(length: int, hidden: int) -> nn.Module:
    """The relation extraction net of equation 4-5: from (n, `length`) to one weight (n, 1), 0..1."""
    return nn.Sequential(nn.Linear(length, hidden), nn.ReLU(), nn.Linear(hidden, 1), nn.Sigmoid())


def region(features: Tensor, place: tuple[float, float, float, float]) -> Tensor:
    """The part of (n, c, SIDE, SIDE) features at top, bottom, left, right, as shares of the side."""
    top, bottom, left, right = (round(share * SIDE) for share in place)
    return features[:, :, top:bottom, left:right]
