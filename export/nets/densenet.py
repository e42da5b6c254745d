"""DenseNet (Huang et al., CVPR 2017), the trunk of Antoniadis 2021, with a choice of three heads.

It is smaller than the DenseNet-121 of Antoniadis by default, and pools by the mean; Antoniadis pools by the
maximum, which is an option.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from export.nets.heads import HEADS, Affect
from export.nets.layers import convolution


class DenseNet(nn.Module):
    """Dense blocks with halving transitions; `blocks` (6, 12, 24, 16) and `growth` 32 make DenseNet-121.

    `heads` is a key of HEADS, `pooling` one of POOLINGS, `dropout` the share of features that a training step
    leaves out.
    """

    def __init__(
        self,
        blocks: Sequence[int] = (4, 6, 8),
        growth: int = 16,
        heads: str = "plain",
        dropout: float = 0.2,
        pooling: str = "mean",
    ) -> None:
        super().__init__()
        self.trunk, channels = trunk(blocks, growth)
        self.heads = HEADS[heads](channels, dropout, pooling)

    def forward(self, crops: Tensor) -> Affect:
        """What the network gives for standardised crops (n, 1, s, s): see `Affect`."""
        given: Affect = self.heads(self.trunk(crops))
        return given


def trunk(blocks: Sequence[int], growth: int) -> tuple[nn.Module, int]:
    """The layers from crops (n, 1, s, s) to the last feature map, and its width; the stem halves the size.

    `blocks` are the numbers of dense layers, each of which adds `growth` channels.
    """
    channels = 2 * growth
    layers: list[nn.Module] = [*convolution(1, channels, 2), nn.ReLU(inplace=True)]
    for index, count in enumerate(blocks):
        if index:
            half = nn.Conv2d(channels, channels // 2, 1, bias=False)
            layers += [nn.BatchNorm2d(channels), nn.ReLU(inplace=True), half, nn.AvgPool2d(2)]
            channels //= 2
        for _ in range(count):
            layers.append(Dense(channels, growth))
            channels += growth
    return nn.Sequential(*layers, nn.BatchNorm2d(channels), nn.ReLU(inplace=True)), channels


class Dense(nn.Module):
    """Its input (n, `before`, h, w) with `growth` new channels behind it, made from all that came before."""

    def __init__(self, before: int, growth: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.BatchNorm2d(before),
            nn.ReLU(),
            nn.Conv2d(before, 4 * growth, 1, bias=False),
            nn.BatchNorm2d(4 * growth),
            nn.ReLU(inplace=True),
            nn.Conv2d(4 * growth, growth, 3, 1, 1, bias=False),
        )

    def forward(self, x: Tensor) -> Tensor:
        """(n, before, h, w) to (n, before + growth, h, w)."""
        return torch.cat([x, self.body(x)], 1)
