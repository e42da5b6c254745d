"""Boxes are read from a network's outputs, exactly."""

import numpy as np
import pytest

from app.stages.faces import boxes
from app.stages.faces.boxes import concatenate, decode

ANCHORS = np.array([[4, 4], [12, 4], [20, 4]], np.float32)


def raw(*rows: list[float]) -> np.ndarray:
    """Middle and size of each box, with six key points at 1, 2 ... pixels right of and below the anchor."""
    points = np.repeat(np.arange(1, 7), 2).tolist()
    return np.array([[*row, *points] for row in rows], np.float32)


def test_middle_and_points_are_counted_from_the_anchor():
    found = decode(raw([1, 2, 6, 8], [0, 0, 1, 1], [-1, -2, 2, 4]), np.float32([3, -3, 0.5]), ANCHORS, 0.5)
    assert found.corners.tolist() == [[2, 2, 8, 10], [18, 0, 20, 4]]
    assert found.points[:, 0].tolist() == [[5, 5], [21, 5]] and found.points[1, 5].tolist() == [26, 10]
    assert found.scores.tolist() == [3, 0.5]
    assert found.corners.dtype == found.points.dtype == np.float32


def test_a_box_of_negative_size_is_none():
    found = decode(raw([0, 0, -1, 5], [0, 0, 5, -1], [0, 0, 5, 0]), np.float32([1, 1, 1]), ANCHORS, 0.0)
    assert found.corners.tolist() == [[17.5, 4, 22.5, 4]]


def test_nothing_is_nothing():
    found = decode(raw([0, 0, 1, 1]), np.float32([-1]), ANCHORS[:1], 0.0)
    assert len(found) == 0 and found.points.shape == boxes.NONE.points.shape == (0, 6, 2)
    assert len(concatenate(boxes.NONE, found)) == 0


def test_parts_and_joins_keep_order():
    found = decode(raw([0, 0, 1, 1], [0, 0, 2, 2], [0, 0, 3, 3]), np.float32([1, 2, 3]), ANCHORS, 0.0)
    both = concatenate(found.part(np.array([2, 0])), found.part(found.scores == 2))
    assert both.scores.tolist() == [3, 1, 2]
    assert both.corners[:, 2] - both.corners[:, 0] == pytest.approx([3, 1, 2])
