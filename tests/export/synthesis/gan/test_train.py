"""The training of LGP-GAN on a few drawn faces: it resumes, it logs, it draws."""

from __future__ import annotations

import csv
import dataclasses
from pathlib import Path

import cv2
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed; install the extra [export]")

from export.data.faces import made_up  # noqa: E402
from export.shipping import card  # noqa: E402
from export.synthesis.gan import onnx  # noqa: E402
from export.synthesis.gan import train as loop  # noqa: E402
from export.synthesis.gan.disturbed import disturbed  # noqa: E402
from export.synthesis.gan.grid import every, levels, signed  # noqa: E402
from export.synthesis.gan.pictures import Portraits, chances, clear, load  # noqa: E402
from export.synthesis.gan.train import Training, counted, rate_at, shown  # noqa: E402
from export.training.task import Recipe, RecipeError, build, read_recipe  # noqa: E402

NET = {"channels": 1, "size": 48, "eyes": [6, 4, 20, 40], "mouth": [28, 10, 20, 28]}
NET |= {"base": 2, "local": 1, "whole": 1, "critic": 2, "downs": 4, "local_downs": 2}
DATA = {"critic_steps": 2, "head_start": 1}
RECIPE = Recipe(
    name="tiny", task="synthesis", epochs=0, updates=4, batch=4, rate=1e-3, ema=0.9, net=NET, data=DATA
)
CPU = torch.device("cpu")


