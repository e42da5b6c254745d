"""The discriminators of LGP-GAN: real or made, patch by patch, and which expression.

Eye-centre thesis, section 5.3.1 c and table 5.2: those of PatchGAN (Isola et al., CVPR 2017) without norms,
and with the class head of StarGAN (Choi et al., CVPR 2018).
"""

from __future__ import annotations

from torch import Tensor, nn

EXPRESSIONS = 8


class Critic(nn.Module):
    """`downs` convolutions 4x4 of stride 2, each twice as wide as the one before, and two heads.

    It is for pictures of `channels` and of `height` x `width` pixels, which every down-convolution halves.
    """

    def __init__(self, channels: int, height: int, width: int, base: int = 64, downs: int = 6) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        before = channels
        for number in range(downs):
            after = base * 2**number
            layers += [nn.Conv2d(before, after, 4, 2, 1), nn.LeakyReLU(0.01, inplace=True)]
            before, height, width = after, height // 2, width // 2
        self.trunk = nn.Sequential(*layers)
        self.real = nn.Conv2d(before, 1, 3, 1, 1, bias=False)
        self.expression = nn.Conv2d(before, EXPRESSIONS, (height, width), bias=False)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """How real each patch is (n, 1, h, w), unbounded, and the logits (n, 8) of the expressions."""
        features = self.trunk(pictures)
        return self.real(features), self.expression(features).flatten(1)
