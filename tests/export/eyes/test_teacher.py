"""One eye network teaches another: the divergence from its maps, and recipes that name it wrongly."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed; install the extra [export]")

from export.eyes import teacher  # noqa: E402
from export.eyes.task import EyeCentres, made_up_faces  # noqa: E402
from export.eyes.teacher import MapTeacher, divergence, hired  # noqa: E402
from export.nets.small_eye_fcn import SmallEyeFcn  # noqa: E402
from export.training.task import RecipeError, read_recipe  # noqa: E402

RECIPE = replace(read_recipe(Path("eyes_small_first")), epochs=1, batch=4, bf16=False)


def test_a_pupil_that_says_the_same_has_no_divergence_whatever_is_spread_evenly():
    logits = torch.randn(3, 2, 8, 8, generator=torch.Generator().manual_seed(1))
    logits[..., 0, 0] = -80  # so that the map has an empty pixel, as real ones have
    maps = logits.flatten(2).softmax(2).view_as(logits)
    assert divergence(logits, 5 * maps + 0.25) == pytest.approx(torch.zeros(3, 2), abs=1e-5)


def test_divergence_is_that_of_kullback_and_leibler():
    maps = torch.tensor([0.75, 0.25, 0.0, 0.0]).view(1, 1, 2, 2)
    expected = 0.75 * np.log(0.75 / 0.25) + 0.25 * np.log(0.25 / 0.25)
    assert float(divergence(torch.zeros(1, 1, 2, 2), maps)) == pytest.approx(expected, rel=1e-5)


def test_the_loss_has_a_part_that_the_teacher_says():
    task = EyeCentres(RECIPE, made_up_faces(24), smoke=True)
    rng = np.random.default_rng(0)
    batch = task.batch(task.order(rng)[0], rng)
    assert [part.shape for part in batch] == [(4, 1, 96, 96), (4, 2, 2), (4, 2, 96, 96)]
    total, parts = task.loss(task.model, batch)
    assert isinstance(task.model, SmallEyeFcn)
    expected = parts["entropy"] + parts["distance"] + RECIPE.teacher["weight"] * parts["taught"]
    assert total.item() == pytest.approx(expected.item(), rel=1e-5)


def test_with_views_the_crops_of_a_face_are_drawn_once():
    task = EyeCentres(replace(RECIPE, data={**RECIPE.data, "views": 1}), made_up_faces(24), smoke=True)
    rows = task.order(np.random.default_rng(0))[0]
    one, two = (task.batch(rows, np.random.default_rng(seed)) for seed in (1, 2))
    assert all(torch.equal(a, b) for a, b in zip(one, two, strict=True))


def test_what_a_teacher_says_is_kept_in_half_precision():
    said = np.full((2, 2, 4, 4), 0.1, np.float32)
    assert MapTeacher(lambda crops: said).maps(np.zeros((2, 1, 4, 4), np.uint8)).dtype == np.float16


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"name": "nobody"}, "python -m export.to_onnx nobody --to runs/nobody"),
        ({"weight": 1.0}, "no name"),
        ({"name": "made", "wait": 2.0}, "correct the option's name"),
    ],
)
def test_a_recipe_that_names_its_teacher_wrongly_is_refused(table, says, tmp_path, monkeypatch):
    monkeypatch.setattr(teacher, "RUNS", tmp_path)
    with pytest.raises(RecipeError, match=says):
        hired(replace(RECIPE, teacher=table), smoke="wait" in table)


def test_no_table_no_teacher():
    assert hired(read_recipe(Path("eyes_first"))) is None
