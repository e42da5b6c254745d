"""The affect task: batches, network, temperature, and what is deployed."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed; install the extra [export]")

from app.stages import align  # noqa: E402
from export.affect import networks  # noqa: E402
from export.affect import task as affect  # noqa: E402
from export.data import motion, outlines  # noqa: E402
from export.data.faces import made_up  # noqa: E402
from export.data.mixup import mixed  # noqa: E402
from export.data.places import RECIPES  # noqa: E402
from export.data.sample import epoch_order  # noqa: E402
from export.nets.heads import TwoHeads  # noqa: E402
from export.nets.residual import Residual  # noqa: E402
from export.train import train  # noqa: E402
from export.training.task import RecipeError, build, read_recipe, smoked  # noqa: E402

NARROW = {"widths": (8, 8, 8, 8), "width": 8, "growth": 4, "stem": 8, "size": 16}
"""Widths with which a network is quick to build and run."""
WIDTHS = {
    "light_cnn": ("widths",),
    "residual": ("widths", "stem"),
    "densenet": ("growth",),
    "emotion_gcn": ("growth",),
    "recnn": ("width", "size"),
    "se_resnet": ("width",),
    "mobilenet": (),
}
SHIPPED = read_recipe(Path("affect"))
RECIPE = smoked(SHIPPED)


@pytest.fixture
def task():
    return build(RECIPE, smoke=True)


def test_a_batch_holds_crops_and_truth_and_repeats_with_its_seed(task):
    rows = task.order(np.random.default_rng(2))
    assert rows.shape == (2, 8)
    one, two = (task.batch(rows[0], np.random.default_rng(3)) for _ in range(2))
    assert one.crops.shape == (8, 1, 48, 48) and one.crops.max() > 1
    assert one.votes.shape == (8, 8) and one.votes.sum(1).allclose(torch.ones(8))
    assert all(torch.equal(a, b) for a, b in zip(one, two, strict=True))


def test_a_recipe_that_learns_masks_has_one_with_each_crop_and_cannot_mix_them():
    recipe = dataclasses.replace(RECIPE, loss={"votes": {}, "mask": {}})
    task = build(recipe, smoke=True)
    batch = task.batch(np.arange(8), np.random.default_rng(1))
    assert batch.masks.shape == batch.crops.shape and 0 < batch.masks.float().mean() < 0.2
    loss, parts = task.loss(task.model, batch)
    assert parts["mask"] > 0 and torch.isfinite(loss)
    with pytest.raises(RecipeError, match="masks cannot be mixed"):
        build(dataclasses.replace(recipe, data={"mixup": 0.2}), smoke=True)


def test_the_answer_does_not_change_with_the_light(task):
    model = task.model.eval()
    crops = torch.from_numpy(task.crops(4)).float()
    with torch.no_grad():
        plain, dim = model(crops), model(crops * 0.5 + 20)
    assert torch.allclose(plain.va, dim.va, atol=0.02)
    assert torch.isfinite(model(torch.full((1, 1, 48, 48), 7.0)).logits).all()


def test_deployed_gives_probabilities_va_the_last_feature_map_and_what_each_place_tells(task):
    model = task.model.eval()
    with torch.no_grad():
        probs, va, features, maps = task.deployed(model)(torch.from_numpy(task.crops(3)).float())
    assert probs.sum(1).allclose(torch.ones(3), atol=1e-5)
    assert va.abs().max() <= 1
    assert features.shape == (3, 256, 6, 6) and maps.shape == (3, 8, 6, 6)
    assert torch.softmax(maps.mean((2, 3)), 1).allclose(probs, atol=1e-5)
    exported = task.card()["export"]
    assert exported["temperature"] > 0
    with torch.no_grad():
        probs = task.deployed(model)(torch.from_numpy(task.crops(16)).float())[0]  # all that it chooses by
    right = (probs.argmax(1).numpy() == made_up(16, seed=1).labels).mean()
    assert exported["accuracy"] == pytest.approx(100 * right)


def test_a_prior_is_taken_from_probabilities_and_maps_and_leaves_valence_and_arousal():
    plain = affect.AffectTask(RECIPE, made_up(32), made_up(16, seed=1), smoke=True)
    power = dataclasses.replace(RECIPE, data={"prior": 0.5})
    shares = torch.from_numpy(made_up(32).votes.mean(0))
    crops = torch.from_numpy(plain.crops(3)).float()
    with torch.no_grad():
        net = plain.model.eval()
        given = net(crops)
        corrected = affect.AffectTask(power, made_up(32), made_up(16, seed=1), smoke=True)
        probs, va, _, maps = corrected.deployed(net)(crops)
    exported = corrected.card()["export"]
    expected = (given.logits - 0.5 * torch.log(shares)) / exported["temperature"]
    assert probs.allclose(torch.softmax(expected, 1), atol=1e-5) and va.allclose(given.va)
    assert maps.mean((2, 3)).allclose(expected, atol=1e-4)
    assert exported["prior_power"] == 0.5 and "prior_power" not in plain.card()["export"]


def test_an_activation_map_is_the_classifier_at_each_place():
    heads, features = TwoHeads(5).eval(), torch.rand(2, 5, 3, 4)
    maps = networks.activation_maps(heads, features)
    alone = heads.expression.weight[6] @ features[1, :, 2, 3] + heads.expression.bias[6]
    assert maps.shape == (2, 8, 3, 4) and maps[1, 6, 2, 3].allclose(alone)
    assert maps.mean((2, 3)).allclose(heads(features).logits, atol=1e-6)


def test_temperature_undoes_logits_that_are_too_sure():
    labels = torch.arange(8).repeat(40)
    logits = torch.randn(320, 8, generator=torch.Generator().manual_seed(0))
    logits[torch.arange(320), labels] += 2
    right = affect.temperature(logits, labels)
    assert affect.temperature(logits * 3, labels) == pytest.approx(3 * right, rel=0.02)


def test_smoke_training_runs_and_leaves_weights(task, tmp_path):
    train(RECIPE, task, tmp_path)
    best = torch.load(tmp_path / "best.pt", weights_only=True)
    assert {"accuracy", "recall", "ccc_valence", "ccc_arousal"} <= set(best["row"])


def test_motion_stays_within_its_bounds():
    rng = np.random.default_rng(0)
    start = align.similarity(np.array([[33.0, 17], [15, 17]]), affect.CROP)
    for _ in range(200):
        moved = motion.jittered(start, 48, rng)
        scale = np.hypot(moved[0, 0], moved[1, 0])
        angle = np.degrees(np.arctan2(moved[1, 0], moved[0, 0]))
        assert 0.87 < scale < 1.13 and abs(angle) < 15.1
        middle = align.apply(align.inverse(start), np.array([23.5, 23.5]))
        assert np.abs(align.apply(moved, middle) - 23.5).max() < 48 * 0.051


def test_mixup_blends_two_faces_and_their_targets_alike():
    crops = np.array([0, 200], np.uint8).repeat(16).reshape(2, 1, 4, 4)
    votes, va = np.eye(8, dtype=np.float32)[:2], np.array([[1, 0], [-1, 0.5]], np.float32)
    shares = set()
    for seed in range(20):
        blended, (mixed_votes, mixed_va) = mixed(crops, (votes, va), 1.0, np.random.default_rng(seed))
        share = mixed_votes[0, 0]
        assert 0.5 <= share <= 1 and mixed_votes.sum(1) == pytest.approx([1, 1])
        assert blended.dtype == np.uint8 and abs(blended[0, 0, 0, 0] - 200 * (1 - share)) <= 0.5
        assert mixed_va[0] == pytest.approx([2 * share - 1, 0.5 * (1 - share)], abs=1e-6)
        shares.add(float(share))
    assert len(shares) > 5


def test_balanced_epochs_show_rare_expressions_as_often():
    labels = np.repeat(np.arange(8), [900, 30, 30, 10, 10, 10, 5, 5])
    rng = np.random.default_rng(0)
    seen = np.bincount(labels[epoch_order(labels, 1.0, 8000, rng)], minlength=8)
    assert seen.min() > 850
    plain = epoch_order(labels, 0.0, 1000, rng)
    assert sorted(plain) == list(range(1000))
    with pytest.raises(ValueError, match="needs as many"):
        epoch_order(labels, 0.0, 1001, rng)


def test_favoured_faces_are_drawn_as_much_likelier():
    labels, favour = np.zeros(100, int), np.repeat([1.0, 9.0], 50)
    for power in (0.0, 1.0):
        seen = epoch_order(labels, power, 20_000, np.random.default_rng(0), favour)
        assert (seen >= 50).mean() == pytest.approx(0.9, abs=0.01)
    faces = dataclasses.replace(made_up(3), rated=np.array([0, 0.5, 1], np.float32))
    assert affect.favoured(faces, 5.0).tolist() == [1, 3, 5]


def test_where_faces_are_rated_these_alone_choose_beside_the_accuracy():
    train, choose = made_up(16), made_up(16, seed=1)
    plain = affect.AffectTask(RECIPE, train, choose, smoke=True)
    rows = np.array([0, 3, 6, 9])
    weights = np.zeros(16, np.float32)
    weights[rows] = 1
    given = [dataclasses.replace(faces, rated=weights) for faces in (train, choose)]
    rated = affect.AffectTask(RECIPE, *given, smoke=True)
    rated.model.load_state_dict(plain.model.state_dict())
    assert (plain.best, rated.best) == ("accuracy", "score")
    found = rated.validate(rated.model.eval())
    some = affect.AffectTask(RECIPE, train, choose.take(rows), smoke=True).validate(rated.model)
    assert (found["ccc_valence"], found["ccc_arousal"]) == pytest.approx(
        (some["ccc_valence"], some["ccc_arousal"])
    )
    assert found["accuracy"] == plain.validate(rated.model)["accuracy"]
    mean = (found["accuracy"] + 100 * found["ccc_valence"] + 100 * found["ccc_arousal"]) / 3
    assert found["score"] == pytest.approx(mean)
    batch = rated.batch(np.arange(5), np.random.default_rng(0))
    assert batch.rated.tolist() == [1, 0, 0, 1, 0]
    assert plain.batch(np.arange(5), np.random.default_rng(0)).rated.tolist() == [1] * 5
    said = [task.card()["training"]["valence_arousal"] for task in (plain, rated)]
    assert "derived, not rated" in said[0] and "not by people" in said[1]


@pytest.mark.parametrize("path", sorted(RECIPES.glob("*.toml")), ids=lambda path: path.stem)
def test_every_recipe_of_affect_builds_and_its_losses_stay_on_the_device_of_the_model(path):
    recipe = dataclasses.replace(read_recipe(path), batch=4)
    if recipe.task == "affect":
        thin = {key: NARROW[key] for key in NARROW if key in WIDTHS[recipe.net["name"]]}
        recipe = dataclasses.replace(recipe, net={**recipe.net, **thin})  # all else as the recipe says
        faces = made_up(16)
        if "mask" in recipe.loss:
            faces = dataclasses.replace(faces, outlines=outlines.made_up(faces.eyes))
        task = affect.AffectTask(recipe, faces, made_up(8, seed=1), smoke=True)
        assert task.outputs[:3] == ("probs", "va", "features")
        assert task.outputs[3] == ("relations" if recipe.net.get("name") == "recnn" else "maps")
        assert path.read_text().startswith("# ")
        # "meta", like a graphics card, refuses tensors that were left on the CPU; it holds no numbers
        rows, rng = np.arange(4), np.random.default_rng(0)
        batch = [part.to("meta") for part in task.batch(rows, rng)]
        total, parts = task.loss(task.model.to("meta"), batch)
        total.backward()
        assert {value.device.type for value in [total, *parts.values()]} == {"meta"}


@pytest.mark.parametrize(
    ("change", "says"),
    [({"net": {"name": "vgg"}}, "the network vgg"), ({"data": {"set": "fer2014"}}, "the data set fer2014")],
)
def test_what_is_not_known_is_refused_with_the_choice(change, says):
    with pytest.raises(RecipeError, match=f"names {says}; choose from: "):
        build(dataclasses.replace(RECIPE, **change), smoke="net" in change)


@pytest.mark.parametrize(
    "change", [{"net": {"depth": 3}}, {"loss": {"triplet": {}}}, {"loss": {"ccc": {"p": 1}}}]
)
def test_a_wrong_option_names_its_table(change):
    with pytest.raises(RecipeError, match=rf"affect, table \[{next(iter(change))}\]: "):
        build(dataclasses.replace(RECIPE, **change), smoke=True)


def test_a_fresh_block_passes_its_input_on():
    block = Residual(stem=8, widths=(8,), blocks=(1,), strides=(1,)).trunk[-1].eval()
    x = torch.rand(2, 8, 6, 6)
    assert torch.allclose(block(x), x)
