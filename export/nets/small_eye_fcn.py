"""The eye-centre network of two fifths of the cost of `eye_fcn`, which teaches it."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from export.nets.eye_fcn import Residual, conv, standardise

CELL = 4  # pixels of the heatmap, each way, that one place of the 24 x 24 features answers for


class SmallEyeFcn(nn.Module):
    """Crops (n, 1, 96, 96), 0..255, to heatmap logits (n, 2, 96, 96): person's left eye, right eye.

    As `EyeFcn`, with fewer channels and nothing but the first convolution at 48 x 48. Its answer is a
    sub-pixel convolution (Shi et al., CVPR 2016, section 3.2): each place gives its own pixels of the map, at
    a third of the cost of a transposed convolution. `fine`, `deep` and `coarse` are the widths at 48 x 48,
    24 x 24 and 12 x 12.
    """

    def __init__(self, fine: int = 16, deep: int = 32, coarse: int = 48) -> None:
        super().__init__()
        self.fine = nn.Sequential(conv(1, fine, 3, 2), nn.ReLU())  # 48 x 48
        self.deep = nn.Sequential(conv(fine, deep, 3, 2), nn.ReLU(), conv(deep, deep), nn.ReLU())  # 24 x 24
        self.context = nn.Sequential(  # 12 x 12
            conv(deep, coarse, 3, 2), nn.ReLU(), Residual(coarse), conv(coarse, deep, 1)
        )
        self.join = Residual(deep)
        self.up = nn.Sequential(nn.Conv2d(deep, 2 * CELL**2, 1), nn.PixelShuffle(CELL))

    def forward(self, crops: Tensor) -> Tensor:
        """Heatmap logits (n, 2, 96, 96) of crops (n, 1, 96, 96), 0..255."""
        x = self.deep(self.fine(standardise(crops)))
        logits: Tensor = self.up(self.join(F.relu(x + F.interpolate(self.context(x), scale_factor=2.0))))
        return logits
