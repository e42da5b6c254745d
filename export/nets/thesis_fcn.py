"""The fully convolutional network of the eye-centre thesis, section 3.3.2: what the shipped one is compared
with."""

from __future__ import annotations

from torch import Tensor, nn


def conv(inputs: int, outputs: int, kernel: tuple[int, int] = (3, 3)) -> nn.Sequential:
    """A convolution from `inputs` to `outputs` channels that keeps the size, and a ReLU."""
    padding = (kernel[0] // 2, kernel[1] // 2)
    return nn.Sequential(nn.Conv2d(inputs, outputs, kernel, padding=padding), nn.ReLU())


class ThesisFcn(nn.Module):
    """Crops (n, 1, 96, 96), 0..255, to heatmaps (n, 2, 96, 96) >= 0: person's left eye, right eye.

    Two VGG blocks (64, 64, pool, 128, 128, pool), a large-kernel block of two paths (K x 1 then 1 x K,
    and 1 x K then K x 1), added, and one deconvolution by four back to the size of the crop. `kernel` is K,
    `filters` the width of both paths.
    """

    def __init__(self, kernel: int = 15, filters: int = 256) -> None:
        super().__init__()
        self.blocks = nn.Sequential(
            conv(1, 64), conv(64, 64), nn.MaxPool2d(2), conv(64, 128), conv(128, 128), nn.MaxPool2d(2)
        )
        down, across = (kernel, 1), (1, kernel)
        self.first = nn.Sequential(conv(128, filters, down), conv(filters, filters, across))
        self.second = nn.Sequential(conv(128, filters, across), conv(filters, filters, down))
        self.up = nn.ConvTranspose2d(filters, 2, 8, 4, 2)

    def forward(self, crops: Tensor) -> Tensor:
        """Heatmaps (n, 2, 96, 96) of crops (n, 1, 96, 96), 0..255; in training they may be below 0."""
        x = self.blocks(crops / 255)
        maps: Tensor = self.up(self.first(x) + self.second(x))
        return maps if self.training else maps.clamp_min(0)
