"""Every loss of affect against a value and a gradient worked out by hand."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed; install the extra [export]")

from export.data.batch import Batch, Truth  # noqa: E402
from export.losses import expression, regression  # noqa: E402
from export.losses.total import LOSSES, Total  # noqa: E402
from export.nets.heads import Affect  # noqa: E402

NEUTRAL, HAPPY, SAD = 0, 1, 2


def truth(labels: list[int], va: list[list[float]] | None = None) -> Truth:
    chosen = torch.tensor(labels)
    places = torch.zeros(len(labels), 2) if va is None else torch.tensor(va)
    return Truth(torch.nn.functional.one_hot(chosen, 8).float(), chosen, places)


def batch(labels: list[int], va: list[list[float]] | None = None, votes: torch.Tensor | None = None) -> Batch:
    true = truth(labels, va)
    return Batch(
        torch.zeros(len(labels), 1, 1, 1), true.votes if votes is None else votes, true.labels, true.va
    )


def given(logits=None, va=None, embedding=None) -> Affect:
    """What a network might have given: tensors that record gradients."""
    tensors = [torch.zeros(1, 8), torch.zeros(1, 2), torch.zeros(1, 2)]
    for k, values in enumerate((logits, va, embedding)):
        if values is not None:
            tensors[k] = torch.tensor(values, dtype=torch.float32)
        tensors[k].requires_grad_()
    return Affect(*tensors, torch.zeros(1))


def at(name: str, points: list[list[float]], true: Truth, **options):
    """A loss with centres, the first of which are at `points`, the others at 0."""
    loss = LOSSES[name](true, 2, **options)
    loss.centres.points.zero_()
    for k, point in enumerate(points):
        loss.centres.points[k] = torch.tensor(point)
    return loss


# Two classes have a chance at first: logits that give p = 3/4 to neutral and 1/4 to happy.
TWO = [[math.log(3), 0.0, *[-1e4] * 6]]


def test_votes_is_the_entropy_against_the_votes_with_gradient_p_minus_votes():
    out = given(TWO)
    votes = torch.tensor([[0.5, 0.5, 0, 0, 0, 0, 0, 0]])
    value = expression.Votes(truth([NEUTRAL]), 2)(out, batch([NEUTRAL], votes=votes))
    assert value.item() == pytest.approx(-0.5 * math.log(0.75) - 0.5 * math.log(0.25), rel=1e-5)
    value.backward()
    assert out.logits.grad[0, :2].tolist() == pytest.approx([0.25, -0.25])


@pytest.mark.parametrize(("form", "weights"), [("balanced", [4 / 24, 4 / 8]), ("rarest", [1 / 3, 1.0])])
def test_weighted_multiplies_rare_expressions(form, weights):
    loss = expression.Weighted(truth([NEUTRAL, NEUTRAL, NEUTRAL, HAPPY]), 2, form=form)
    assert loss.by_class[:2].tolist() == pytest.approx(weights)
    out = given(TWO)
    value = loss(out, batch([HAPPY]))
    assert value.item() == pytest.approx(weights[1] * math.log(4), rel=1e-5)
    value.backward()
    assert out.logits.grad[0, :2].tolist() == pytest.approx([0.75 * weights[1], -0.75 * weights[1]])


def test_balanced_weights_are_one_when_all_are_as_frequent():
    assert expression.class_weights(torch.arange(8).repeat(3), "balanced").tolist() == [1.0] * 8
    with pytest.raises(ValueError, match="choose balanced or rarest"):
        expression.class_weights(torch.arange(8), "sqrt")


def test_smoothed_gives_every_expression_a_share():
    out = given([[0.0] * 8])
    value = expression.Smoothed(truth([HAPPY]), 2, epsilon=0.1)(out, batch([HAPPY]))
    assert value.item() == pytest.approx(math.log(8))
    value.backward()
    assert out.logits.grad[0, :2].tolist() == pytest.approx([0.125 - 0.0125, 0.125 - 0.9125])


def test_focal_counts_easy_faces_less_and_is_entropy_at_gamma_zero():
    out = given(TWO)
    value = expression.Focal(truth([NEUTRAL]), 2, gamma=2.0)(out, batch([NEUTRAL]))
    assert value.item() == pytest.approx(0.25**2 * -math.log(0.75), rel=1e-5)
    value.backward()
    # d/dz of -(1-p)^2 log p is p (1-p) (2 (1-p) log p - (1-p)^2 / p)
    slope = 0.75 * 0.25 * (2 * 0.25 * math.log(0.75) - 0.25**2 / 0.75)
    assert out.logits.grad[0, 0].item() == pytest.approx(slope, rel=1e-4)
    plain = expression.Focal(truth([NEUTRAL]), 2, gamma=0.0)(out, batch([NEUTRAL]))
    assert plain.item() == pytest.approx(-math.log(0.75), rel=1e-5)


def test_centre_pulls_the_face_now_and_the_centre_a_little():
    loss = at("centre", [[1.0, 0.0], [0.0, 0.0]], truth([NEUTRAL]), alpha=0.5)
    out = given(embedding=[[3.0, 4.0], [0.0, 2.0]])
    value = loss(out, batch([NEUTRAL, HAPPY]))
    assert value.item() == pytest.approx((0.5 * (4 + 16) + 0.5 * 4) / 2)
    value.backward()
    assert out.embedding.grad.tolist() == [[1.0, 2.0], [0.0, 1.0]]
    # c - alpha (c - x) / (1 + 1), for one face of each
    assert loss.centres.points[:3].tolist() == [[1.5, 1.0], [0.0, 0.5], [0.0, 0.0]]


def test_local_centres_are_the_means_of_the_batch_and_stay_where_they_are():
    loss = LOSSES["centre"](truth([NEUTRAL]), 2, local=True)
    out = given(embedding=[[1.0, 0.0], [3.0, 0.0], [7.0, 7.0]])
    value = loss(out, batch([HAPPY, HAPPY, SAD]))
    assert value.item() == pytest.approx((0.5 + 0.5 + 0) / 3)
    value.backward()
    assert out.embedding.grad.tolist() == [pytest.approx([-1 / 3, 0]), pytest.approx([1 / 3, 0]), [0, 0]]


@pytest.mark.parametrize(("by", "largest", "apart"), [("valence", 2, 0.6), ("arousal", 2, 0.8)])
def test_va_centre_by_one_dimension_sees_that_one_alone(by, largest, apart):
    loss = at("va_centre", [], truth([HAPPY], [[0.0, 0.0]]), by=by)
    value = loss(given(embedding=[[2.0, 0.0]]), batch([HAPPY], [[0.6, -0.8]]))
    assert value.item() == pytest.approx((largest - apart) ** 2 / 4 * 2)
    with pytest.raises(ValueError, match="choose from: both, valence, arousal"):
        at("va_centre", [], truth([HAPPY]), by="dominance")


def test_focal_weighs_a_rare_expression_by_its_alpha():
    rare = expression.Focal(truth([NEUTRAL, NEUTRAL, NEUTRAL, HAPPY]), 2, alpha="balanced")
    plain = expression.Focal(truth([NEUTRAL]), 2)
    for label, weight in ((NEUTRAL, 4 / 24), (HAPPY, 4 / 8)):
        found = rare(given(TWO), batch([label])).item()
        assert found == pytest.approx(weight * plain(given(TWO), batch([label])).item())


def test_centres_rest_while_measuring():
    loss = at("centre", [[1.0, 0.0]], truth([NEUTRAL])).eval()
    loss(given(embedding=[[3.0, 4.0]]), batch([NEUTRAL]))
    assert loss.centres.points[0].tolist() == [1.0, 0.0]


def test_va_centre_spares_a_face_unlike_its_expression():
    true = truth([HAPPY, HAPPY], [[0.4, 0.0], [0.8, 0.0]])  # mean 0.6, 0
    loss = at("va_centre", [], true)
    out = given(embedding=[[2.0, 0.0]])
    value = loss(out, batch([HAPPY], [[-0.4, 0.0]]))
    weight = (2 * math.sqrt(2) - 1) ** 2 / 4
    assert value.item() == pytest.approx(weight * 2)
    value.backward()
    assert out.embedding.grad[0].tolist() == pytest.approx([weight * 2, 0])


def test_weighted_cluster_is_near_own_over_far_from_others():
    true = truth([HAPPY, NEUTRAL, NEUTRAL, NEUTRAL])
    loss = at("weighted_cluster", [[0.0, 0.0], [2.0, 0.0]], true)
    out = given(embedding=[[1.0, 0.0]])
    value = loss(out, batch([HAPPY]))
    # own 1/2; each of the seven others, at 0, 1/2 too; weight 4 / (8 * 1)
    assert value.item() == pytest.approx(0.5 * 0.5 / 1.5)
    value.backward()
    # d(own) = -1, d(others) = 1: 0.5 (-1 * 1.5 - 0.5 * 1) / 1.5^2
    assert out.embedding.grad[0].tolist() == pytest.approx([0.5 * -2 / 2.25, 0])


def test_island_adds_the_cosines_between_centres():
    loss = at("island", [[1.0, 0.0], [0.0, 2.0]], truth([NEUTRAL]), spread=0.1)
    points = torch.tensor([[1.0, 0.0], [0.0, 2.0]], requires_grad=True)
    between = loss.between(points)
    assert between.item() == pytest.approx(2.0)  # two ordered pairs, each 0 + 1
    between.backward()
    assert points.grad.tolist() == [[0.0, 2.0], [1.0, 0.0]]  # apart: each pushed away from the other


def test_island_moves_centres_by_pull_and_push():
    loss = at("island", [[1.0, 0.0], [0.0, 2.0]], truth([NEUTRAL]), spread=0.1, alpha=0.5)
    out = given(embedding=[[3.0, 0.0]])
    value = loss(out, batch([NEUTRAL]))
    # 56 ordered pairs; those with a zero centre have cosine 0
    assert value.item() == pytest.approx(2 + 0.1 * 56)
    value.backward()
    assert out.embedding.grad.tolist() == [[2.0, 0.0]]
    pulled = 1.0 - 0.5 * (1 - 3) / 2
    # equation 4.3.2: lambda / 7 times the sum over the others, of which one is not 0
    assert loss.centres.points[0].tolist() == pytest.approx([pulled, -0.5 * 0.1 / 7])


def test_euclidean_island_keeps_centres_a_margin_apart():
    loss = LOSSES["island"](truth([NEUTRAL]), 2, form="euclidean", margin=5.0)
    points = torch.tensor([[0.0, 0.0], [3.0, 0.0], [100.0, 0.0]], requires_grad=True)
    between = loss.between(points)
    assert between.item() == pytest.approx(2 * (5 - 3) ** 2)
    between.backward()
    assert points.grad.tolist() == [[8.0, 0.0], [-8.0, 0.0], [0.0, 0.0]]
    with pytest.raises(ValueError, match="cosine or euclidean"):
        LOSSES["island"](truth([NEUTRAL]), 2, form="spherical")


def test_subclass_draws_a_face_to_the_nearest_centre_of_its_expression():
    points = [[9.0, 9.0], [9.0, 9.0], [0.0, 0.0], [4.0, 0.0]]  # two of neutral, two of happy
    loss = at("subclass", points, truth([NEUTRAL]), subclasses=2, gather=0.0, alpha=0.5)
    out = given(embedding=[[3.0, 0.0]])
    value = loss(out, batch([HAPPY]))
    assert value.item() == pytest.approx(0.5)
    value.backward()
    assert out.embedding.grad.tolist() == [[-1.0, 0.0]]
    assert loss.centres.points[2:4].tolist() == [[0.0, 0.0], [3.75, 0.0]]


def test_subclass_margin_gathers_the_centres_of_one_expression():
    loss = LOSSES["subclass"](truth([NEUTRAL]), 2, subclasses=2, margin=1.0)
    points = torch.zeros(16, 2)
    points[1, 0] = 4.0
    points.requires_grad_()
    within = loss.within(points)
    assert within.item() == pytest.approx(2 * 3**2)
    within.backward()
    assert points.grad[:2].tolist() == [[-12.0, 0.0], [12.0, 0.0]]


def test_contrastive_pulls_alike_and_pushes_others_up_to_the_margin():
    out = given(embedding=[[0.0, 0.0], [2.0, 0.0], [0.0, 1.0]])
    value = LOSSES["contrastive"](truth([NEUTRAL]), 2, margin=2.0)(out, batch([HAPPY, HAPPY, SAD]))
    # alike: 4; others: distances 1 and sqrt 5, of which only the first is below the margin
    assert value.item() == pytest.approx(0.5 * 4 + 0.5 * (1 + 0) / 2)
    value.backward()
    assert out.embedding.grad.tolist() == [[-2.0, 0.5], [2.0, 0.0], [0.0, -0.5]]


def test_histogram_takes_the_soft_label_of_the_square_in_the_plane():
    true = truth([HAPPY, HAPPY, HAPPY, NEUTRAL, SAD], [[0.5, 0.5]] * 4 + [[-0.5, -0.5]])
    soft = LOSSES["histogram"](true, 2, bins=2)
    out = given(TWO)
    value = soft(out, batch([HAPPY], [[0.9, 0.1]]))
    assert value.item() == pytest.approx(-0.25 * math.log(0.75) - 0.75 * math.log(0.25), rel=1e-5)
    value.backward()
    assert out.logits.grad[0, :2].tolist() == pytest.approx([0.5, -0.5])
    out = given(TWO)
    value = LOSSES["histogram"](true, 2, form="logit", bins=2)(out, batch([HAPPY], [[0.9, 0.1]]))
    assert value.item() == pytest.approx(0.5 * (0.5**2 + 0.5**2), rel=1e-5)
    value.backward()
    # p (diag - p p^T) (p - l): 0.75 * 0.25 * (0.5 + 0.5)
    assert out.logits.grad[0, :2].tolist() == pytest.approx([0.1875, -0.1875])
    with pytest.raises(ValueError, match="soft or logit"):
        LOSSES["histogram"](true, 2, form="hard")


def test_sectors_go_round_the_plane_and_are_a_second_classification():
    loss = LOSSES["sectors"](truth([NEUTRAL]), 2)
    va = torch.tensor(
        [[1.0, 0.1], [0.1, 1.0], [-0.1, 1.0], [-1.0, -0.1], [0.1, -1.0], [1.0, -0.1], [0.0, 0.0]]
    )
    assert loss.sector(va).tolist() == [0, 1, 2, 4, 6, 7, 0]
    half = LOSSES["sectors"](truth([NEUTRAL]), 2, sectors=2, start=-90.0)
    assert half.sector(torch.tensor([[0.5, 0.9], [0.5, -0.9], [-0.5, 0.9], [-0.5, -0.9]])).tolist() == [
        0,
        0,
        1,
        1,
    ]
    torch.nn.init.zeros_(loss.classify.weight)
    torch.nn.init.zeros_(loss.classify.bias)
    out = given(embedding=[[1.0, 2.0]])
    value = loss(out, batch([HAPPY], [[0.1, 1.0]]))
    assert value.item() == pytest.approx(math.log(8))
    value.backward()
    assert loss.classify.bias.grad.tolist() == pytest.approx([0.125, -0.875, *[0.125] * 6])


def test_squared_error_is_raised_where_the_sign_is_wrong():
    out = given(va=[[0.5, -0.2]])
    loss = regression.Squared(truth([HAPPY]), 2, sign_penalty=0.1)
    value = loss(out, batch([HAPPY], [[0.3, 0.2]]))
    assert value.item() == pytest.approx((0.04 + 0.16 * 1.1) / 2)
    value.backward()
    assert out.va.grad[0].tolist() == pytest.approx([0.2, -0.4 * 1.1])


def test_concordance_is_zero_when_equal_and_grows_with_a_shift():
    true = [[0.0, 0.0], [0.5, 0.5]]
    loss = regression.Concordance(truth([HAPPY]), 2)
    assert loss(given(va=true), batch([HAPPY, SAD], true)).item() == pytest.approx(0, abs=1e-6)
    out = given(va=[[0.5, 0.0], [1.0, 0.5]])
    value = loss(out, batch([HAPPY, SAD], true))
    # valence: covariance and variances 1/16, means 1/2 apart: ccc = (2/16) / (2/16 + 4/16) = 1/3
    assert value.item() == pytest.approx(1 - (1 / 3 + 1) / 2)
    value.backward()
    # d ccc / dx_i = (2 (y_i - my) - ccc (2 (x_i - mx) + 2 (mx - my))) / n / spread; half of it, negative
    spread = 6 / 16
    slopes = [(2 * d / 2 - (2 * d / 2 + 2 * 0.5 / 2) / 3) / spread for d in (-0.25, 0.25)]
    assert out.va.grad[:, 0].tolist() == pytest.approx([-s / 2 for s in slopes], abs=1e-6)


def test_mask_is_the_entropy_of_each_pixel_of_eyes_and_mouth():
    loss = LOSSES["mask"](truth([NEUTRAL]), 2)
    torch.nn.init.zeros_(loss.up.weight)
    torch.nn.init.constant_(loss.up.bias, math.log(3))  # 3/4 for every pixel
    features = torch.ones(1, 2, 2, 2, requires_grad=True)
    masks = torch.zeros(1, 1, 16, 16, dtype=torch.uint8)
    masks[..., :8, :] = 1  # the upper half: pooled to 8 x 8, half of the pixels
    out = given()._replace(features=features)
    value = loss(out, batch([NEUTRAL])._replace(masks=masks))
    assert value.item() == pytest.approx(-0.5 * math.log(0.75) - 0.5 * math.log(0.25), rel=1e-5)
    value.backward()
    assert loss.up.bias.grad.item() == pytest.approx(0.75 - 0.5)
    with pytest.raises(ValueError, match="needs faces with outlines"):
        loss(out, batch([NEUTRAL]))


def test_total_weighs_its_parts_and_reports_them_unweighed():
    total = Total({"votes": {}, "mse": {"weight": 2.0}}, truth([HAPPY]), 2)
    value, parts = total(given([[0.0] * 8], [[0.5, 0.0]]), batch([HAPPY], [[0.0, 0.0]]))
    assert parts["votes"].item() == pytest.approx(math.log(8)) and parts["mse"].item() == pytest.approx(0.125)
    assert value.item() == pytest.approx(math.log(8) + 0.25)
    with pytest.raises(ValueError, match="no loss triplet; choose from: votes"):
        Total({"triplet": {}}, truth([HAPPY]), 2)


def test_every_loss_runs_in_bfloat16_networks_and_has_a_gradient():
    true = truth([k % 8 for k in range(16)], [[k / 16, -k / 32] for k in range(16)])
    for name in LOSSES:
        loss = Total({name: {}}, true, 4)
        out = Affect(
            torch.randn(16, 8, dtype=torch.bfloat16, requires_grad=True),
            torch.tanh(torch.randn(16, 2)).bfloat16().requires_grad_(),
            torch.randn(16, 4, dtype=torch.bfloat16, requires_grad=True),
            torch.randn(16, 4, 2, 2, dtype=torch.bfloat16, requires_grad=True),
        )
        faces = Batch(torch.zeros(16, 1, 1, 1), true.votes, true.labels, true.va)
        value, _ = loss(out, faces._replace(masks=torch.ones(16, 1, 8, 8, dtype=torch.uint8)))
        value.backward()
        assert value.dtype == torch.float32 and torch.isfinite(value), name
        assert any(t.grad is not None and t.grad.abs().sum() > 0 for t in out), name


def test_the_recipes_ask_for_losses_that_exist():
    for path in (Path(__file__).resolve().parents[3] / "export" / "recipes").glob("*.toml"):
        recipe = tomllib.loads(path.read_text())
        if recipe["task"] == "affect":
            Total(recipe["loss"], truth(list(range(8))), 4)


def rated(va: list[list[float]], weights: list[float] | None = None) -> Batch:
    faces = batch([NEUTRAL] * len(va), va)
    return faces if weights is None else faces._replace(rated=torch.tensor(weights))


def test_rated_is_squared_error_and_concordance_where_all_count_alike():
    found, true = [[0.5, 0.0], [0.0, 0.2], [-0.3, 0.4]], [[0.3, 0.1], [0.1, 0.2], [-0.5, 0.5]]
    value = LOSSES["rated"](truth([NEUTRAL]), 2, squared=2.0, concordance=0.5)(given(va=found), rated(true))
    error = (torch.tensor(found) - torch.tensor(true)).square().mean()
    apart = 1 - regression.ccc(torch.tensor(found), torch.tensor(true)).mean()
    assert value.item() == pytest.approx((2 * error + 0.5 * apart).item(), rel=1e-5)


def test_rated_hears_a_face_as_much_as_it_is_rated():
    loss = LOSSES["rated"](truth([NEUTRAL]), 2)
    out = given(va=[[0.5, 0.0], [0.0, 0.2], [-0.3, 0.4], [0.9, -0.9]])
    true = [[0.3, 0.1], [0.1, 0.2], [-0.5, 0.5], [-1.0, 1.0]]
    value = loss(out, rated(true, [1.0, 0.5, 0.5, 0.0]))
    value.backward()
    assert not out.va.grad[3].any() and out.va.grad[:3].any()
    twice = given(va=[[0.5, 0.0], [0.5, 0.0], [0.0, 0.2], [-0.3, 0.4]])
    assert loss(twice, rated([true[0], *true[:3]])).item() == pytest.approx(value.item(), rel=1e-5)


def test_rated_gradient_of_the_squared_part_by_hand():
    out = given(va=[[0.5, 0.0], [0.0, 0.0]])
    loss = LOSSES["rated"](truth([NEUTRAL]), 2, squared=3.0, concordance=0.0)
    loss(out, rated([[0.1, 0.0], [0.0, 0.0]], [1.0, 0.25])).backward()
    assert out.va.grad[0].tolist() == pytest.approx(
        [3 * 0.8 * 0.4, 0]
    )  # weight 1 / 1.25, mean of two columns


def test_rated_says_nothing_where_nobody_rated():
    out = given(va=[[0.5, 0.0], [0.2, 0.1]])
    value = LOSSES["rated"](truth([NEUTRAL]), 2)(out, rated([[0.1, 0.0], [0.0, 0.3]], [0.0, 0.0]))
    value.backward()
    assert value.item() == 0 and not out.va.grad.any()
