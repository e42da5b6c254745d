"""A small residual network with squeeze and excitation, and two heads.

Basic residual blocks (He et al., CVPR 2016) with squeeze and excitation (Hu et al., CVPR 2018): the small
sibling of the SE-ResNet-50 of Manczak 2020 and of Ngo and Yoon 2020, for two CPU cores.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from export.nets.heads import Affect, TwoHeads
from export.nets.layers import convolution


class Residual(nn.Module):
    """A 3x3 stem at full size, then stages of blocks; for grey crops (n, 1, s, s), standardised.

    `stem` is the width of the stem; `widths`, `blocks` and `strides` have an entry for each stage; `dropout`
    is the share of features that a training step leaves out.
    """

    def __init__(
        self,
        stem: int = 24,
        widths: Sequence[int] = (32, 64, 128, 192),
        blocks: Sequence[int] = (1, 2, 2, 1),
        strides: Sequence[int] = (2, 2, 2, 1),
        dropout: float = 0.2,
    ) -> None:
        super().__init__()
        layers: list[nn.Module] = [*convolution(1, stem, 1), nn.ReLU(inplace=True)]
        before = stem
        for width, count, stride in zip(widths, blocks, strides, strict=True):
            stage = [Block(before, width, stride), *(Block(width, width, 1) for _ in range(count - 1))]
            layers.append(nn.Sequential(*stage))
            before = width
        self.trunk = nn.Sequential(*layers)
        self.heads = TwoHeads(before, dropout)

    def forward(self, crops: Tensor) -> Affect:
        """What the network gives for standardised crops (n, 1, s, s): see `Affect`."""
        given: Affect = self.heads(self.trunk(crops))
        return given


class Block(nn.Module):
    """relu(x + two 3x3 convolutions of x under squeeze and excitation); where the shape changes, x is pooled
    too."""

    def __init__(self, before: int, width: int, stride: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            *convolution(before, width, stride), nn.ReLU(inplace=True), *convolution(width, width, 1)
        )
        self.excite = Excite(width)
        self.short: nn.Module = nn.Identity()
        if stride > 1 or before != width:
            mix = nn.Conv2d(before, width, 1, bias=False)
            self.short = nn.Sequential(nn.AvgPool2d(stride), mix, nn.BatchNorm2d(width))
        last = self.body[-1]
        assert isinstance(last, nn.BatchNorm2d)
        nn.init.zeros_(last.weight)  # a block starts as its shortcut: deep nets settle sooner

    def forward(self, x: Tensor) -> Tensor:
        """(n, before, h, w) to (n, width, h / stride, w / stride)."""
        return torch.relu(self.short(x) + self.excite(self.body(x)))


class Excite(nn.Module):
    """Squeeze and excitation (Hu et al., CVPR 2018): each channel weighed by what the whole picture shows.

    The weights go through a layer `reduction` times as narrow as the features.
    """

    def __init__(self, width: int, reduction: int = 8) -> None:
        super().__init__()
        self.gate = nn.Sequential(
            nn.Linear(width, width // reduction), nn.ReLU(inplace=True), nn.Linear(width // reduction, width)
        )

    def forward(self, x: Tensor) -> Tensor:
        """(n, width, h, w) to the same shape."""
        return x * torch.sigmoid(self.gate(x.mean((2, 3))))[:, :, None, None]
