"""The losses of LGP-GAN: a generator against its critics (eye-centre thesis, section 5.3.2).

The printed equation 5-2 has logarithms, and 5-9 the opposite sign. WGAN-GP, which it names as its source
(Gulrajani et al., NeurIPS 2017), has neither: the critics make E D(made) - E D(real) small.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, l1_loss

Said = Sequence[tuple[Tensor, Tensor]]  # of each critic: how real each patch is, logits of the expressions


@dataclass(frozen=True, slots=True)
class Weights:
    """What the losses count, as section 5.3.2 sets it."""

    expression: float = 1.0  # lambda 1
    cycle: float = 10.0  # lambda 2
    unchanged: float = 10.0  # lambda 3
    attention: float = 0.1  # lambda 4
    penalty: float = 10.0  # lambda gp


def gradient_penalty(critic: Callable[[Tensor], Tensor], real: Tensor, made: Tensor) -> Tensor:
    """E (|grad D(I)| - 1)^2, a scalar, for pictures I at random places between `real` and `made`.

    The last term of equation 5-2. Both are (n, c, h, w); `critic` gives (n, ...), of which the mean is D.
    """
    share = torch.rand(len(real), 1, 1, 1, device=real.device)
    between = (share * real + (1 - share) * made).requires_grad_()
    value = critic(between).flatten(1).mean(1).sum()
    (slope,) = torch.autograd.grad(value, between, create_graph=True)
    lengths: Tensor = torch.linalg.vector_norm(slope.flatten(1), dim=1)
    return (lengths - 1).square().mean()


def realness(said: Said) -> Tensor:
    """The sum of the critics' mean answers to "how real?": a scalar."""
    return torch.stack([real.mean() for real, _ in said]).sum()


def expression_loss(said: Said, labels: Tensor) -> Tensor:
    """The sum of the critics' cross-entropies for `labels` (n,): equations 5-3 and 5-4."""
    return torch.stack([cross_entropy(logits, labels) for _, logits in said]).sum()


def attention_loss(masks: Sequence[Tensor]) -> Tensor:
    """The sum of the mean squares of the attention masks, each (n, 1, h, w): equation 5-7.

    The mean over the pixels, not their sum, as in GANimation, from which the thesis has it: a mask that is 1
    everywhere counts 1, whatever its size.
    """
    return torch.stack([mask.square().mean() for mask in masks]).sum()


def critics_loss(
    critics: nn.ModuleList,
    real: Sequence[Tensor],
    made: Sequence[Tensor],
    labels: Tensor,
    weights: Weights,
    seen: Sequence[Tensor] | None = None,
) -> tuple[Tensor, dict[str, Tensor]]:
    """What the critics make small (equation 5-9), and its parts: of pictures `real`, of `labels` (n,), and
    `made`.

    Both have a picture (n, c, h, w) for each critic, and so has `seen`: the real ones as the critics see them
    when they name expressions, `real` if not given.
    """
    said = [critic(picture) for critic, picture in zip(critics, real, strict=True)]
    named = said if seen is None else [critic(picture) for critic, picture in zip(critics, seen, strict=True)]
    parts = {
        "distance": realness(said)
        - realness([critic(picture) for critic, picture in zip(critics, made, strict=True)]),
        "penalty": torch.stack(
            [
                gradient_penalty(lambda picture, critic=critic: critic(picture)[0], one, other)  # type: ignore[misc]
                for critic, one, other in zip(critics, real, made, strict=True)
            ]
        ).sum(),
        "expression_real": expression_loss(named, labels),
    }
    total = -parts["distance"] + weights.penalty * parts["penalty"]
    parts |= {"right_real": right(named, labels)}
    return total + weights.expression * parts["expression_real"], parts


def generator_loss(
    said: Said,
    wanted: Tensor,
    masks: Sequence[Tensor],
    pairs: Sequence[tuple[Tensor, Tensor]],
    weights: Weights,
    named: Said | None = None,
) -> tuple[Tensor, dict[str, Tensor]]:
    """What the generator makes small (equation 5-8), and its parts.

    `said` is what the critics say of made pictures, `wanted` (n,) their expressions and `masks` their masks;
    `named` is what they say of the expressions, `said` if not given. `pairs` are two: made twice, there and
    back, and the face (equation 5-5), then made for the expression that the face has, and the face (5-6).
    """
    (back, face), (same, itself) = pairs
    named = said if named is None else named
    parts = {
        "made_real": realness(said),
        "expression_made": expression_loss(named, wanted),
        "cycle": l1_loss(back, face),
        "unchanged": l1_loss(same, itself),
        "attention": attention_loss(masks),
    }
    total = -parts["made_real"] + weights.expression * parts["expression_made"]
    total = total + weights.cycle * parts["cycle"] + weights.unchanged * parts["unchanged"]
    parts |= {"right_made": right(named, wanted)}
    return total + weights.attention * parts["attention"], parts


def right(said: Said, labels: Tensor) -> Tensor:
    """The share of `labels` (n,) that the first critic, of the whole face, names."""
    return (said[0][1].argmax(1) == labels).float().mean()
