"""Boxes and regions at the edge: turned to the pixel, and one face or two at exactly the limit."""

import numpy as np
import pytest

from app.stages.faces import boxes, region, thresholds
from app.stages.faces.boxes import Boxes, decode, turned
from app.stages.faces.overlap import iou, unmatched
from app.stages.faces.region import Regions, around_boxes
from app.stages.faces.suppress import averaged, best, probability


def made(corners, scores=None):
    ends = np.array(corners, np.float32)
    points = np.repeat(ends[:, None, :2], 6, axis=1)
    return Boxes(ends, points, np.float32(scores if scores is not None else range(len(ends), 0, -1)))


@pytest.mark.parametrize(
    ("turns", "corners", "point"),
    [
        (0, [1, 2, 4, 8], [1, 2]), (1, [1, 1, 7, 4], [7, 1]), (2, [5, 1, 8, 7], [8, 7]),
        (3, [2, 5, 8, 8], [2, 8]), (4, [1, 2, 4, 8], [1, 2]), (5, [1, 1, 7, 4], [7, 1]),
    ],
)  # fmt: skip
def test_what_was_seen_in_a_turned_square_is_turned_back(turns, corners, point):
    found = turned(made([[1, 2, 4, 8], [0, 0, 9, 9]]), turns, 10)
    assert found.corners.tolist() == [corners, [0, 0, 9, 9]]
    assert found.points[0].tolist() == [point] * 6 and found.scores.tolist() == [2, 1]


def test_turning_back_undoes_a_turn_of_the_picture():
    image = np.zeros((10, 10))
    image[2:4, 5:9] = 1
    for turns in range(4):
        rows, columns = np.nonzero(np.rot90(image, turns))
        seen = made([[columns.min(), rows.min(), columns.max(), rows.max()]])
        assert turned(seen, turns, 10).corners.tolist() == [[5, 2, 8, 3]]


def test_a_score_at_the_limit_is_enough():
    raw = np.zeros((3, 16), np.float32)
    found = decode(raw, np.float32([0.5, 0.4375, 0.5625]), np.zeros((3, 2), np.float32), 0.5)
    assert found.scores.tolist() == [0.5, 0.5625]


def test_the_parts_of_nothing():
    for nothing in (boxes.NONE, region.NONE):
        assert len(nothing) == len(nothing.part(slice(0, 3))) == 0
    assert boxes.NONE.corners.shape == (0, 4) and boxes.NONE.points.shape == (0, 6, 2)
    assert region.NONE.middles.shape == region.NONE.across.shape == (0, 2)
    assert (boxes.KEY_POINTS, boxes.RIGHT_EYE, boxes.LEFT_EYE) == (6, 0, 1)
    assert len(region.around_faces([])) == 0 and len(region.concatenate()) == 0


def test_boxes_that_only_touch_or_lie_apart_in_both_directions_do_not_overlap():
    one = np.float32([[0, 0, 2, 2]])
    others = np.float32(
        [[2, 0, 4, 2], [2, 2, 4, 4], [3, 3, 5, 5], [-5, -5, -3, -3], [0, 0, 1, 1], [0.5, 0, 0.5, 9]]
    )
    assert iou(one, others)[0].tolist() == [0, 0, 0, 0, 0.25, 0]


def test_boxes_smaller_than_a_pixel_overlap_too_wherever_they_lie():
    small = np.float32([[4, 7, 4.5, 7.5], [4, 7, 4.5, 7.25]])
    assert iou(small, small).tolist() == [[1, 0.5], [0.5, 1]]


def test_two_boxes_are_one_face_above_the_limit_not_at_it(monkeypatch):
    assert thresholds.SAME_FACE == 0.3
    for module in ("overlap", "suppress"):
        monkeypatch.setattr(f"app.stages.faces.{module}.SAME_FACE", 0.25)  # a binary fraction
    for side, one in ((1.0, False), (1.0625, True)):  # of 4 x 1
        two = made([[0, 0, 4, 1], [0, 0, side, 1]])
        assert unmatched(two.corners[:1], two.corners[1:]).tolist() == [not one]
        assert len(averaged(two)) == len(best(two, 5)) == (1 if one else 2)


def test_weights_are_probabilities_up_to_the_last():
    found = averaged(made([[0, 0, 10, 10], [2, 0, 12, 10], [1, 1, 11, 11]], [np.log(3), 0.0, -np.log(3)]))
    assert found.corners[0] == pytest.approx(np.average([[0, 0, 10, 10], [2, 0, 12, 10], [1, 1, 11, 11]],
                                                        axis=0, weights=[0.75, 0.5, 0.25]))  # fmt: skip
    assert found.corners.dtype == found.points.dtype == np.float32
    assert probability(np.float32([79.0, -79.0])) == pytest.approx([1, np.exp(-79.0)], rel=1e-3, abs=0)
    with np.errstate(all="raise"):
        assert probability(np.float32([1000, -1000])) == pytest.approx([1, np.exp(-80.0)], rel=1e-3, abs=0)


def test_of_boxes_one_after_the_other_each_is_compared_with_those_that_are_kept():
    row = made([[0, 0, 10, 10], [4, 0, 14, 10], [8, 0, 18, 10], [12, 0, 22, 10], [30, 0, 40, 10]])
    assert best(row, 9).corners[:, 0].tolist() == [0, 8, 30]
    assert best(row, 2).corners[:, 0].tolist() == [0, 8]
    assert averaged(row).scores.tolist() == [5, 3, 1]


def test_a_square_is_as_large_as_the_longer_side_of_a_box_in_either_direction():
    wide = made([[0, 10, 40, 20], [0, 10, 10, 50]])
    wide.points[:, 1] = wide.points[:, 0] + np.float32([3, 0])
    found = around_boxes(wide)
    assert found.sides.tolist() == [60, 60] and found.middles.tolist() == [[20, 15], [5, 30]]
    assert found.across.tolist() == [[1, 0], [1, 0]]


def test_the_same_squares_of_parts_in_their_order():
    one = Regions(np.array([[1.0, 2.0]]), np.array([3.0]), np.array([[0.6, 0.8]]))
    assert region.concatenate(region.NONE, one) is one
    both = region.concatenate(one, region.NONE, one)
    assert both.middles.tolist() == [[1, 2]] * 2 and both.across.tolist() == [[0.6, 0.8]] * 2
    assert one.upright.tolist() == [[-0.5, 0.5, 2.5, 3.5]]
    moved = one.moved(0.5)
    assert moved.middles == pytest.approx(np.array([[1.9, 3.2]])) and moved.sides.tolist() == [3]
    half = Regions(np.zeros((2, 2)), np.ones(2), np.array([[0.5, 0.75**0.5], [0.4375, 0.9]]))
    assert half.lying.tolist() == [False, True]  # at 60 degrees not yet
