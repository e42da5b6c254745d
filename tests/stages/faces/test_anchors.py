"""Anchors are where MediaPipe's detectors count from: each cell's middle, row by row."""

import numpy as np

from app.stages.faces.anchors import FAR_GRIDS, NEAR_GRIDS, anchors


def test_places_go_right_then_down_with_their_boxes_together():
    assert anchors(4, [(2, 2)]).tolist() == [[1, 1], [1, 1], [3, 1], [3, 1], [1, 3], [1, 3], [3, 3], [3, 3]]


def test_grids_follow_each_other():
    assert anchors(8, [(4, 1), (8, 2)]).tolist() == [[2, 2], [6, 2], [2, 6], [6, 6], [4, 4], [4, 4]]


def test_as_many_as_the_networks_have_boxes():
    near, far = anchors(128, NEAR_GRIDS), anchors(192, FAR_GRIDS)
    assert near.shape == (896, 2) and far.shape == (2304, 2)
    assert near.dtype == far.dtype == np.float32
    assert near[[0, 1, 2, 511, 512, 895]].tolist() == [[4, 4]] * 2 + [[12, 4], [124, 124], [8, 8], [120, 120]]
