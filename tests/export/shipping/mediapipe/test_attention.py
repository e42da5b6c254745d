"""The operators of the network with attention, against numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("onnx", reason="onnx is not installed; install the extra [export]")

from export.shipping.mediapipe.attention import Sample, boxes, moved, sampled
from export.shipping.mediapipe.graph import Graph
from export.shipping.mediapipe.translation import ConversionError
from tests.export.shipping.mediapipe.made import run

OPTIONS = {
    "left_rotation_idx": 0,
    "right_rotation_idx": 1,
    "subset_idxs": [0, 1, 2],
    "output_width": 8,
    "output_height": 4,
    "scale_x": 2.0,
    "scale_y": 1.0,
}


def matrices_of(points: list[list[float]], *options: dict) -> np.ndarray:
    graph = Graph()
    shown = np.array([points], np.float32)
    return run(graph, {"y": boxes(graph, "x", options)}, x=shown)[0][0]


def test_a_box_holds_its_points():
    """From (10, 20) to (14, 20), with a third point 2 below: 4 x 2, twice as wide, 8 x 4 pixels."""
    (matrix,) = matrices_of([[10, 20], [14, 20], [12, 22]], OPTIONS)
    np.testing.assert_allclose(matrix, [[1, 0], [0, 0.5], [12, 21]], atol=1e-6)


def test_a_box_is_turned_with_its_points():
    """The same a quarter turned: what was to the right is below, what was below is to the left."""
    (matrix,) = matrices_of([[20, 10], [20, 14], [18, 12]], OPTIONS)
    np.testing.assert_allclose(matrix, [[0, 1], [-0.5, 0], [19, 12]], atol=1e-5)


def test_two_boxes():
    other = {**OPTIONS, "left_rotation_idx": 1, "right_rotation_idx": 0}
    one, two = matrices_of([[10, 20], [14, 20], [12, 22]], OPTIONS, other)
    np.testing.assert_allclose(one, [[1, 0], [0, 0.5], [12, 21]], atol=1e-6)
    np.testing.assert_allclose(two, [[-1, 0], [0, -0.5], [12, 21]], atol=1e-5)


@pytest.mark.parametrize("change", [{"scale_x": 1.0}, {"subset_idxs": [0, 1]}])
def test_boxes_of_different_kinds_are_refused(change):
    with pytest.raises(ConversionError, match="Boxes of different kinds"):
        boxes(Graph(), "x", [OPTIONS, {**OPTIONS, **change}])


def sample(matrix: list[list[float]], features: np.ndarray, unit: float = 1.0) -> np.ndarray:
    """One sample of 2 x 2 pixels of one channel of square features."""
    graph = Graph()
    end = sampled(graph, "f", len(features), "m", Sample(1, 2, 2, 1, unit))
    shown = {"f": features[None, None].astype(np.float32), "m": np.array([[matrix]], np.float32)}
    return run(graph, {"y": end}, **shown)[0][0, 0]


RAMP = np.arange(16.0).reshape(4, 4)  # x + 4 y


def test_pixels_are_sampled_at_their_centres():
    """A box of 2 x 2 pixels in the middle of 4 x 4: its pixels are the four in the middle."""
    np.testing.assert_allclose(sample([[1, 0], [0, 1], [2, 2]], RAMP), [[5, 6], [9, 10]])


def test_between_centres_it_is_bilinear():
    """A box of 1 x 1: its pixels are 0.25 beside the middle, which is between the four."""
    np.testing.assert_allclose(sample([[0.5, 0], [0, 0.5], [2, 2]], RAMP), [[6.25, 6.75], [8.25, 8.75]])


def test_a_turned_box():
    np.testing.assert_allclose(sample([[0, 1], [-1, 0], [2, 2]], RAMP), [[6, 10], [5, 9]])


def test_beyond_the_features_their_border_is_repeated():
    np.testing.assert_allclose(sample([[4, 0], [0, 4], [2, 2]], RAMP), [[0, 3], [12, 15]])
    np.testing.assert_allclose(sample([[1, 0], [0, 1], [100, -7]], RAMP), [[3, 3], [3, 3]])


def test_boxes_may_be_in_another_unit_than_the_features():
    np.testing.assert_allclose(sample([[4, 0], [0, 4], [8, 8]], RAMP, 0.25), [[5, 6], [9, 10]])


def test_several_boxes_channels_and_pictures():
    random = np.random.default_rng(0)
    features = random.standard_normal((2, 3, 4, 4)).astype(np.float32)
    matrices = np.array([[1, 0], [0, 1], [2, 2]], np.float32) + np.zeros((2, 2, 3, 2), np.float32)
    matrices[1, 1, 2] = [1, 3]
    graph = Graph()
    end = sampled(graph, "f", 4, "m", Sample(2, 2, 2, 3, 1.0))
    found = run(graph, {"y": end}, f=features, m=matrices)[0]
    assert found.shape == (2, 6, 2, 2)
    np.testing.assert_allclose(found[0], np.tile(features[0, :, 1:3, 1:3], (2, 1, 1)), atol=1e-6)
    np.testing.assert_allclose(found[1, 3:], features[1, :, 2:4, :2], atol=1e-6)


def test_points_are_counted_from_the_middle_and_moved():
    graph = Graph()
    points = np.array([[[[0, 0], [1, 0], [0, 2]]]], np.float32)
    matrices = np.array([[[[0, 3], [-3, 0], [10, 20]]]], np.float32)
    found = run(graph, {"y": moved(graph, "p", "m")}, p=points, m=matrices)[0]
    np.testing.assert_allclose(found[0, 0], [[10, 20], [10, 23], [4, 20]])
