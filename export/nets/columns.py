"""Light CNNs side by side under one pair of heads; every second one sees the mirror image of the crop.

Networks that were trained apart err less together than each alone, and one that sees the other image errs
differently (multi-column networks: Ciresan, Meier and Schmidhuber, CVPR 2012). Heads that are the mean of
theirs, see `columns.py` one folder up, make them one network with one set of activation maps.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from export.nets.heads import Affect, TwoHeads
from export.nets.light_cnn import LightCnn


class Columns(nn.Module):
    """The trunks of light CNNs; their last feature maps, concatenated, before global average and heads."""

    def __init__(
        self,
        convolutions: Sequence[Sequence[int]] = ((2, 3, 3, 3), (1, 2, 2, 2)),
        widths: Sequence[int] = (32, 64, 128, 256),
        dropout: float = 0.0,
    ) -> None:
        """`convolutions` has one row a column, see LightCnn; `widths` are those of each."""
        super().__init__()
        self.trunks = nn.ModuleList(LightCnn(widths, counts).trunk for counts in convolutions)
        self.heads = TwoHeads(len(convolutions) * widths[-1], dropout)

    def forward(self, crops: Tensor) -> Affect:
        seen = [
            trunk(crops.flip(3)).flip(3) if number % 2 else trunk(crops)
            for number, trunk in enumerate(self.trunks)
        ]
        return self.heads(torch.cat(seen, 1))
