"""The bundled clip, and the script's timeline and movement."""

import cv2
import numpy as np
import pytest

from app.system import paths
from export.data.detector import app_detector
from export.synthesis.mean_face import CANVAS, Mesh, strongest, with_ring
from export.synthesis.portrait import LEFT_EYE
from export.synthesis.sample_clip import ORDER, RATE, SECONDS, closed_at, expression_at, moved, shut


@pytest.fixture(scope="module")
def pictures():
    capture = cv2.VideoCapture(str(paths.sample_clip()))
    assert capture.get(cv2.CAP_PROP_FPS) == pytest.approx(RATE)
    read = [capture.read() for _ in range(round(RATE * SECONDS) + 1)]
    return [picture for there, picture in read if there]


def test_the_bundled_clip_is_whole_and_small(pictures):
    assert len(pictures) == RATE * SECONDS
    assert paths.sample_clip().stat().st_size < 3e6


def test_the_detector_finds_one_face_in_the_clip(pictures):
    detector = app_detector(4)
    found = [len(detector.detect(picture)) == 1 for picture in pictures[::4]]
    detector.close()
    assert np.mean(found) >= 0.95


def test_every_expression_is_shown_in_full_once_and_the_ends_are_neutral():
    shown = [expression_at(frame / RATE) for frame in range(round(RATE * SECONDS))]
    assert shown[0][1] == shown[-1][1] == 0
    full = [name for name, level in shown if level == 1]
    assert list(dict.fromkeys(full)) == list(ORDER)
    assert np.abs(np.diff([level for _, level in shown])).max() < 0.1


def test_the_clip_can_loop():
    shape = np.random.default_rng(0).uniform(200, 400, (478, 3))
    np.testing.assert_allclose(moved(shape, 0.0), moved(shape, SECONDS), atol=1e-9)
    assert closed_at(0.0) == closed_at(SECONDS) == 0


def test_a_shut_eye_has_its_upper_lid_on_the_lower():
    turn = np.linspace(0, 2 * np.pi, 16, endpoint=False)
    shape = np.zeros((478, 3))
    shape[list(LEFT_EYE)] = np.column_stack([20 * np.cos(turn) + 100, 8 * np.sin(turn) + 100, 0 * turn])
    half = LEFT_EYE[12]  # the middle of the upper lid
    assert shape[half, 1] == pytest.approx(92)
    assert 106 < shut(shape, 1.0)[half, 1] <= 108
    np.testing.assert_array_equal(shut(shape, 0.0), shape)


def test_the_mesh_moves_a_picture_with_its_points():
    rows, columns = np.mgrid[:12, :12] * 12.0 + 250
    shape = np.zeros((478, 3))
    shape[:, 0], shape[:, 1] = np.resize(columns, 478), np.resize(rows, 478)
    mesh = Mesh(shape, CANVAS.size)
    points = with_ring(shape)[:, :2]
    picture = np.add(*np.mgrid[: CANVAS.size, : CANVAS.size]).astype(np.float32)
    carried = mesh.carry(picture, points, points + np.array([10, 0]))
    np.testing.assert_allclose(carried[270:350, 280:360], picture[270:350, 270:350], atol=0.01)


def test_only_clear_votes_are_taken_the_clearest_first():
    votes = np.zeros((4, 10))
    votes[:, 1], votes[:, 0] = (4, 9, 6, 10), (6, 1, 4, 0)
    assert strongest(votes, column=1, limit=3).tolist() == [3, 1, 2]
    assert strongest(votes, column=1, limit=9).tolist() == [3, 1, 2]
