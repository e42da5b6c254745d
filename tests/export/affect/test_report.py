"""The card's figures on faces whose answers are known, and the changes that faces are put through."""

from __future__ import annotations

from itertools import chain, repeat
from types import SimpleNamespace

import numpy as np
import pytest

from app.stages.align import CropShape
from app.types import EXPRESSIONS
from export.affect import report
from export.data.changes import CHANGES, lit, mirrored, nearer, turned
from export.data.faces import Faces, made_up

SHAPE = CropShape(48, 18.0, 17.0)


def model(answers: np.ndarray, va: np.ndarray) -> SimpleNamespace:
    """Gives the n-th answer to the n-th face it is shown."""
    shown = [0]

    def run(batch):
        assert batch.dtype == np.uint8 and batch.shape[1:] == (1, 48, 48)
        rows = np.arange(shown[0], shown[0] + len(batch)) % len(answers)
        shown[0] += len(batch)
        return (
            np.zeros((len(batch), 3, 6, 6), np.float32),
            va[rows],
            np.eye(8, dtype=np.float32)[answers[rows]],
        )

    card = SimpleNamespace(crop=SHAPE, outputs=("features", "va", "probs"))
    return SimpleNamespace(card=card, run=run)


@pytest.fixture
def faces() -> Faces:
    return made_up(96)


def test_a_perfect_reader_gets_full_marks_whatever_the_order_of_its_outputs(faces):
    seven, agreed = faces.take(faces.labels != 7), np.ones(96, bool)
    table, probs = report.measure(model(faces.labels, faces.va), faces, agreed, seven)
    assert probs.shape == (96, 8)
    assert table["accuracy"] == table["mean_recall"] == 100
    assert table["calibration_error"] == 0
    assert table["valence"]["ccc"] == pytest.approx(1) and table["arousal"]["rmse"] == pytest.approx(0)
    assert table["confusion"]["fear"] == [0, 0, 0, 0, 12, 0, 0, 0]
    assert set(table["accuracy_when"]) == set(CHANGES)


def test_one_who_always_says_happy_is_right_on_happy_only(faces):
    always = np.full(96, EXPRESSIONS.index("happy"))
    probs, _ = report.read(model(always, faces.va), faces, "happy")
    table = report.expression(probs, faces)
    assert table["accuracy"] == table["mean_recall"] == pytest.approx(12.5)
    assert table["recall"]["happy"] == 100 and table["recall"]["sad"] == 0


def test_repeated_pictures_do_not_count(faces):
    wrong = faces.labels.copy()
    wrong[:48] = (wrong[:48] + 1) % 8
    private = Faces(
        faces.images, faces.eyes, faces.found, faces.votes, faces.labels, faces.va, np.arange(96) < 48
    )
    agreed = np.arange(96) % 4 == 0
    table, probs = report.measure(model(wrong, faces.va), private, agreed, faces.take(faces.labels != 7))
    assert (table["faces"], table["accuracy"], len(probs)) == (48, 100, 48)
    agreeing = table["where_more_than_half_agree"]
    assert (agreeing["faces"], agreeing["accuracy"]) == (12, 100)
    assert (table["with_repeated_pictures"]["faces"], table["with_repeated_pictures"]["accuracy"]) == (96, 50)


def test_expressions_that_a_set_does_not_have_are_no_answers(faces):
    answers = np.full(96, EXPRESSIONS.index("contempt"))
    run = model(answers, faces.va).run
    unsure = SimpleNamespace(
        card=SimpleNamespace(crop=SHAPE, outputs=("features", "va", "probs")),
        run=lambda batch: (*run(batch)[:2], np.tile([0.3, 0, 0, 0, 0, 0, 0, 0.7], (len(batch), 1))),
    )
    seven = faces.take(faces.labels != 7)
    table = report.other(unsure, seven)
    assert table["recall"]["neutral"] == 100 and table["faces"] == 84
    assert report.other(unsure, faces)["recall"]["contempt"] == 100


def test_seven_classes_leave_contempt_out(faces):
    probs = np.zeros((1, 8), np.float32)
    probs[0, [7, 6]] = 0.9, 0.1  # mostly contempt, else anger
    old = faces.take(np.array([6]))
    assert report.seven_classes(probs, old) == 100


@pytest.mark.parametrize("change", [nearer(60), nearer(9), turned(30), turned(-30), lit(0.5)])
def test_a_change_takes_the_eyes_along(change):
    image = np.full((48, 48), 200, np.uint8)
    eyes = np.array([[32.0, 20.0], [14.0, 18.0]])
    image[17:20, 13:16] = 0  # a dark spot on the right eye
    other, moved = change(image, eyes)
    dark = np.argwhere(other < 0.4 * other.max())
    assert dark.mean(0)[::-1] == pytest.approx(moved[1], abs=1.0)


def test_a_mirror_swaps_the_eyes():
    image = np.full((48, 40), 200, np.uint8)
    image[17:20, 13:16] = 0  # a dark spot on the right eye
    other, eyes = mirrored(image, np.array([[32.0, 20.0], [14.0, 18.0]]))
    assert eyes.tolist() == [[25, 18], [7, 20]]
    assert np.argwhere(other == 0).mean(0).tolist() == [18, 25]


def test_an_unsure_answer_is_put_right_by_a_sure_one_to_the_mirror_image(faces):
    shown = chain([(6, 4), (0, 9)], repeat((5, 5)))
    card = SimpleNamespace(crop=SHAPE, outputs=("probs", "va"))

    def run(batch):  # 60 % sure of anger; of the mirror image, 90 % sure of neutral; then whatever
        other, right = next(shown)
        return np.tile([right, 0, 0, 0, 0, 0, other, 0], (len(batch), 1)) / 10, faces.va[: len(batch)]

    few = faces.take((faces.labels == 0) | (faces.labels == 1))
    reader = SimpleNamespace(card=card, run=run)
    table, _ = report.measure(reader, few, np.ones(len(few), bool), few)
    assert (table["accuracy"], table["with_mirror_image"]) == (0, {"accuracy": 50, "mean_recall": 50})


def test_nearer_sets_the_distance_and_light_scales():
    image, eyes = np.full((48, 48), 200, np.uint8), np.array([[32.0, 20.0], [14.0, 18.0]])
    _, moved = nearer(90)(image, eyes)
    assert np.hypot(*(moved[0] - moved[1])) == pytest.approx(90)
    assert lit(0.5)(image, eyes)[0].max() == 100 and lit(1.5)(image, eyes)[0].max() == 255
