"""The whole stage on finders that see what they are told: who is followed, who is new, who is the same."""

from types import SimpleNamespace

import numpy as np
import pytest

from app.stages.faces.boxes import Boxes
from app.stages.faces.detector import OnnxDetector
from app.stages.faces.find_boxes import BoxFinder
from app.stages.faces.find_landmarks import TOO_FAR_RIGHT
from app.stages.models import ModelError, load
from tests.conftest import ROOT

IMAGE = np.zeros((400, 800, 3), np.uint8)
FACE = np.random.default_rng(3).uniform(-0.5, 0.5, (478, 3)).astype(np.float32)  # within a square of side 1
FACE[[362, 385, 387, 263, 373, 380], 0] += 0.3


class Finds:
    """A finder of boxes, 100 pixels wide around these places, best first; `asked` counts."""

    def __init__(self, *places: float) -> None:
        self.places, self.asked = places, 0

    def find(self, image):
        self.asked += 1
        corners = np.array([[x - 50, 150, x + 50, 250] for x in self.places], np.float32).reshape(-1, 4)
        points = np.zeros((len(corners), 6, 2), np.float32)
        points[:, 1, 0] = 1
        return Boxes(corners, points, np.arange(len(corners), 0, -1, dtype=np.float32))


class Landmarks:
    """A finder of landmarks that sees a face in each region but those around `nobody`."""

    too_far_right = TOO_FAR_RIGHT / 192

    def __init__(self, *nobody: float) -> None:
        self.nobody, self.seen = nobody, []

    def find(self, image, regions):
        self.seen.append([round(x) for x in regions.middles[:, 0].tolist()])
        held = [m for m in regions.middles.tolist() if all(abs(m[0] - x) > 20 for x in self.nobody)]
        return np.array([FACE * 100 + [*m, 0] for m in held], np.float32).reshape(-1, 478, 3)


def made(far: Finds, near: Finds, landmarks: Landmarks, faces: int = 4, *, still: bool = False):
    return OnnxDetector(far, near, landmarks, faces, still=still)


def test_a_face_that_both_detectors_see_is_one():
    landmarks = Landmarks()
    assert len(made(Finds(200, 600), Finds(205), landmarks).detect(IMAGE)) == 2
    assert landmarks.seen == [[200, 600]]


def test_known_faces_are_followed_without_the_detectors():
    far, near, landmarks = Finds(), Finds(200), Landmarks()
    detector = made(far, near, landmarks)
    assert [len(detector.detect(IMAGE)) for _ in range(4)] == [1] * 4
    assert (far.asked, near.asked) == (1, 1)
    assert [len(seen) for seen in landmarks.seen] == [1] * 4


def test_a_search_adds_who_is_new():
    far, near, landmarks = Finds(600, 210), Finds(200), Landmarks()
    detector = made(far, near, landmarks)
    far.places = ()
    detector.detect(IMAGE)
    far.places = (600, 210)
    for _ in range(5):
        found = detector.detect(IMAGE)
    assert far.asked == 2 and len(landmarks.seen[-1]) == 2
    assert abs(landmarks.seen[-1][0] - 200) < 60 and landmarks.seen[-1][1] == 600
    assert len(found) == 2 and found[0].box[0] > found[1].box[0]


def test_who_is_not_there_any_more_is_searched_for_at_once():
    far, near, landmarks = Finds(), Finds(200), Landmarks()
    detector = made(far, near, landmarks)
    detector.detect(IMAGE)
    landmarks.nobody = (200,)
    assert detector.detect(IMAGE) == () and near.asked == 1
    detector.detect(IMAGE)
    assert (far.asked, near.asked) == (2, 2)


def test_no_more_than_asked_for_and_the_known_stay():
    far, near, landmarks = Finds(), Finds(200, 400, 600), Landmarks()
    detector = made(far, near, landmarks, 2)
    first = detector.detect(IMAGE)
    assert [face.box[0] > 300 for face in first] == [True, False]  # the surer one is the last
    assert [len(detector.detect(IMAGE)) for _ in range(12)] == [2] * 12
    assert (far.asked, near.asked) == (1, 1)


def test_unrelated_pictures_know_nobody_from_before():
    far, near, landmarks = Finds(), Finds(200), Landmarks()
    detector = made(far, near, landmarks, still=True)
    detector.detect(IMAGE)
    near.places = ()
    assert detector.detect(IMAGE) == ()
    assert (far.asked, near.asked) == (2, 2) and len(landmarks.seen) == 1


def test_a_network_for_something_else_is_refused(models):
    (models / "landmarks.toml").write_text((models / "faces_far.toml").read_text())
    with pytest.raises(ModelError, match=r"landmarks\.toml .*a network for face-landmarks is needed here"):
        OnnxDetector.load(models)


def test_a_truncated_network_is_refused(models):
    whole = (models / "faces_near.onnx").read_bytes()
    (models / "faces_near.onnx").write_bytes(whole[:-100])
    with pytest.raises(ModelError, match=r"faces_near\.onnx is damaged or another .*install Mien again"):
        OnnxDetector.load(models)


def test_a_detector_with_other_anchors_is_refused():
    model = SimpleNamespace(
        card=load(ROOT / "models" / "faces_near.toml").card,
        run=lambda batch: (np.zeros((1, 5, 16), np.float32), np.zeros((1, 5), np.float32)),
    )
    with pytest.raises(ModelError, match="another detector"):
        BoxFinder(model, [(8, 2)], 0.5).find(IMAGE)
