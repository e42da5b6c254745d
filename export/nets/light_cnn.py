"""The light CNN of the eye-centre thesis, section 6.3.1: plain 3x3 convolutions, two million parameters.

The network that ships has these layers. The rest differs from the eye-centre thesis: one network with two
heads on 48x48 grey crops (there: two networks on 96x96), tanh on valence and arousal (there: linear), and its
training.
"""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn

from export.nets.heads import Affect, TwoHeads
from export.nets.layers import convolution


class LightCnn(nn.Module):
    """Blocks of 3x3 convolutions with batch norm, max-pooling between them; global average pooling.

    `widths` are the channels of the blocks, `convolutions` their numbers of layers, `dropout` the share of
    features that a training step leaves out.
    """

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
        """What the network gives for standardised crops (n, 1, s, s): see `Affect`."""
        given: Affect = self.heads(self.trunk(crops))
        return given
