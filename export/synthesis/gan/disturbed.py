"""Pictures with noise, by which the critics learn the expressions and name those of made faces.

A class head that sees only clean pictures calls a face happy for specks that no person notices. Under noise
specks say nothing, so a generator has to change what noise leaves (Kaur, Cohen and Lipton, "Are
perceptually-aligned gradients a general property of robust classifiers?", 2019). It is not in the thesis.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.functional import pad


def disturbed(pictures: Sequence[Tensor], noise: float) -> list[Tensor]:
    """Each of `pictures` (n, c, h, w), -1..1, moved by a pixel at most, under Gaussian noise.

    The noise of each of the n has a standard deviation of its own, from 0 to `noise`. Random numbers are
    torch's.
    """
    given = []
    for picture in pictures:
        row, column = torch.randint(3, (2,)).tolist()
        height, width = picture.shape[2:]
        moved = pad(picture, (1, 1, 1, 1), "replicate")[:, :, row : row + height, column : column + width]
        strength = noise * torch.rand(len(picture), 1, 1, 1, device=picture.device)
        given.append(moved + strength * torch.randn_like(moved))
    return given
