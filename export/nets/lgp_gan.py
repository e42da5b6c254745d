"""LGP-GAN: faces with another expression, made by two local generators and a global one.

Eye-centre thesis, chapter 5: stage I makes eyes and mouth, stage II blends them with the rest of the face
and makes the whole (section 5.3.1). The regions lie at fixed places, since all faces are aligned by the eyes;
the thesis takes them from landmarks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from export.nets.critic import Critic
from export.nets.translator import Translator


class Region(NamedTuple):
    """A part of an aligned picture, in pixels."""

    row: int
    column: int
    height: int
    width: int

    def of(self, pictures: Tensor) -> Tensor:
        """(n, c, height, width): this part of (n, c, h, w) `pictures`, a view."""
        return pictures[:, :, self.row : self.row + self.height, self.column : self.column + self.width]

    def padded(self, part: Tensor, pictures: Tensor) -> Tensor:
        """`part` (n, c, height, width) with zeros round it, as large as `pictures` (n, c, h, w)."""
        below = pictures.shape[2] - self.row - self.height
        beside = pictures.shape[3] - self.column - self.width
        return nn.functional.pad(part, (self.column, beside, self.row, below))


class Made(NamedTuple):
    """What the generator makes: first the whole face, then, if it has local generators, eyes and mouth."""

    pictures: tuple[Tensor, ...]  # each (n, c, h, w), -1..1
    masks: tuple[Tensor, ...]  # each (n, 1, h, w), 0..1

    @property
    def face(self) -> Tensor:
        """(n, c, size, size): the final picture."""
        return self.pictures[0]


class Generator(nn.Module):
    """The cascade of figure 5.1; without `regions` the global generator alone.

    `channels` are those of the pictures, `base` the width of each generator's first convolution; `local` and
    `whole` are the residual blocks of the local generators and of the global one.
    """

    def __init__(
        self,
        regions: Sequence[Region],
        channels: int = 3,
        base: int = 64,
        local: int = 3,
        whole: int = 6,
        masked: bool = True,
    ) -> None:
        super().__init__()
        self.regions = tuple(regions)
        self.parts = nn.ModuleList(Translator(channels, base, local, masked) for _ in self.regions)
        self.whole = Translator(channels, base, whole, masked)

    def forward(self, faces: Tensor, wanted: Tensor) -> Made:
        """What is made of `faces` (n, c, size, size), -1..1, for `wanted` (n, 8), shares of expressions."""
        parts = [
            part(region.of(faces), wanted) for region, part in zip(self.regions, self.parts, strict=True)
        ]
        blended = blend(faces, self.regions, [picture for picture, _ in parts])
        pictures, masks = zip(self.whole(blended, wanted), *parts, strict=True)
        return Made(pictures, masks)


def blend(faces: Tensor, regions: Sequence[Region], parts: Sequence[Tensor]) -> Tensor:
    """`faces` (n, c, h, w) with `parts`, each (n, c, height, width), in the places of `regions`."""
    for region, part in zip(regions, parts, strict=True):
        inside = region.padded(torch.ones_like(part[:1, :1]), faces) > 0
        faces = torch.where(inside, region.padded(part, faces), faces)
    return faces


class Critics(nn.Module):
    """A critic for the whole face, and one for each of the `regions`.

    `downs` and `local_downs` are the down-convolutions of the global critic and of the local ones.
    """

    def __init__(
        self,
        regions: Sequence[Region],
        size: int = 128,
        channels: int = 3,
        base: int = 64,
        downs: int = 6,
        local_downs: int = 4,
    ) -> None:
        super().__init__()
        self.regions = tuple(regions)
        self.critics = nn.ModuleList(
            [
                Critic(channels, size, size, base, downs),
                *(Critic(channels, r.height, r.width, base, local_downs) for r in self.regions),
            ]
        )

    def forward(self, pictures: Sequence[Tensor]) -> list[tuple[Tensor, Tensor]]:
        """What each critic says of its picture, in the order of `Made.pictures`; see `Critic`."""
        return [critic(picture) for critic, picture in zip(self.critics, pictures, strict=True)]

    def cut(self, faces: Tensor) -> tuple[Tensor, ...]:
        """`faces` (n, c, size, size) and their regions, in the order of `Made.pictures`."""
        return (faces, *(region.of(faces) for region in self.regions))
