"""Whether one can believe what is measured of a face, and if not, why.

Each limit is where the eye network begins to fail on test pictures that are worsened step by step, unless
its comment says otherwise; `python -m export.limits.quality` prints the table.
"""

from __future__ import annotations

import cv2
import numpy as np

from app.stages.align import CropShape, similarity, warp
from app.types import Detection, Pose

MEANING = {
    "ok": "a face was found and measured",
    "no_face": "no face was in sight; everything that describes one is empty",
    "cut_off": "part of the face lies outside the picture",
    "too_small": "the eyes are less than 12 pixels apart: come nearer",
    "turned_away": "the head is turned more than 35 degrees to a side, or 25 up or down: face the camera",
    "too_dark": "the face is too dark: add light from the front",
    "too_bright": "large parts of the face are white: take light away or turn the lamp",
    "blurred": "the face is out of focus or moves too fast",
    "low_confidence": "an eye could not be told apart, for instance behind a hand or glasses",
    "rate_too_low": "fewer than 10 frames a second came: add light, or choose a smaller picture",
}

SHAPE = CropShape(48, 24.0, 16.0)  # from the brows to the mouth; skin rather than hair and background
OUTSIDE = 0.15  # part of the box; cheeks and chin may leave the picture, but eyes and mouth may not
SMALLEST = 12.0  # pixels between the eyes
# Degrees. Each is the first step of 5 where the eyes that are found to within 5 % of their distance (5,819
# training faces of net_7876) or the expressions that are right (2,869 faces of FER+ PublicTest) are over 10
# points fewer than in faces of the same expression that look ahead, or lower with a reason. Down that is 25
# (the expressions lose 23). Aside it would be 40 (the eyes lose 23, the expressions 14), but the eyes lose 10
# from 35 on already. Up it would be 35, where too few faces are left to tell; an earlier expression network
# lost 11 from 25 on, this one 6, and some 30 faces a step cannot tell the two apart.
# `python -m export.limits.quality FOLDER --turned` prints the table.
ASIDE, UP, DOWN = 35.0, 25.0, 25.0
DARKEST = 10.0  # mean grey, 0..255
WHITE, WHITE_SHARE = 250, 0.6  # grey level, and the part of the crop that may reach it
BLUNTEST = 0.37  # see `sharpness`
# Frames a second. A blink lasts 0.1 to 0.4 s (Schiffman, Sensation and Perception, 2001, as in BioNumbers
# 100706): below this rate one may fall between two frames, and so may whatever else is as short.
SLOWEST = 10.0
LEAST_CONFIDENCE = 0.5  # of the less certain eye: below, it is more likely off by over 5 % than not


def status(
    grey: np.ndarray, detection: Detection, pose: Pose, confidence: np.ndarray, rate: float = np.inf
) -> str:
    """A key of MEANING: "ok", or the first reason to doubt the face in the (height, width) uint8 `grey`.

    `confidence`, shape (2,), is that of the eyes, 0..1; `rate` is that of the stream, in frames a second.
    """
    if outside(detection.box, grey.shape[1], grey.shape[0]) > OUTSIDE:
        return "cut_off"
    if np.hypot(*(detection.eyes[0] - detection.eyes[1])) < SMALLEST:
        return "too_small"
    if abs(pose.yaw) > ASIDE or not -DOWN <= pose.pitch <= UP:
        return "turned_away"
    crop = aligned(grey, detection.eyes)
    if crop.mean() < DARKEST:
        return "too_dark"
    if np.count_nonzero(crop >= WHITE) > WHITE_SHARE * crop.size:
        return "too_bright"
    if sharpness(crop) < BLUNTEST:
        return "blurred"
    if confidence.min() < LEAST_CONFIDENCE:
        return "low_confidence"
    return "ok" if rate >= SLOWEST else "rate_too_low"


def aligned(grey: np.ndarray, eyes: np.ndarray) -> np.ndarray:
    """The aligned (48, 48) crop of a grey picture; large faces are sampled sparsely, which costs less.

    Skipping pixels does not make a blurred face look sharp: it has nothing so fine to skip.
    """
    (x, y), distance = eyes.mean(0), float(np.hypot(*(eyes[0] - eyes[1])))
    step = max(1, int(distance / SHAPE.eye_distance))
    reach = 1.7 * distance  # from the middle of the eyes to the farthest corner of the crop
    height, width = grey.shape
    x0, y0 = (int(min(max(at - reach, 0), most - 1)) for at, most in ((x, width), (y, height)))
    rows, columns = slice(y0, max(y0 + 1, int(y + reach)), step), slice(x0, max(x0 + 1, int(x + reach)), step)
    part = np.ascontiguousarray(grey[rows, columns])
    return warp(part, similarity((eyes - (x0, y0)) / step, SHAPE), SHAPE.size)


def outside(box: np.ndarray, width: int, height: int) -> float:
    """The part of `box` (x0, y0, x1, y1), 0..1, that lies outside a picture of this size."""
    x0, y0, x1, y1 = box.tolist()
    inside = max(0.0, min(x1, width) - max(x0, 0.0)) * max(0.0, min(y1, height) - max(y0, 0.0))
    return 1 - inside / max((x1 - x0) * (y1 - y0), 1e-9)


def sharpness(crop: np.ndarray) -> float:
    """How much of a grey crop's detail a blur takes away: 0 nothing, so it is blurred already; 1 everything.

    The smaller one of both directions, since motion blurs only one. Source: Crete, Dolmiere, Ladret and
    Nicolas, "The blur effect", SPIE Human Vision 2007, as 1 minus their measure, with 7 taps for their 9.
    """
    values = crop.astype(np.float32)
    return min(
        _lost(_steps(values), _steps(cv2.blur(values, (7, 1)))),
        _lost(_steps(values.T), _steps(cv2.blur(values, (1, 7)).T)),
    )


def _steps(values: np.ndarray) -> np.ndarray:
    """How far apart neighbours in a row are."""
    return np.abs(values[:, 1:] - values[:, :-1])


def _lost(detail: np.ndarray, blurred: np.ndarray) -> float:
    return float(np.maximum(detail - blurred, 0).sum() / max(float(detail.sum()), 1e-9))
