"""Status: whether the values of a face can be believed, and if not, why.

Each limit is where the eye network begins to fail on test pictures that are made worse step by step,
unless its comment says otherwise. `python -m export.limits.quality` prints the table.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from cv2.typing import MatLike

from app.stages.align import CropShape, similarity, warp
from app.types import Box, Confidence, Detection, Eyes, Grey, Pose

MEANING = {
    "ok": "a face was found and measured",
    "no_face": "no face was in sight; everything that describes one is empty",
    "cut_off": "part of the face is outside the picture",
    "too_small": "the eyes are less than 12 pixels apart: come nearer",
    "turned_away": "the head is turned more than 35 degrees to a side, or 25 up or down: face the camera",
    "too_dark": "the face is too dark: add light from the front",
    "too_bright": "large parts of the face are white: take light away or turn the lamp",
    "blurred": "the face is out of focus or moves too fast",
    "low_confidence": "an eye could not be found with certainty, for instance behind a hand or glasses",
    "rate_too_low": "fewer than 10 frames a second came: give the camera light, or choose a smaller picture",
}

SHAPE = CropShape(48, 24.0, 16.0)  # from the brows to the mouth; skin rather than hair and background
MAX_OUTSIDE = 0.15  # share of the box; cheeks and chin may be outside the picture, but not eyes and mouth
MIN_EYE_DISTANCE = 12.0  # pixels between the eyes
# Degrees, by `python -m export.limits.quality FOLDER --turned`; docs/accuracy.md tells how they were chosen.
MAX_YAW = 35.0  # the eyes are found 10 points less often than in faces that look ahead
MAX_UP = 25.0  # from an earlier affect network; too few faces look up to decide on another
MAX_DOWN = 25.0  # the expressions are right 23 points less often
MIN_GREY = 10.0  # mean grey of the crop, 0..255
WHITE, MAX_WHITE_SHARE = 250, 0.6  # grey level, and the share of the crop that may reach it
MIN_SHARPNESS = 0.37  # see `sharpness`
# Frames a second. A blink lasts 0.1 to 0.4 s (Schiffman, Sensation and Perception, 2001, as in BioNumbers
# 100706): at a lower rate one may happen between two frames, and so may whatever else is as short.
MIN_RATE = 10.0
MIN_CONFIDENCE = 0.5  # of the less certain eye: below, it is more likely off by over 5 % than not


def status(grey: Grey, detection: Detection, pose: Pose, confidence: Confidence, rate: float = np.inf) -> str:
    """A key of MEANING: "ok", or the first reason to doubt the face `detection` in the picture `grey`.

    `confidence` (2,) is that of the eye centres, 0..1; `rate` is that of the stream, in frames a second,
    whether all of them are measured or not.
    """
    if outside(detection.box, grey.shape[1], grey.shape[0]) > MAX_OUTSIDE:
        return "cut_off"
    if math.dist(*detection.eyes.tolist()) < MIN_EYE_DISTANCE:
        return "too_small"
    if abs(pose.yaw) > MAX_YAW or not -MAX_DOWN <= pose.pitch <= MAX_UP:
        return "turned_away"
    crop = aligned(grey, detection.eyes)
    if cv2.mean(crop)[0] < MIN_GREY:
        return "too_dark"
    if np.count_nonzero(crop >= WHITE) > MAX_WHITE_SHARE * crop.size:
        return "too_bright"
    if sharpness(crop) < MIN_SHARPNESS:
        return "blurred"
    if confidence.min() < MIN_CONFIDENCE:
        return "low_confidence"
    return "ok" if rate >= MIN_RATE else "rate_too_low"


def aligned(grey: Grey, eyes: Eyes) -> Grey:
    """The aligned (48, 48) crop of a grey picture, by `eyes` (2, 2): left, right, in pixels.

    Of a large face pixels are skipped, which costs less. That does not make a blurred face look sharp: it has
    no detail so fine that it could be skipped.
    """
    (left_x, left_y), (right_x, right_y) = eyes.tolist()
    x, y = (left_x + right_x) / 2, (left_y + right_y) / 2
    distance = math.hypot(left_x - right_x, left_y - right_y)
    step = max(1, int(distance / SHAPE.eye_distance))
    reach = 1.7 * distance  # from the middle of the eyes to the farthest corner of the crop
    height, width = grey.shape
    x0, y0 = (int(min(max(at - reach, 0), most - 1)) for at, most in ((x, width), (y, height)))
    rows, columns = slice(y0, max(y0 + 1, int(y + reach)), step), slice(x0, max(x0 + 1, int(x + reach)), step)
    part = np.ascontiguousarray(grey[rows, columns])
    return warp(part, similarity((eyes - (x0, y0)) / step, SHAPE), SHAPE.size)


def outside(box: Box, width: int, height: int) -> float:
    """The share of `box` (x0, y0, x1, y1), 0..1, that is outside a picture of this size in pixels."""
    x0, y0, x1, y1 = map(float, box.tolist())
    inside = max(0.0, min(x1, width) - max(x0, 0.0)) * max(0.0, min(y1, height) - max(y0, 0.0))
    return 1 - inside / max((x1 - x0) * (y1 - y0), 1e-9)


def sharpness(crop: Grey) -> float:
    """The share of a grey crop's detail that a blur takes away, 0..1: little, if it is blurred already.

    It is that of the direction that loses less, since motion blurs only one. Source: Crete, Dolmiere, Ladret
    and Nicolas, "The blur effect", SPIE Human Vision 2007: 1 minus their measure, with 7 taps for their 9.
    """
    values = crop.astype(np.float32)
    across, down = cv2.blur(values, (7, 1)), cv2.blur(values, (1, 7))
    return min(
        _lost(cv2.absdiff(values[:, 1:], values[:, :-1]), cv2.absdiff(across[:, 1:], across[:, :-1])),
        _lost(cv2.absdiff(values[1:], values[:-1]), cv2.absdiff(down[1:], down[:-1])),
    )


def _lost(detail: MatLike, blurred: MatLike) -> float:
    """The sum of what `blurred` has less than `detail`, as a share of all `detail`."""
    whole = cv2.sumElems(detail)[0]
    less = whole - cv2.sumElems(blurred)[0]  # the sum of all differences, of which the positive ones count
    return (less + cv2.norm(detail, blurred, cv2.NORM_L1)) / 2 / max(whole, 1e-9)
