"""MediaPipe's own graph, as the second detector, and ours beside it on real pictures."""

from __future__ import annotations

import locale
from collections.abc import Iterator
from importlib.util import find_spec

import cv2
import numpy as np
import pytest

from app.stages.detect import Detector
from app.stages.faces.detector import OnnxDetector
from app.stages.tracking.tracker import Tracker
from app.types import Detection, Image
from tests.conftest import ROOT

if find_spec("mediapipe") is None:
    pytest.skip("mediapipe is not installed; install the extra [mediapipe]", allow_module_level=True)

from app.stages import facemesh  # first: the package's own front wants packages that nothing here uses
from app.stages.facemesh import MediaPipeDetector

# isort: split
from mediapipe.framework.formats import landmark_pb2

MEDIAN = 0.002  # of the distance between the eyes, between the landmarks of both


def test_landmarks_are_read_from_their_bytes_exactly():
    points = np.random.default_rng(2).normal(size=(478, 3)).astype(np.float32)
    points[0] = 0  # a zero is written too
    landmarks = [landmark_pb2.NormalizedLandmark(x=x, y=y, z=z) for x, y, z in points.tolist()]
    assert (facemesh.landmarks_of(landmark_pb2.NormalizedLandmarkList(landmark=landmarks)) == points).all()


def test_it_writes_nothing_to_stderr(capfd):
    detector = MediaPipeDetector()
    for _ in range(3):
        detector.detect(np.zeros((90, 120, 3), np.uint8))
    detector.close()
    assert capfd.readouterr().err == ""


def test_its_graph_is_made_with_english_letters(monkeypatch):
    seen, make = [], facemesh.solution_base.SolutionBase
    before = locale.setlocale(locale.LC_CTYPE)

    def make_noting(**options: object) -> object:
        seen.append(locale.setlocale(locale.LC_CTYPE))
        return make(**options)

    monkeypatch.setattr(facemesh.solution_base, "SolutionBase", make_noting)
    MediaPipeDetector().close()
    assert seen == ["C"] and locale.setlocale(locale.LC_CTYPE) == before


def test_without_a_face_there_is_nobody():
    detector = MediaPipeDetector(2)
    assert detector.detect(np.full((120, 160, 3), 90, np.uint8)) == ()
    assert detector.name == "mediapipe" and detector.cards == ()
    detector.close()


def without_tiles(faces: int, *, still: bool = False) -> OnnxDetector:
    """Ours, as far as MediaPipe's graph goes, which sees whole pictures only."""
    return OnnxDetector.load(ROOT / "models", faces, still=still, tiled=False)


def apart(ours: tuple[Detection, ...], theirs: tuple[Detection, ...]) -> Iterator[float]:
    """How far apart the landmarks of each face are in both: the median, in eye distances."""
    assert len(ours) == len(theirs)
    for face in theirs:
        distance = np.hypot(*(face.eyes[0] - face.eyes[1]))
        nearest = min(ours, key=lambda other: np.abs(other.eyes - face.eyes).max())
        assert np.abs(nearest.eyes - face.eyes).max() < 0.25 * distance
        yield float(np.median(np.hypot(*(nearest.landmarks - face.landmarks)[:, :2].T)) / distance)


def compare(pictures: Iterator[Image], ours: Detector, theirs: Detector) -> float:
    """The median over the faces of all pictures. Both must give the same faces the same ids."""
    far, trackers = [], (Tracker(), Tracker())
    for index, image in enumerate(pictures):
        found = [detector.detect(image) for detector in (ours, theirs)]
        far += apart(*found)
        ids = [
            dict(zip(tracker.assign(faces, index / 30), faces, strict=True))
            for tracker, faces in zip(trackers, found, strict=True)
        ]
        assert set(ids[0]) == set(ids[1])
        for id, face in ids[0].items():
            assert np.abs(face.eyes - ids[1][id].eyes).max() < 0.25 * np.hypot(*(face.eyes[0] - face.eyes[1]))
    ours.close()
    theirs.close()
    return float(np.median(far)) if far else 0.0


@pytest.mark.parametrize(
    "clip",
    ["single-face", "two-faces", "three-walking", "crossing", "face-then-none", "nobody"],
)
def test_ours_finds_what_mediapipe_finds(clip_frames, clip):
    pictures = (frame.image for frame in clip_frames(f"{clip}.mp4"))
    assert compare(pictures, without_tiles(4), MediaPipeDetector(4)) <= MEDIAN


def test_and_in_a_single_picture(clips):
    image = cv2.imread(str(clips / "one-face.jpg"))
    ours, theirs = without_tiles(4, still=True), MediaPipeDetector(4, still=True)
    assert compare(iter([image]), ours, theirs) <= MEDIAN


@pytest.mark.parametrize("clip", ["one-face.mp4", "two-people.mp4", "signing-eat.mkv", "face-then-none.mov"])
def test_and_in_clips_of_real_people(frames, clip):
    pictures = (frame.image for frame in frames(clip))
    assert compare(pictures, without_tiles(4), MediaPipeDetector(4)) <= MEDIAN


def test_and_in_a_picture_of_many_people(media):
    image = cv2.imread(str(media / "five-faces.jpg"))
    ours, theirs = without_tiles(5, still=True), MediaPipeDetector(5, still=True)
    assert compare(iter([image]), ours, theirs) <= MEDIAN
