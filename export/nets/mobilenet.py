"""MobileNetV1 (Howard et al. 2017) at 48x48, as Miao et al. 2019 use it, section 3.2; here from drawn
weights."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from export.nets.heads import Affect, TwoHeads
from export.nets.layers import convolution, pointwise

LAYERS = ((64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), *[(512, 1)] * 5, (1024, 2), (1024, 1))
"""Width and stride of each depthwise separable layer."""


class MobileNet(nn.Module):
    """Depthwise separable convolutions; `width` multiplies the channels of every layer.

    `dropout` is the share of features that a training step leaves out.
    """

    def __init__(self, width: float = 1.0, dropout: float = 0.5) -> None:
        super().__init__()
        before = round(32 * width)
        layers: list[nn.Module] = [*convolution(1, before, 2), nn.ReLU(inplace=True)]
        for channels, stride in LAYERS:
            after = round(channels * width)
            depthwise = Depthwise(before, before, 3, stride, 1, groups=before, bias=False)
            layers += [depthwise, nn.BatchNorm2d(before), nn.ReLU(inplace=True)]
            layers += [*pointwise(before, after), nn.ReLU(inplace=True)]
            before = after
        self.trunk = nn.Sequential(*layers)
        self.heads = TwoHeads(before, dropout)

    def forward(self, crops: Tensor) -> Affect:
        """What the network gives for standardised crops (n, 1, s, s): see `Affect`."""
        given: Affect = self.heads(self.trunk(crops))
        return given


class Depthwise(nn.Conv2d):
    """A convolution of each channel by itself, on a processor always in float32: its gradient takes three
    times as long in bfloat16 there."""

    def forward(self, x: Tensor) -> Tensor:
        """(n, c, h, w) of any precision to (n, c, h / stride, w / stride)."""
        if x.device.type != "cpu":
            return super().forward(x)
        with torch.autocast(x.device.type, enabled=False):
            return super().forward(x.float())
