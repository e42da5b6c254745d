"""SE-ResNet-50 (Hu et al., CVPR 2018), as Manczak 2020 and Ngo and Yoon 2020 use it, with a stem for 48x48.

Its small sibling, which two cores can train, is `residual.Residual`.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from export.nets.heads import Affect, TwoHeads
from export.nets.layers import convolution, pointwise
from export.nets.residual import Excite


class SeResNet(nn.Module):
    """Bottleneck blocks in four stages; the stem keeps the size, where that for ImageNet quarters it.

    `blocks` are the blocks of each stage, `width` the inner channels of the first, `reduction` that of
    `Excite`, `dropout` the share of features that a training step leaves out. `hidden` units stand between
    the pooling and the heads; Manczak has 1,000.
    """

    def __init__(
        self,
        blocks: Sequence[int] = (3, 4, 6, 3),
        width: int = 64,
        reduction: int = 16,
        dropout: float = 0.4,
        hidden: int = 0,
    ) -> None:
        super().__init__()
        layers: list[nn.Module] = [*convolution(1, width), nn.ReLU(inplace=True)]
        before = width
        for stage, count in enumerate(blocks):
            for index in range(count):
                stride = 2 if stage and not index else 1
                layers.append(Bottleneck(before, width << stage, stride, reduction))
                before = 4 * (width << stage)
        self.trunk = nn.Sequential(*layers)
        self.heads = TwoHeads(before, dropout, hidden=hidden)

    def forward(self, crops: Tensor) -> Affect:
        """What the network gives for standardised crops (n, 1, s, s): see `Affect`."""
        given: Affect = self.heads(self.trunk(crops))
        return given


class Bottleneck(nn.Module):
    """relu(x + 1x1, 3x3, 1x1 convolutions of x under squeeze and excitation), four times as wide outside as
    inside."""

    def __init__(self, before: int, width: int, stride: int, reduction: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            *pointwise(before, width),
            nn.ReLU(inplace=True),
            *convolution(width, width, stride),
            nn.ReLU(inplace=True),
            *pointwise(width, 4 * width),
        )
        self.excite = Excite(4 * width, reduction)
        self.short: nn.Module = nn.Identity()
        if stride > 1 or before != 4 * width:
            mix = nn.Conv2d(before, 4 * width, 1, stride, bias=False)
            self.short = nn.Sequential(mix, nn.BatchNorm2d(4 * width))

    def forward(self, x: Tensor) -> Tensor:
        """(n, before, h, w) to (n, 4 width, h / stride, w / stride)."""
        return torch.relu(self.short(x) + self.excite(self.body(x)))
