"""Regions: squares around a face, turned with the line of its eyes."""

import numpy as np
import pytest

from app.stages.detect import detection_of
from app.stages.faces import region
from app.stages.faces.boxes import Boxes
from app.stages.faces.region import Regions, around_boxes, around_faces


def boxes(corners: list[float], right: list[float], left: list[float]) -> Boxes:
    points = np.zeros((1, 6, 2), np.float32)
    points[0, 0], points[0, 1] = right, left
    return Boxes(np.float32([corners]), points, np.zeros(1, np.float32))


def test_a_region_is_half_as_much_again_as_the_longer_side():
    found = around_boxes(boxes([10, 20, 50, 40], [20, 30], [40, 30]))
    assert found.middles.tolist() == [[30, 30]] and found.sides.tolist() == [60]
    assert found.across.tolist() == [[1, 0]]
    assert found.upright.tolist() == [[0, 0, 60, 60]]


def test_it_is_turned_with_the_eyes():
    found = around_boxes(boxes([0, 0, 10, 10], [2, 2], [5, 6]))
    assert found.across[0] == pytest.approx([0.6, 0.8])
    assert around_boxes(boxes([0, 0, 10, 10], [3, 3], [3, 3])).across.tolist() == [[1, 0]]  # one place: level


def test_landmarks_give_the_region_for_the_next_frame():
    landmarks = np.zeros((478, 3), np.float32)
    landmarks[:, 0], landmarks[:, 1] = np.linspace(10, 30, 478), np.linspace(0, 40, 478)
    landmarks[[33, 263], :2] = [[20, 20], [20, 30]]
    found = around_faces([detection_of(landmarks)])
    assert found.middles.tolist() == [[20, 20]] and found.sides.tolist() == [60]
    assert found.across[0] == pytest.approx([0, 1])


def test_the_middle_of_a_region_is_the_middle_pixel_of_its_crop():
    turned = Regions(np.array([[30.0, 40.0]]), np.array([96.0]), np.array([[0.6, 0.8]]))
    (matrix,) = turned.to_picture(192)
    assert matrix @ [96, 96, 1] == pytest.approx([30, 40])
    assert matrix @ [192, 96, 1] == pytest.approx([30 + 48 * 0.6, 40 + 48 * 0.8])  # to the left eye's side
    assert matrix @ [96, 192, 1] == pytest.approx([30 - 48 * 0.8, 40 + 48 * 0.6])  # down


def test_moving_parting_and_joining():
    two = Regions(np.array([[0.0, 0], [10, 10]]), np.array([10.0, 20]), np.array([[1.0, 0], [0, 1]]))
    assert two.moved(0.5).middles.tolist() == [[5, 0], [10, 20]]
    smaller = two.scaled(0.9)
    assert smaller.sides.tolist() == [9, 18] and smaller.middles.tolist() == two.middles.tolist()
    assert two.part(np.array([False, True])).sides.tolist() == [20]
    assert region.concatenate(two.part(np.array([1])), two).sides.tolist() == [20, 10, 20]
    assert len(region.NONE) == 0 and len(region.concatenate(region.NONE, two)) == 2
    assert region.NONE.to_picture(8).shape == (0, 2, 3) and region.NONE.upright.shape == (0, 4)


def test_a_face_lies_from_60_degrees_on():
    angles = np.radians([0, 59, 61, 180, -59, -61])
    across = np.column_stack([np.cos(angles), np.sin(angles)])
    lying = Regions(np.zeros((6, 2)), np.ones(6), across).lying
    assert lying.tolist() == [False, False, True, True, False, True]


def test_where_takes_each_region_whole_from_one_of_two():
    a = Regions(np.zeros((2, 2)), np.array([1.0, 2]), np.array([[1.0, 0], [1, 0]]))
    b = Regions(np.ones((2, 2)), np.array([3.0, 4]), np.array([[0.0, 1], [0, 1]]))
    mixed = region.where(np.array([True, False]), a, b)
    assert mixed.middles.tolist() == [[0, 0], [1, 1]] and mixed.sides.tolist() == [1, 4]
    assert mixed.across.tolist() == [[1, 0], [0, 1]]


def test_regions_turned_by_one_two_and_three_quarters():
    one = Regions(
        np.array([[5.0, 6.0], [7.0, 8.0]]), np.array([10.0, 20.0]), np.array([[1.0, 0.0], [0.6, 0.8]])
    )
    turned = one.turned()
    assert turned.across.tolist() == [[0, 1], [-0.8, 0.6], [-1, 0], [-0.6, -0.8], [0, -1], [0.8, -0.6]]
    assert turned.middles.tolist() == one.middles.tolist() * 3 and turned.sides.tolist() == [10, 20] * 3
    assert turned.lying.tolist() == [True, True, True, True, True, False] and not one.lying.any()
