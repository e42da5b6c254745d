"""When two boxes are one face."""

import numpy as np
import pytest

from app.stages.faces.overlap import iou, share_of, unmatched


def test_iou_is_intersection_over_union():
    a = np.float32([[0, 0, 2, 2], [5, 5, 5, 5]])
    b = np.float32([[0, 0, 2, 2], [1, 0, 3, 2], [1, 1, 3, 3], [2, 0, 4, 2], [5, 5, 5, 5]])
    assert iou(a, b)[0] == pytest.approx([1, 1 / 3, 1 / 7, 0, 0])
    assert (iou(a, b)[1] == 0).all()  # boxes without area
    assert iou(a[:0], b).shape == (0, 5)


def test_unmatched_is_what_nothing_overlaps():
    a, b = np.float32([[0, 0, 2, 2], [9, 9, 11, 11]]), np.float32([[0, 1, 2, 3], [0.5, 0, 2.5, 2]])
    assert unmatched(a, b).tolist() == [False, True]
    assert unmatched(a, b[:0]).tolist() == [True, True]


def test_the_share_of_two_boxes_is_their_iou():
    corners = np.random.default_rng(3).uniform(0, 4, (40, 4))
    corners[:, 2:] += corners[:, :2]
    corners[0, 2:] = corners[0, :2]  # a box without area
    shares = [[share_of(one, other) for other in corners.tolist()] for one in corners.tolist()]
    assert np.array(shares) == pytest.approx(iou(corners, corners))
