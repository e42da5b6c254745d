"""Of several boxes at one place one remains: their weighted mean, or the best."""

import numpy as np
import pytest

from app.stages.faces import boxes
from app.stages.faces.boxes import Boxes
from app.stages.faces.suppress import averaged, best, probability


def made(*rows: tuple[list[float], float]) -> Boxes:
    """Boxes of corners and score; their key points are the upper left corner, six times."""
    corners = np.array([row for row, _ in rows], np.float32).reshape(-1, 4)
    points = np.repeat(corners[:, None, :2], 6, axis=1)
    return Boxes(corners, points, np.array([score for _, score in rows], np.float32))


def test_boxes_of_one_face_become_their_mean_weighted_by_probability():
    logits = [0.0, np.log(3)]  # 1/2 and 3/4
    found = averaged(made(([0, 0, 10, 10], logits[0]), ([1, 1, 11, 11], logits[1]), ([50, 0, 60, 10], -2.0)))
    assert found.corners[0] == pytest.approx([0.6, 0.6, 10.6, 10.6])
    assert found.points[0, 3] == pytest.approx([0.6, 0.6])
    assert found.scores.tolist() == pytest.approx([np.log(3), -2])
    assert found.corners[1].tolist() == [50, 0, 60, 10]


def test_what_overlaps_only_the_weaker_box_stays():
    chain = made(([0, 0, 10, 10], 2.0), ([4, 0, 14, 10], 1.0), ([8, 0, 18, 10], 0.0))
    found = averaged(chain)
    assert found.scores.tolist() == [2, 0] and found.corners[1].tolist() == [8, 0, 18, 10]
    assert best(chain, 3).scores.tolist() == [2, 0]


def test_a_box_without_area_ends():
    assert averaged(made(([3, 3, 3, 3], 1.0), ([3, 3, 3, 3], 0.5))).scores.tolist() == [1, 0.5]


def test_the_best_come_first_and_there_are_no_more_than_asked_for():
    three = made(([0, 0, 1, 1], -1.0), ([5, 0, 6, 1], 3.0), ([9, 0, 10, 1], 2.0))
    assert best(three, 2).scores.tolist() == [3, 2]
    assert best(three, 0).scores.tolist() == [] == averaged(boxes.NONE).scores.tolist()


def test_equal_scores_keep_their_order():
    found = best(made(([0, 0, 1, 1], 1.0), ([5, 0, 6, 1], 1.0)), 2)
    assert found.corners[:, 0].tolist() == [0, 5]


def test_probability_is_the_logistic_function_and_never_overflows():
    assert probability(np.float32([0, np.log(3), 1e9, -1e9])) == pytest.approx([0.5, 0.75, 1, 0])
