"""The eye-centre task on made-up faces, and the export to the app's own loader."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed; install the extra [export]")

from app.stages.align import apply, similarity  # noqa: E402
from app.stages.models import load  # noqa: E402
from export import to_onnx  # noqa: E402
from export.data import net7876  # noqa: E402
from export.data.places import DATA  # noqa: E402
from export.eyes.errors import locate, normalised_errors  # noqa: E402
from export.eyes.face_box import moved  # noqa: E402
from export.eyes.task import (  # noqa: E402
    CROP,
    EyeCentres,
    flip,
    guess_jitter,
    made_up_faces,
    outline_jitter,
    published_jitter,
)
from export.nets.eye_fcn import EyeFcn, standardise  # noqa: E402
from export.nets.thesis_fcn import ThesisFcn  # noqa: E402
from export.shipping.agreement import ExportError  # noqa: E402
from export.train import train  # noqa: E402
from export.training.augment import degrade  # noqa: E402
from export.training.task import Recipe, read_recipe  # noqa: E402

EYES = np.array([[110.0, 60.0], [60.0, 62.0]])


@pytest.fixture(scope="module")
def recipe() -> Recipe:
    return replace(read_recipe(Path("eyes_first")), epochs=1, batch=4, bf16=False)


@pytest.fixture(scope="module")
def trained(recipe, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("run")
    train(recipe, EyeCentres(recipe, made_up_faces(24), smoke=True), out)
    return out


def test_batches_repeat_from_their_seed_and_keep_the_centres_on_the_eyes(recipe):
    recipe = replace(recipe, data={"wide": 0.0, "degraded": 0.0})
    task = EyeCentres(recipe, made_up_faces(24), smoke=True)
    rows = task.order(np.random.default_rng(4))[0]
    one, two = (task.batch(rows, np.random.default_rng(5)) for _ in range(2))
    assert torch.equal(one[0], two[0]) and torch.equal(one[1], two[1])
    crops, centres = one
    assert crops.shape == (4, 1, 96, 96) and centres.shape == (4, 2, 2)
    for crop, pair in zip(crops[:, 0], centres, strict=True):
        assert pair[0, 0] > pair[1, 0]  # the subject's left eye is on the right
        for x, y in pair.round().int().tolist():
            assert crop[y, x] < 60  # the dark dot


def test_the_loss_stays_on_the_device_of_the_model(recipe):
    task = EyeCentres(recipe, made_up_faces(24), smoke=True)
    rng = np.random.default_rng(0)
    batch = [part.to("meta") for part in task.batch(task.order(rng)[0], rng)]  # as strict as a graphics card
    total, _ = task.loss(task.model.to("meta"), batch)
    total.backward()
    assert total.device.type == "meta"


def test_moved_eyes_turn_scale_and_shift():
    turned = moved(EYES, 30, 0.8, np.array([0.1, 0.0]))
    before, after = EYES[0] - EYES[1], turned[0] - turned[1]
    assert np.hypot(*after) == pytest.approx(0.8 * np.hypot(*before))
    angle = np.degrees(np.arctan2(after[1], after[0]) - np.arctan2(before[1], before[0]))
    assert angle == pytest.approx(30)
    assert turned.mean(0) - EYES.mean(0) == pytest.approx([0.1 * np.hypot(*before), 0])


def test_the_thesis_jitter_turns_and_scales_the_box_about_itself():
    for seed in range(20):
        rough = published_jitter(EYES, np.random.default_rng(seed))
        assert rough.mean(0) == pytest.approx(EYES.mean(0))
        line, old = rough[0] - rough[1], EYES[0] - EYES[1]
        assert 0.75 <= np.hypot(*line) / np.hypot(*old) <= 1.25
        turned = np.degrees(np.arctan2(line[1], line[0]) - np.arctan2(old[1], old[0]))
        assert abs(turned) <= 30


def test_crops_around_a_box_stay_near_its_guess_and_not_near_the_eyes():
    for seed in range(20):
        rough = guess_jitter(EYES, np.random.default_rng(seed))
        away = (rough.mean(0) - EYES.mean(0)) / np.hypot(*(EYES[0] - EYES[1]))
        assert np.abs(away).max() <= 0.25
        assert 0.75 <= np.hypot(*(rough[0] - rough[1])) / np.hypot(*(EYES[0] - EYES[1])) <= 1.25


def test_a_recipe_says_how_many_crops_stand_around_the_box(recipe):
    """Boxes that lie 60 pixels off their faces show whose eyes a crop stands around."""
    faces = made_up_faces(24)
    faces = replace(faces, boxes=faces.boxes + np.array([60, 0, 60, 0]))
    for boxes, far in ((0.0, 0), (1.0, 4)):
        task = EyeCentres(
            replace(recipe, data={"wide": 1.0, "boxes": boxes, "degraded": 0.0}), faces, smoke=True
        )
        _, centres = task.batch(task.order(np.random.default_rng(4))[0], np.random.default_rng(5))
        away = (centres.mean(1)[:, 0] - (CROP.size - 1) / 2).abs() / CROP.eye_distance
        assert int((away > 0.45).sum()) == far


def test_a_wider_spread_moves_outlines_farther():
    near, far = (
        np.std([outline_jitter(EYES, np.random.default_rng(seed), wider)[0] for seed in range(200)], axis=0)
        for wider in (1.0, 2.0)
    )
    assert far / near == pytest.approx([2, 2], rel=0.1)


def test_flip_swaps_the_eyes_and_twice_is_nothing():
    crop = np.arange(96 * 96, dtype=np.int32).reshape(96, 96)
    centres = np.array([[69.0, 43.0], [26.0, 44.0]])
    mirrored, swapped = flip(crop, centres)
    assert swapped.tolist() == [[69.0, 44.0], [26.0, 43.0]]
    assert mirrored[43, 95 - 69] == crop[43, 69]
    assert flip(crop, centres, 0.25)[1][:, 0].tolist() == [69.5, 26.5]
    again, back = flip(mirrored, swapped)
    assert np.array_equal(again, crop) and np.array_equal(back, centres)


def test_degraded_crops_stay_crops():
    rng = np.random.default_rng(0)
    crop = rng.integers(0, 256, (96, 96), np.uint8)
    for _ in range(40):
        worse = degrade(crop, rng)
        assert worse.shape == crop.shape and worse.dtype == np.uint8


def test_standardised_crops_do_not_know_the_light():
    crops = torch.rand(2, 1, 8, 8) * 100
    assert torch.allclose(standardise(crops), standardise(crops + 50), atol=1e-4)
    assert torch.equal(standardise(torch.full((1, 1, 8, 8), 7.0)), torch.zeros(1, 1, 8, 8))


@pytest.mark.parametrize("net", [EyeFcn(), ThesisFcn(kernel=3, filters=4)])
def test_networks_keep_the_contract(net):
    maps = net.eval()(torch.rand(3, 1, 96, 96) * 255)
    assert maps.shape == (3, 2, 96, 96)


def test_thesis_network_is_as_published():
    shapes = [tuple(p.shape) for p in ThesisFcn().parameters() if p.ndim == 4]
    assert shapes[:4] == [(64, 1, 3, 3), (64, 64, 3, 3), (128, 64, 3, 3), (128, 128, 3, 3)]
    assert shapes[4:6] == [(256, 128, 15, 1), (256, 256, 1, 15)]
    assert shapes[6:8] == [(256, 128, 1, 15), (256, 256, 15, 1)]
    assert shapes[8][:2] == (256, 2) and len(shapes) == 9


def test_locate_brings_answers_back_to_the_picture():
    """A network that always answers the nominal places gives the eyes that it was aligned by."""
    nominal = apply(similarity(EYES, CROP), EYES)

    def run(crops):
        maps = np.zeros((len(crops), 2, 96, 96), np.float32)
        axis = np.arange(96)
        for eye, (x, y) in enumerate(nominal):
            maps[:, eye] = np.exp(-((axis - x) ** 2 + (axis[:, None] - y) ** 2) / 4)
        return maps

    found, confidence = locate(run, CROP, [np.zeros((200, 200), np.uint8)] * 3, np.stack([EYES] * 3), batch=2)
    assert np.abs(found - EYES).max() < 0.05
    assert confidence.min() > 0.9


def test_errors_are_normalised_by_the_true_distance():
    found = EYES[None] + [[[3.0, 4.0], [0.0, 0.0]]]
    distance = np.hypot(50, 2)
    assert normalised_errors(found, EYES[None])[0] == pytest.approx([5 / distance, 0])


def test_split_is_fixed_and_without_overlap():
    learn, choose = net7876.split(100, 7876)
    assert len(choose) == 10 and not set(learn) & set(choose)
    assert np.array_equal(choose, net7876.split(100, 7876)[1])


def test_export_agrees_with_torch_and_loads_in_the_app(recipe, trained, tmp_path):
    task = EyeCentres(recipe, made_up_faces(24), smoke=True)
    worst = to_onnx.export(recipe, task, trained / "best.pt", tmp_path, "eyes")
    assert worst < 1e-4
    model = load(tmp_path / "eyes.toml")
    assert model.card.crop == CROP
    (maps,) = model.run(np.zeros((3, 1, 96, 96), np.uint8))
    assert maps.shape == (3, 2, 96, 96) and maps.min() >= 0


def test_export_that_differs_from_torch_is_refused(recipe, trained, tmp_path, monkeypatch):
    monkeypatch.setattr(to_onnx, "difference", lambda *_: 2e-4)
    task = EyeCentres(recipe, made_up_faces(24), smoke=True)
    with pytest.raises(ExportError, match="not exported"):
        to_onnx.export(recipe, task, trained / "best.pt", tmp_path, "eyes")
    assert not list(tmp_path.iterdir())


def test_export_without_training_says_what_to_run(recipe, tmp_path):
    task = EyeCentres(recipe, made_up_faces(24), smoke=True)
    with pytest.raises(FileNotFoundError, match=r"export\.train eyes"):
        to_onnx.export(recipe, task, tmp_path / "best.pt", tmp_path, "eyes")


@pytest.mark.skipif(not (DATA / "net_7876-test.csv").exists(), reason="the shared training data is not here")
def test_net7876_has_its_published_parts():
    faces = net7876.load(DATA, "test")
    assert len(faces) == 1014
    assert (faces.eyes[:, 0, 0] > faces.eyes[:, 1, 0]).mean() > 0.99
    assert faces.grey(0).ndim == 2


def test_missing_data_is_said_in_one_sentence(tmp_path):
    with pytest.raises(FileNotFoundError, match="is not in"):
        net7876.load(tmp_path, "train")
