"""Earlier runs as teachers: what they say, the loss against it, and recipes that name them wrongly."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed; install the extra [export]")

from app.stages.models import load  # noqa: E402
from export import to_onnx, train  # noqa: E402
from export.affect import teachers  # noqa: E402
from export.affect.networks import network, standardised  # noqa: E402
from export.affect.teachers import Teachers, divergence, hired  # noqa: E402
from export.training import task  # noqa: E402
from export.training.task import RecipeError, read_recipe  # noqa: E402

RECIPE = read_recipe(Path("affect"))
SMALL = """\
task = "affect"
epochs = 1
batch = 8
rate = 1e-3

[net]
name = "light_cnn"
widths = [8, 8]
convolutions = [1, 1]

[loss.votes]
"""


@pytest.fixture
def small(tmp_path: Path, monkeypatch) -> Path:
    """The recipe of a small network, trained into runs/smoke-small."""
    monkeypatch.setattr(task, "RUNS", tmp_path)
    path = tmp_path / "recipes" / "small.toml"
    path.parent.mkdir()
    path.write_text(SMALL)
    assert train.main([str(path), "--smoke"]) == 0
    return path


def test_divergence_is_the_softened_kl_and_nothing_where_both_agree():
    taught = torch.tensor([[2.0, 0.0]])
    assert divergence(taught + 3, taught, 2.0).item() == pytest.approx(0, abs=1e-6)
    p = 1 / (1 + math.exp(-1))  # softmax of (2, 0) at temperature 2
    by_hand = 4 * (p * math.log(p / 0.5) + (1 - p) * math.log((1 - p) / 0.5))
    logits = torch.zeros(1, 2, requires_grad=True)
    loss = divergence(logits, taught, 2.0)
    loss.backward()
    assert loss.item() == pytest.approx(by_hand, rel=1e-5)
    assert logits.grad[0, 0].item() == pytest.approx(2 * (0.5 - p), rel=1e-5)  # T^2 (1 / T)


def test_teachers_say_the_mean_of_their_answers_to_a_crop_and_its_mirror_image():
    torch.manual_seed(0)
    recipe = dataclasses.replace(RECIPE, net={"name": "light_cnn", "widths": (8, 8), "convolutions": (1, 1)})
    pair = [network(recipe).eval() for _ in range(2)]
    crops = standardised(torch.rand(3, 1, 48, 48) * 255)
    both = Teachers(pair)
    with torch.no_grad():
        by_hand = sum(net(view).logits for net in pair for view in (crops, crops.flip(3))) / 4
    assert both(crops).allclose(by_hand, atol=1e-4)
    assert both(crops.flip(3)).allclose(both(crops), atol=1e-4)
    with torch.no_grad():
        plain = sum(net(crops).logits for net in pair) / 2
    assert Teachers(pair, mirror=False)(crops).allclose(plain, atol=1e-4)
    assert not any(net.training or p.requires_grad for net in pair for p in net.parameters())


def test_a_pupil_learns_from_the_best_weights_of_an_earlier_run(small, tmp_path, monkeypatch):
    monkeypatch.setattr(teachers, "RUNS", tmp_path)
    (found,) = hired(dataclasses.replace(RECIPE, teacher={"recipes": ["smoke-small"]})).networks
    best = torch.load(tmp_path / "smoke-small" / "best.pt", weights_only=True)["weights"]
    assert torch.equal(found.net.heads.expression.weight, best["net.heads.expression.weight"])
    pupil = small.with_name("pupil.toml")
    pupil.write_text(f'{SMALL}\n[teacher]\nrecipes = ["{small}", "{small}"]\n')
    assert train.main([str(pupil), "--smoke"]) == 0
    assert "taught" in (tmp_path / "smoke-pupil" / "log.csv").read_text()


def test_an_exported_teacher_answers_as_its_file_does(small, tmp_path, monkeypatch):
    assert to_onnx.main([str(small), "--smoke"]) == 0
    held = tmp_path / "smoke-small" / "small.toml"
    monkeypatch.setattr(teachers, "MODELS", held.parent)
    recipe = dataclasses.replace(RECIPE, teacher={"recipes": ["small"], "exported": True, "mirror": False})
    crops = torch.from_numpy(np.random.default_rng(0).integers(0, 256, (3, 1, 48, 48), np.uint8))
    (found,) = hired(recipe).networks
    probs, va, *_ = load(held).run(crops.numpy())
    assert np.allclose(torch.softmax(hired(recipe)(crops.float()), 1), probs, atol=1e-6)
    assert np.array_equal(found(crops.float()).va, va)
    monkeypatch.setattr(teachers, "MODELS", tmp_path)
    monkeypatch.setattr(teachers, "RUNS", tmp_path)
    with pytest.raises(RecipeError, match=r"small is not exported; run python -m export\.to_onnx small"):
        hired(recipe)
    held.parent.rename(tmp_path / "small")  # where a comparison has put it
    assert torch.equal(hired(recipe)(crops.float()), Teachers([found], mirror=False)(crops.float()))


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (
            {"recipes": ["affect"]},
            r"The teacher affect is not trained yet; run python -m export\.train affect",
        ),
        ({"temperature": 3.0}, r"affect, table \[teacher\]: name at least one"),
        ({"recipes": ["affect"], "heat": 3.0}, r"affect, table \[teacher\]: .*heat.*correct the option"),
    ],
)
def test_a_wrong_table_of_teachers_is_refused(table, says, tmp_path, monkeypatch):
    monkeypatch.setattr(teachers, "RUNS", tmp_path)
    with pytest.raises(RecipeError, match=says):
        hired(dataclasses.replace(RECIPE, teacher=table), smoke="heat" in table)
