"""The eye-centre network that ships: the plan of the eye-centre thesis, section 3.3.2 (convolution blocks, a
block that sees the whole face, one deconvolution), at a quarter of the resolution and a thirtieth of the
cost."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812


def conv(inputs: int, outputs: int, kernel: int | tuple[int, int] = 3, stride: int = 1) -> nn.Sequential:
    """A convolution from `inputs` to `outputs` channels that keeps the size (or divides it by `stride`), and
    its norm."""
    rows, columns = (kernel, kernel) if isinstance(kernel, int) else kernel
    padding = (rows // 2, columns // 2)
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, (rows, columns), stride, padding, bias=False), nn.BatchNorm2d(outputs)
    )


class Residual(nn.Module):
    """Two 3x3 convolutions beside a shortcut, of one width."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first, self.second = conv(channels, channels), conv(channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        """(n, channels, h, w) to the same shape."""
        return F.relu(x + self.second(F.relu(self.first(x))))


class EyeFcn(nn.Module):
    """Crops (n, 1, 96, 96), 0..255, to heatmap logits (n, 2, 96, 96): person's left eye, right eye.

    A path at 12 x 12, where a convolution costs a quarter, sees the whole face and tells where an eye must
    be; it is added to the path at 24 x 24, which keeps the place exact. It replaces the large-kernel block of
    the eye-centre thesis, whose narrow kernels leave ONNX Runtime's convolutions half idle. Channels are
    multiples of 16, ONNX Runtime's blocks on AVX-512: others cost as much as the next multiple.

    `fine`, `deep` and `coarse` are the widths at 48 x 48, 24 x 24 and 12 x 12, `blocks` the residual blocks
    there.
    """

    def __init__(self, fine: int = 32, deep: int = 48, coarse: int = 64, blocks: int = 1) -> None:
        super().__init__()
        self.fine = nn.Sequential(conv(1, 16, 3, 2), nn.ReLU(), conv(16, fine), nn.ReLU())  # 48 x 48
        self.deep = nn.Sequential(conv(fine, deep, 3, 2), nn.ReLU(), conv(deep, deep), nn.ReLU())  # 24 x 24
        context = [Residual(coarse) for _ in range(blocks)]  # 12 x 12
        self.context = nn.Sequential(conv(deep, coarse, 3, 2), nn.ReLU(), *context, conv(coarse, deep, 1))
        self.join = Residual(deep)
        self.up = nn.ConvTranspose2d(deep, 2, 8, 4, 2)

    def forward(self, crops: Tensor) -> Tensor:
        """Heatmap logits (n, 2, 96, 96) of crops (n, 1, 96, 96), 0..255."""
        x = self.deep(self.fine(standardise(crops)))
        logits: Tensor = self.up(self.join(F.relu(x + F.interpolate(self.context(x), scale_factor=2.0))))
        return logits


def standardise(crops: Tensor) -> Tensor:
    """Crops (n, 1, s, s), 0..255, each brought to mean 0 and about unit spread; a flat crop becomes 0."""
    centred = crops - crops.mean((1, 2, 3), keepdim=True)
    return centred / (centred.square().mean((1, 2, 3), keepdim=True) + 25.0).sqrt()
