"""Losses on eye heatmaps: logits (n, 2, size, size) against centres (n, 2, 2), x, y in pixels."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812


def gaussians(centres: Tensor, size: int, sigma: float) -> Tensor:
    """(n, 2, size, size): Gaussians of height 1 around `centres`; `sigma` in pixels."""
    axis = torch.arange(size, dtype=centres.dtype, device=centres.device)
    x, y = (torch.exp(-((axis - c[..., None]) ** 2) / (2 * sigma**2)) for c in centres.unbind(-1))
    return y[..., :, None] * x[..., None, :]


def expectation(logits: Tensor, sharpness: float) -> Tensor:
    """(n, 2, 2): x, y of the mean position under the softmax of `sharpness * logits` (a soft argmax)."""
    probs = (sharpness * logits).flatten(2).softmax(2).view_as(logits)
    axis = torch.arange(logits.shape[-1], dtype=logits.dtype, device=logits.device)
    return torch.stack([probs.sum(2) @ axis, probs.sum(3) @ axis], -1)


def cross_entropy(logits: Tensor, centres: Tensor, sigma: float) -> Tensor:
    """(n, 2): cross-entropy in nats of each map's softmax against a normalised Gaussian, less that Gaussian's
    own entropy, so that it is 0 when the map is right; `sigma` in pixels."""
    target = gaussians(centres, logits.shape[-1], sigma).flatten(2)
    target = target / target.sum(2, keepdim=True).clamp_min(1e-6)
    entropy = -torch.xlogy(target, target).sum(2)
    return -(target * F.log_softmax(logits.flatten(2), 2)).sum(2) - entropy


def robust_distance(found: Tensor, centres: Tensor, scale: float) -> Tensor:
    """(n, 2): log(1 + d / scale) of the distance d of `found` from `centres`, both (n, 2, 2), and `scale`, in
    pixels.

    Steep near 0, and flat where a label is wrong (as the wing loss, Feng et al., CVPR 2018). The square root
    is guarded at 0.
    """
    squared = ((found - centres) ** 2).sum(-1)
    return torch.log1p((squared + 1e-4).sqrt() / scale)


def mean_squared(maps: Tensor, centres: Tensor, sigma: float) -> Tensor:
    """(n, 2): the mean squared difference of each map from a Gaussian of height 1 around its centre.

    The loss of the eye-centre thesis, section 3.3.1; `sigma` in pixels.
    """
    return ((maps - gaussians(centres, maps.shape[-1], sigma)) ** 2).mean((2, 3))
