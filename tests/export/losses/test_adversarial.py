"""The losses of LGP-GAN where their values are known."""

from __future__ import annotations

import math

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed; install the extra [export]")

from export.losses.adversarial import (  # noqa: E402
    Weights,
    attention_loss,
    critics_loss,
    generator_loss,
    gradient_penalty,
)

REAL, MADE = torch.rand(4, 1, 6, 5), torch.rand(4, 1, 6, 5)
LABELS = torch.tensor([0, 3, 5, 7])


class Linear(torch.nn.Module):
    """D(I) = `slope` times the sum of all pixels, and equal logits for all expressions."""

    def __init__(self, slope: float) -> None:
        super().__init__()
        self.slope = torch.nn.Parameter(torch.tensor(slope))

    def forward(self, pictures):
        return self.slope * pictures.sum((1, 2, 3))[:, None], self.slope * torch.zeros(len(pictures), 8)


@pytest.mark.parametrize("slope", [0.0, 1 / math.sqrt(30), 0.5, -2.0])
def test_the_penalty_of_a_linear_critic_is_that_of_its_slope(slope):
    length = abs(slope) * math.sqrt(30)
    found = gradient_penalty(lambda pictures: Linear(slope)(pictures)[0], REAL, MADE)
    assert found.item() == pytest.approx((length - 1) ** 2, rel=1e-6, abs=1e-6)


def test_the_penalty_is_of_the_mean_over_the_patches():
    patches = gradient_penalty(
        lambda pictures: pictures.sum((1, 2, 3), keepdim=True).expand(-1, 1, 3, 3), REAL, MADE
    )
    assert patches.item() == pytest.approx((math.sqrt(30) - 1) ** 2, rel=1e-5)


def test_the_penalty_teaches_the_critic():
    critic = Linear(0.5)
    gradient_penalty(lambda pictures: critic(pictures)[0], REAL, MADE).backward()
    expected = 2 * (0.5 * math.sqrt(30) - 1) * math.sqrt(30)
    assert critic.slope.grad.item() == pytest.approx(expected, rel=1e-5)


def test_the_critics_part_real_from_made():
    weights = Weights(expression=2.0, penalty=10.0)
    total, parts = critics_loss(
        torch.nn.ModuleList([Linear(0.5), Linear(-1.0)]), [REAL] * 2, [MADE] * 2, LABELS, weights
    )
    gap = (REAL - MADE).sum((1, 2, 3)).mean().item()
    penalty = (0.5 * math.sqrt(30) - 1) ** 2 + (math.sqrt(30) - 1) ** 2
    assert parts["distance"].item() == pytest.approx(0.5 * gap - gap, abs=1e-4)
    assert parts["penalty"].item() == pytest.approx(penalty, rel=1e-5)
    assert parts["expression_real"].item() == pytest.approx(2 * math.log(8), rel=1e-6)
    expected = 0.5 * gap + 10 * penalty + 4 * math.log(8)
    assert total.item() == pytest.approx(expected, rel=1e-4)


def test_a_generator_that_changes_nothing_has_no_loss_of_cycle_and_of_the_unchanged():
    said = [Linear(0.5)(REAL)]
    mask = torch.full((4, 1, 6, 5), 0.5)
    total, parts = generator_loss(said, LABELS, [mask], ((REAL, REAL), (REAL, REAL)), Weights())
    assert parts["cycle"] == parts["unchanged"] == 0
    expected = -0.5 * REAL.sum((1, 2, 3)).mean().item() + math.log(8) + 0.1 * 0.25
    assert total.item() == pytest.approx(expected, rel=1e-5)


def test_cycle_and_the_unchanged_are_mean_differences_that_count_ten_times():
    said, masks = [Linear(0.0)(REAL)], [torch.zeros(4, 1, 6, 5)]
    pairs = ((REAL + 0.25, REAL), (REAL - 0.5, REAL))
    total, parts = generator_loss(said, LABELS, masks, pairs, Weights())
    assert parts["cycle"].item() == pytest.approx(0.25) and parts["unchanged"].item() == pytest.approx(0.5)
    assert total.item() == pytest.approx(math.log(8) + 10 * 0.75, rel=1e-5)


def test_attention_counts_each_mask_by_its_mean_square_whatever_its_size():
    masks = [torch.ones(2, 1, 8, 8), torch.full((2, 1, 4, 6), 0.5), torch.zeros(2, 1, 4, 4)]
    assert attention_loss(masks).item() == pytest.approx(1.25)


def test_right_is_the_share_of_the_whole_face_alone():
    logits = 9 * torch.eye(8)[[0, 3, 5, 1]]
    said = [(torch.zeros(4, 1), logits), (torch.zeros(4, 1), torch.zeros(4, 8))]
    masks = [torch.zeros(4, 1, 6, 5)]
    _, parts = generator_loss(said, LABELS, masks, ((REAL, REAL), (REAL, REAL)), Weights())
    assert parts["right_made"].item() == 0.75


def test_critics_name_the_expressions_of_what_they_see_and_judge_the_picture_itself():
    class Bright(torch.nn.Module):
        """As real as it is bright; where the first pixel is dark it is certain of the fourth expression."""

        def forward(self, pictures):
            fourth = 20 * torch.eye(8)[3] * (pictures[:, 0, 0, 0] < 0)[:, None]
            return pictures.mean((1, 2, 3))[:, None], fourth

    real, made, labels = torch.ones(4, 1, 6, 5), torch.zeros(4, 1, 6, 5), torch.full((4,), 3)
    critics = torch.nn.ModuleList([Bright()])
    _, clean = critics_loss(critics, [real], [made], labels, Weights())
    _, seen = critics_loss(critics, [real], [made], labels, Weights(), [-real])
    assert clean["distance"] == seen["distance"] == 1
    assert clean["expression_real"].item() == pytest.approx(math.log(8), rel=1e-6)
    assert seen["expression_real"].item() < 1e-6 and seen["right_real"] == 1


def test_the_generator_is_told_expressions_by_what_the_critics_name():
    said, named = [Linear(0.5)(REAL)], [(torch.zeros(4, 1), 20 * torch.eye(8)[LABELS])]
    _, parts = generator_loss(said, LABELS, [torch.zeros(4, 1, 6, 5)], ((REAL, REAL),) * 2, Weights(), named)
    assert parts["made_real"].item() == pytest.approx(0.5 * REAL.sum((1, 2, 3)).mean().item(), rel=1e-6)
    assert parts["expression_made"].item() < 1e-6 and parts["right_made"] == 1
