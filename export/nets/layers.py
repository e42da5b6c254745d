"""Small pieces that several networks share."""

from __future__ import annotations

from torch import nn


def convolution(before: int, width: int, stride: int = 1) -> tuple[nn.Module, nn.Module]:
    """A 3x3 convolution from `before` to `width` channels that divides the size by `stride`, and its batch
    norm."""
    return nn.Conv2d(before, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width)


def pointwise(before: int, width: int) -> tuple[nn.Module, nn.Module]:
    """A 1x1 convolution from `before` to `width` channels, and its batch norm."""
    return nn.Conv2d(before, width, 1, bias=False), nn.BatchNorm2d(width)
