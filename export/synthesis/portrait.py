"""Paints a mean face: colour for its grey, hair round it, shoulders and a plain background behind it.

Everything is on the canvas of `mean_face`. Colours are BGR, 0..255.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from export.data.arrays import Floats, Points
from export.synthesis.mean_face import CANVAS, OVAL, MeanFace

SIZE = CANVAS.size
LEFT_EYE = (263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466)
RIGHT_EYE = (33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246)
LIPS = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185)
MOUTH = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191)
GREYS = (0, 40, 95, 150, 195, 230, 255)
TONES = ((18, 17, 22), (33, 38, 58), (64, 80, 122), (113, 138, 190),
         (164, 188, 232), (210, 226, 250), (242, 248, 255))  # fmt: skip
"""The colour of each of GREYS: from dark brown through skin to cream."""


def tint(grey: Floats) -> Floats:
    """Skin and hair colours, (..., 3) BGR, for grey values (...), 0..255."""
    return np.stack([np.interp(grey, GREYS, channel) for channel in zip(*TONES, strict=True)], axis=-1)


def area(outline: Points | Sequence[tuple[float, float]], soft: float) -> Floats:
    """The inside of the polygon `outline` as (size, size, 1) weights 0..1, its edge softened over `soft`
    pixels."""
    points = np.round(np.asarray(outline) * 16).astype(np.int32)
    mask = np.zeros((SIZE, SIZE), np.float32)
    cv2.fillPoly(mask, [points], (1.0,), lineType=cv2.LINE_AA, shift=4)
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), soft), np.float32)[..., None]


def over(below: Floats, above: Floats, weight: Floats) -> Floats:
    """Colours `above` (..., 3) laid over `below` where `weight` is 1; between 0 and 1 they mix."""
    mixed: Floats = below * (1 - weight) + above * weight
    return mixed


def face(mean: MeanFace) -> Floats:
    """The mean face in colour, (size, size, 3): sharpened, with lips, teeth and eyes in their own tones."""
    picture = mean.picture + 1.1 * (mean.picture - cv2.GaussianBlur(mean.picture, (0, 0), 4))
    grey = np.clip(158 + 46 * picture, 0, 255)
    plain = grey[..., None]
    colour = tint(grey)
    inside = area(mean.shape[list(MOUTH), :2], 2.0)
    lips = np.clip(area(mean.shape[list(LIPS), :2], 2.5) - inside, 0, 1)
    colour = over(colour, colour * (0.90, 0.86, 1.01), lips)
    teeth = np.clip((plain - 120) / 60, 0, 1)
    colour = over(colour, over(colour * (0.8, 0.75, 1.0), plain * (1.0, 1.03, 1.05), teeth), 0.8 * inside)
    for eye in (LEFT_EYE, RIGHT_EYE):
        white = np.clip(plain * (1.12, 1.11, 1.09) - 6, 0, 255)
        colour = over(colour, white, 0.75 * area(mean.shape[list(eye), :2], 1.5))
    return colour


def portrait(mean: MeanFace) -> Floats:
    """The face within its hair, (size, size, 4) float32: colour and, last, how opaque it is, 0..1."""
    outline = mean.shape[list(OVAL), :2]
    middle = outline.mean(0)
    skin = area(middle + (outline - middle) * (0.985, 0.965), 6)
    turn = np.linspace(0, 2 * np.pi, 90)
    cap = area(np.column_stack([320 + 158 * np.cos(turn), 285 + 172 * np.sin(turn)]), 4)
    bob = area([(166, 280), (474, 280), (481, 420), (470, 486), (440, 502),
                (408, 470), (232, 470), (200, 502), (170, 486), (159, 420)], 7)  # fmt: skip
    colour = over(_hair(), face(mean), skin)
    return np.dstack([colour, np.clip(cap + bob + skin, 0, 1)]).astype(np.float32)


def _hair() -> Floats:
    noise = np.random.default_rng(7).normal(size=(SIZE, SIZE))
    strands = np.asarray(cv2.GaussianBlur(noise, (0, 0), sigmaX=1.6, sigmaY=30), np.float64)
    rows, columns = np.mgrid[:SIZE, :SIZE]
    radius = np.hypot((columns - 320) / 175, (rows - 300) / 215)
    shine = np.exp(-(((radius - 0.86) / 0.07) ** 2) - ((columns - 270) / 70) ** 2) * (rows < 280)
    low = np.clip((rows - 330) / 150, 0, 1)
    return tint(np.clip(42 + 3.5 * strands / strands.std() + 26 * shine - 14 * low, 8, 255))


def backdrop() -> Floats:
    """What does not move behind the head, (size, size, 3) float32: background, neck, shoulders."""
    rows, columns = np.mgrid[:SIZE, :SIZE].astype(np.float32)
    far = (np.hypot(columns - 320, rows - 260) / 460)[..., None]
    wall = over(np.array([150.0, 132.0, 112.0]), np.array([92.0, 76.0, 62.0]), far)
    nape = area([(200, 300), (440, 300), (420, 478), (220, 478)], 10)
    wall = over(wall, tint(np.array(30.0)), nape)
    neck = area([(264, 430), (376, 430), (381, 520), (436, 556),
                 (436, 640), (204, 640), (204, 556), (259, 520)], 4)  # fmt: skip
    shaded = tint(152 - 34 * np.exp(-(((rows - 470) / 36) ** 2)))
    coat = area([(40, 660), (66, 596), (146, 556), (244, 526), (284, 560), (320, 572),
                 (356, 560), (396, 526), (494, 556), (574, 596), (600, 660)], 3)  # fmt: skip
    cloth = np.array([122.0, 104.0, 70.0]) * (1 - 0.15 * (rows[..., None] - 520) / 120)
    return over(over(wall, shaded, neck), cloth, coat).astype(np.float32)
