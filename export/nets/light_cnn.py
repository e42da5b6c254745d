"""The light CNN of the eye-centre thesis, chapter 6: plain 3x3 convolutions, two million parameters.

It is the network that ships.
"""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn

from export.nets.heads import Affect, TwoHeads
from export.nets.layers import convolution


class LightCnn(nn.Module):
    """Blocks of 3x3 convolutions with batch norm, halved by max-pooling between; global average pooling."""

    def __init__(
        self,
        widths: Sequence[int] = (32, 64, 128, 256),
        convolutions: Sequence[int] = (2, 3, 3, 3),
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        before = 1
        for width, count in zip(widths, convolutions, strict=True):
            if layers:
                layers.append(nn.MaxPool2d(2))
            for _ in range(count):
                layers += [*convolution(before, width), nn.ReLU(inplace=True)]
                before = width
        self.trunk = nn.Sequential(*layers)
        self.heads = TwoHeads(before, dropout)

    def forward(self, crops: Tensor) -> Affect:
        return self.heads(self.trunk(crops))
