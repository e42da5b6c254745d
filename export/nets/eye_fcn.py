"""The eye-centre network that ships: the thesis' plan (convolution blocks, a large-kernel block in two
paths, one deconvolution) at a quarter of the resolution and a twentieth of the cost."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812


def conv(inputs: int, outputs: int, kernel: int | tuple[int, int] = 3, stride: int = 1) -> nn.Sequential:
    """Convolution that keeps the size (or divides it by the stride), with batch norm."""
    rows, columns = (kernel, kernel) if isinstance(kernel, int) else kernel
    padding = (rows // 2, columns // 2)
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, (rows, columns), stride, padding, bias=False), nn.BatchNorm2d(outputs)
    )


class Residual(nn.Module):
    """Two 3x3 convolutions beside a shortcut."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first, self.second = conv(channels, channels), conv(channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(x + self.second(F.relu(self.first(x))))


class LargeKernel(nn.Module):
    """K x 1 then 1 x K, beside 1 x K then K x 1, added (thesis ch. 3): sees the whole face at little cost."""

    def __init__(self, inputs: int, outputs: int, kernel: int = 15) -> None:
        super().__init__()
        down, across = (kernel, 1), (1, kernel)
        self.first = nn.Sequential(conv(inputs, outputs, down), nn.ReLU(), conv(outputs, outputs, across))
        self.second = nn.Sequential(conv(inputs, outputs, across), nn.ReLU(), conv(outputs, outputs, down))

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.first(x) + self.second(x))


class EyeFcn(nn.Module):
    """Crops (n, 1, 96, 96), 0..255, to heatmap logits (n, 2, 96, 96): subject's left eye, right eye.

    Channels are multiples of 16, ONNX Runtime's blocks on AVX-512: others cost the next multiple.
    """

    def __init__(self, fine: int = 32, deep: int = 48, large: int = 16) -> None:
        super().__init__()
        self.fine = nn.Sequential(conv(1, 16, 3, 2), nn.ReLU(), conv(16, fine), nn.ReLU())  # 48 x 48
        self.coarse = nn.Sequential(conv(fine, deep, 3, 2), nn.ReLU(), Residual(deep))  # 24 x 24
        self.large = LargeKernel(deep, large)
        self.mix = nn.Sequential(conv(deep + large, deep, 1), nn.ReLU(), Residual(deep))
        self.up = nn.ConvTranspose2d(deep, 2, 8, 4, 2)

    def forward(self, crops: Tensor) -> Tensor:
        x = self.coarse(self.fine(standardise(crops)))
        return self.up(self.mix(torch.cat([x, self.large(x)], 1)))


def standardise(crops: Tensor) -> Tensor:
    """Each crop with mean 0 and about unit spread, whatever its light; a flat crop becomes 0."""
    centred = crops - crops.mean((1, 2, 3), keepdim=True)
    return centred / (centred.square().mean((1, 2, 3), keepdim=True) + 25.0).sqrt()
