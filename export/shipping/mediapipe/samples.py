"""Real pictures as the networks see them: whole, or around faces and eyes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from app.stages.detectors import load_detector
from app.types import Image, Matrix
from export.data.places import MODELS
from export.shipping.mediapipe.networks import Source

Samples = NDArray[np.uint8]
"""(n, size, size, 3), BGR."""

FRAMES = 8  # of each clip, spread over its length
PICTURES = (".jpg", ".png")
CLIPS = (".mp4", ".mov", ".mkv")
FACE_SIZE = 1.5  # the side of a face's square, in sizes of the box around its landmarks
EYE_SIZE = 2.3  # the side of an eye's square, in lengths of the eye
FACES = 8  # in a picture, at most
TURN = 30.0  # degrees by which faces and eyes are turned at most
EYES = ((33, 133), (362, 263))  # landmarks of the corners of both eyes


def samples(source: Source, folder: Path) -> Samples:
    """What `source` is to be compared on, of all pictures and clips in `folder`.

    The same folder gives the same samples. Raises FileNotFoundError where there is none.
    """
    shape = (source.size, source.size)
    turns = np.random.default_rng(0)
    found = []
    for frame in _frames(folder):
        if source.shows == "picture":
            found.append(cv2.resize(frame, shape, interpolation=cv2.INTER_AREA))
            continue
        for x, y, side in _squares(source, frame):
            turn, scale = turns.uniform(-TURN, TURN), source.size / side
            matrix: Matrix = np.asarray(cv2.getRotationMatrix2D((x, y), turn, scale), np.float64)
            matrix[:, 2] += source.size / 2 - np.array([x, y])
            found.append(cv2.warpAffine(frame, matrix, shape, borderMode=cv2.BORDER_REPLICATE))
    if not found:
        raise FileNotFoundError(f"{folder} has no picture or clip that shows a {source.shows}; name another.")
    return np.array(found, np.uint8)


def _frames(folder: Path) -> Iterator[Image]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.suffix in PICTURES:
            yield np.asarray(cv2.imread(str(path)), np.uint8)
        elif path.suffix in CLIPS:
            video = cv2.VideoCapture(str(path))
            last = max(int(video.get(cv2.CAP_PROP_FRAME_COUNT)) - 1, 0)
            for index in np.unique(np.linspace(0, last, FRAMES).astype(int)):
                video.set(cv2.CAP_PROP_POS_FRAMES, int(index))
                readable, frame = video.read()
                if readable:
                    yield np.asarray(frame, np.uint8)
            video.release()


def _squares(source: Source, frame: Image) -> Iterator[tuple[float, float, float]]:
    """x, y of the middle and the side of a square around each face or eye in a picture."""
    detector = load_detector(MODELS, FACES, still=True, name="mediapipe")  # ours needs what is compared here
    faces = detector.detect(frame)
    detector.close()
    for face in faces:
        points = face.landmarks[:, :2]
        around = [points] if source.shows == "face" else [points[list(corners)] for corners in EYES]
        factor = FACE_SIZE if source.shows == "face" else EYE_SIZE
        for chosen in around:
            low, high = chosen.min(0), chosen.max(0)
            x, y = (low + high) / 2
            yield float(x), float(y), float((high - low).max() * factor)