@pytest.fixture(autouse=True)
def one_thread():
    """Networks as small as these are slower on two."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def often(monkeypatch):
    monkeypatch.setattr(loop, "SAVED", 2)
    monkeypatch.setattr(loop, "DRAWN", 2)


def training(out, recipe=RECIPE) -> Training:
    source = clear(made_up(16))
    return Training(recipe, source, shown(source), out, CPU)


def test_a_stopped_training_goes_on_as_if_it_had_not_been_stopped(tmp_path, often, monkeypatch):
    training(tmp_path / "whole").run()
    stopped = training(tmp_path / "stopped")
    step = stopped.step

    def interrupted():
        if stopped.update == 3:
            raise KeyboardInterrupt
        step()

    monkeypatch.setattr(stopped, "step", interrupted)
    with pytest.raises(KeyboardInterrupt):
        stopped.run()
    resumed = training(tmp_path / "stopped")
    assert resumed.update == 2
    resumed.run()
    whole, other = (
        torch.load(tmp_path / name / "checkpoint.pt", weights_only=True) for name in ("whole", "stopped")
    )
    for side in ("generator", "critics", "averaged"):
        assert all(torch.equal(a, b) for a, b in zip(whole[side].values(), other[side].values(), strict=True))
    log = list(csv.DictReader((tmp_path / "stopped" / "log.csv").read_text().splitlines()))
    assert [row["update"] for row in log] == ["2", "4"]
    assert {"distance", "penalty", "expression_made", "cycle", "mask_whole", "mask_mouth"} <= set(log[0])


def test_a_run_of_fewer_updates_is_the_beginning_of_the_whole_one(tmp_path, often):
    training(tmp_path / "whole").run()
    short = training(tmp_path / "short")
    short.run(stop=3)
    assert short.update == 3 and (tmp_path / "short" / "best.pt").exists()
    later = training(tmp_path / "short")
    later.run(stop=2)  # which are made already
    assert later.update == 3
    later.run()
    whole, other = (
        torch.load(tmp_path / name / "checkpoint.pt", weights_only=True)["averaged"]
        for name in ("whole", "short")
    )
    assert all(torch.equal(whole[name], other[name]) for name in whole)


def test_both_sides_learn_and_the_kept_weights_are_averaged(tmp_path, often):
    run = training(tmp_path)
    before = [
        {name: weight.clone() for name, weight in side.state_dict().items()}
        for side in (run.generator, run.critics)
    ]
    run.run()
    for old, side in zip(before, (run.generator, run.critics), strict=True):
        assert all(not torch.equal(old[name], weight) for name, weight in side.named_parameters())
    kept = torch.load(tmp_path / "best.pt", weights_only=True)
    weights = run.averaged.state_dict()
    assert all(torch.equal(kept["weights"][name], weight) for name, weight in weights.items())
    assert kept["row"]["update"] == 4


def test_critics_have_a_rate_of_their_own(tmp_path, often):
    data = {**DATA, "critic_rate": 4e-3}
    training(tmp_path, dataclasses.replace(RECIPE, updates=2, data=data)).run()
    saved = torch.load(tmp_path / "checkpoint.pt", weights_only=True)
    rates = [state["param_groups"][0]["lr"] for state in saved["optimizers"]]
    assert rates == pytest.approx([1e-3, 4e-3])  # flat up to half of the updates


def test_the_grid_shows_each_face_with_each_expression_above_its_masks(tmp_path, often):
    run = training(tmp_path)
    run.run()
    assert [path.name for path in sorted((tmp_path / "grids").iterdir())] == ["000002.png", "000004.png"]
    sheet = cv2.imread(str(tmp_path / "grids" / "000004.png"))
    assert sheet.shape == (2 * 8 * 2 * 48, 2 * 9 * 48, 3)
    made, masks = every(run.averaged, shown(clear(made_up(16)))[:2])
    assert made.shape == (2, 8, 1, 48, 48) and masks.shape == (2, 8, 1, 48, 48)


def test_another_recipe_does_not_resume_the_old_run(tmp_path, often):
    training(tmp_path).run()
    with pytest.raises(RecipeError, match="remove it"):
        training(tmp_path, dataclasses.replace(RECIPE, rate=1e-4))


def test_the_rate_is_flat_and_then_falls_in_a_straight_line():
    recipe = dataclasses.replace(RECIPE, updates=200_000, rate=1e-4)
    rates = [rate_at(recipe, update) for update in (0, 99_999, 100_000, 150_000, 200_000)]
    assert rates == pytest.approx([1e-4, 1e-4, 1e-4, 5e-5, 0])


def test_levels_of_a_picture_go_through_the_networks_and_back():
    pictures = np.arange(256, dtype=np.uint8).reshape(1, 1, 16, 16)
    assert signed(pictures).min() == -1 and signed(pictures).max() == 1
    assert np.array_equal(levels(signed(pictures)), pictures)


def test_rare_expressions_come_more_often():
    labels = np.array([0] * 16 + [1] * 4)
    assert chances(labels, 0.0) == pytest.approx(np.full(20, 1 / 20))
    assert chances(labels, 1.0)[:16].sum() == pytest.approx(0.5)
    assert chances(labels, 0.5)[16:].sum() == pytest.approx(1 / 3)


def test_only_faces_that_were_found_and_that_half_of_the_votes_agree_on_are_learnt():
    faces = made_up(8)
    faces.found[0] = False
    faces.votes[1] = 0.125
    assert clear(faces).labels.tolist() == [2, 3, 4, 5, 6, 7]


def test_portraits_are_mirrored_and_nothing_else():
    pictures = np.arange(2 * 3 * 4 * 4, dtype=np.uint8).reshape(2, 3, 4, 4)
    portraits = Portraits(pictures, np.array([0, 1]))
    rows = np.array([1] * 40)
    drawn = portraits.drawn(rows, np.random.default_rng(0))
    mirrored = (drawn == pictures[1, :, :, ::-1]).all((1, 2, 3))
    assert ((drawn == pictures[1]).all((1, 2, 3)) ^ mirrored).all() and 8 < mirrored.sum() < 32
    assert np.array_equal(portraits.still(rows), pictures[rows])


def test_a_drawn_face_is_moved_a_little():
    source = clear(made_up(8))
    rows = np.zeros(20, np.int64)
    drawn, still = source.drawn(rows, np.random.default_rng(0)), source.still(rows)
    assert drawn.shape == still.shape == (20, 1, 48, 48)
    nearer = np.minimum(*(np.abs(d.astype(float) - still).mean((1, 2, 3)) for d in (drawn, drawn[..., ::-1])))
    assert (nearer > 0).all() and (nearer < 25).all()


def test_an_unknown_set_and_a_command_for_one_network_are_one_sentence():
    with pytest.raises(RecipeError, match="names the data set snow; choose one of fer, rafd, net_7876"):
        load(dataclasses.replace(RECIPE, data={"set": "snow"}), False)
    with pytest.raises(RecipeError, match="pictures of rafd have another number of channels"):
        load(dataclasses.replace(RECIPE, data={"set": "rafd"}), False)
    with pytest.raises(RecipeError, match="of the task synthesis, which this command does not know"):
        build(RECIPE)


@pytest.mark.parametrize("name", ["lgp_gan_colour", "lgp_gan_published"])
def test_recipes_in_colour_make_some_updates_with_narrow_networks(name, tmp_path, often):
    recipe = read_recipe(Path(name))
    narrow = {**recipe.net, "base": 2, "local": 1, "whole": 1, "critic": 2}
    data = {**recipe.data, "critic_steps": 1}
    source, _ = load(recipe, smoke=True)
    tiny = dataclasses.replace(recipe, net=narrow, data=data, updates=2, batch=2)
    run = Training(tiny, source, shown(source), tmp_path, CPU)
    run.run()
    assert run.update == 2 and (tmp_path / "best.pt").exists()
    size = recipe.net["size"]
    sheet = cv2.imread(str(tmp_path / "grids" / "000002.png"))
    assert sheet.shape == (2 * 8 * 2 * size, 2 * 9 * size, 3)
    onnx.export(tiny, tmp_path, tmp_path, "tiny")
    known = card.read(tmp_path / "tiny.toml")
    assert known["input"] == {"name": "crop", "channels": 3, "size": size}
    assert known["training"]["data"].startswith(("net_7876-train", "RaFD"))


def test_faces_are_counted_by_expression():
    said = counted(Portraits(np.zeros((1200, 1, 2, 2), np.uint8), np.repeat([1, 7], [1100, 100])))
    assert said.startswith("1,200 faces to learn from: 0 neutral, 1,100 happy, 0 sad")
    assert said.endswith("100 contempt")


def test_noise_begins_when_the_recipe_says(tmp_path, often, monkeypatch):
    noisy = []
    monkeypatch.setattr(loop, "disturbed", lambda pictures, noise: noisy.append(noise) or list(pictures))
    run = training(tmp_path, dataclasses.replace(RECIPE, data={**DATA, "noise": 0.3, "noise_after": 1}))
    run.step()
    assert noisy == []
    run.step()
    assert noisy == [0.3] * (DATA["critic_steps"] + 1)  # of each step of the critics, and of the generator


def test_disturbed_pictures_have_noise_of_many_strengths_and_move_by_a_pixel_at_most():
    torch.manual_seed(0)
    flat, ramp = torch.zeros(2000, 1, 8, 8), torch.arange(48.0).reshape(1, 1, 1, 48).repeat(1, 1, 48, 1)
    (noisy, _), seen = disturbed([flat, ramp], 0.3), set()
    spread = noisy.std((1, 2, 3))
    assert spread.mean().item() == pytest.approx(0.15, abs=0.01)
    assert spread.min() < 0.01 and 0.28 < spread.max() < 0.45
    for _ in range(40):
        (moved,) = disturbed([ramp], 0.0)
        (step,) = (moved - ramp)[0, 0, 0, 1:-1].unique().tolist()
        seen.add(step)
    assert seen == {-1, 0, 1}
