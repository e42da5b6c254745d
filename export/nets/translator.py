"""The basic generator of LGP-GAN: a picture and a wanted expression to a colour mask and an attention mask.

Eye-centre thesis, section 5.3.1 b and table 5.1. What that leaves to its source is as in StarGAN (Choi et
al., CVPR 2018, appendix): the first convolution, the kernels, and norms after all layers but the outputs.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

EXPRESSIONS = 8


class Translator(nn.Module):
    """Two down-convolutions, residual blocks, two deconvolutions, and two outputs in parallel.

    `channels` are those of the picture, `base` the width of the first convolution, which each
    down-convolution doubles; `blocks` is the number of residual blocks. With `masked` false there is no
    attention mask: the colour mask is the answer, as in StarGAN.
    """

    def __init__(self, channels: int = 3, base: int = 64, blocks: int = 6, masked: bool = True) -> None:
        super().__init__()
        layers = [*normed(nn.Conv2d(channels + EXPRESSIONS, base, 7, 1, 3, bias=False))]
        for width in (base, 2 * base):
            layers += normed(nn.Conv2d(width, 2 * width, 4, 2, 1, bias=False))
        layers += [Block(4 * base) for _ in range(blocks)]
        for width in (4 * base, 2 * base):
            layers += normed(nn.ConvTranspose2d(width, width // 2, 4, 2, 1, bias=False))
        self.trunk = nn.Sequential(*layers)
        self.colour = nn.Conv2d(base, channels, 7, 1, 3, bias=False)
        self.attention = nn.Conv2d(base, 1, 7, 1, 3, bias=False) if masked else None

    def forward(self, pictures: Tensor, wanted: Tensor) -> tuple[Tensor, Tensor]:
        """Made pictures (n, c, h, w), -1..1 as `pictures` are, and their attention masks (n, 1, h, w), 0..1.

        `wanted` (n, 8) are the shares of the wanted expressions; h and w are multiples of 4. A mask is 0
        where all is made anew, 1 where the picture stays; without masks it is 0.
        """
        height, width = pictures.shape[2:]
        planes = wanted[:, :, None, None].expand(-1, -1, height, width)
        features = self.trunk(torch.cat([pictures, planes], 1))
        colour = torch.tanh(self.colour(features).float())  # also under bfloat16: a picture has 256 levels
        if self.attention is None:
            return colour, torch.zeros_like(colour[:, :1])
        mask = torch.sigmoid(self.attention(features).float())
        return mixed(colour, mask, pictures), mask


def mixed(colour: Tensor, mask: Tensor, pictures: Tensor) -> Tensor:
    """(1 - M) C + M I: equation 5-1, with colour mask C, attention mask M and the picture I."""
    return (1 - mask) * colour + mask * pictures


def normed(layer: nn.Conv2d | nn.ConvTranspose2d) -> list[nn.Module]:
    """The layer, an instance norm with learnt scale and offset, and a ReLU.

    A group norm with one channel a group is an instance norm, which a processor computes faster.
    """
    width = layer.out_channels
    return [layer, nn.GroupNorm(width, width), nn.ReLU(inplace=True)]


class Block(nn.Module):
    """x + two 3x3 convolutions of x with instance norms, the first with a ReLU."""

    def __init__(self, width: int) -> None:
        super().__init__()
        first, second = (nn.Conv2d(width, width, 3, 1, 1, bias=False) for _ in range(2))
        self.body = nn.Sequential(*normed(first), *normed(second)[:2])

    def forward(self, x: Tensor) -> Tensor:
        """(n, width, h, w) to the same shape."""
        given: Tensor = x + self.body(x)
        return given
