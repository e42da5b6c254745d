"""Both eyes from nothing but a face box: several first looks vote, and several second ones are averaged.

A box says little of a face from the side: its eyes lie far from where eyes lie on average. One look may then
lose an eye, and a second one around a wrong answer does not find it again. No torch here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from app.stages.align import CropShape
from export.eye_errors import locate

# Degrees, and shifts aside in eye distances, of the first looks; degrees of the second ones. Chosen on
# net_7876-train. Where a first look loses an eye its confidence tells, and one of the others finds it.
FIRST = ((0.0, 0.0), (0.0, 0.15), (0.0, -0.15), (-20.0, 0.0), (20.0, 0.0))
SECOND = (-8.0, 0.0, 8.0)
NEAR = 0.1  # of the distance between the eyes, as the box lets guess it: answers that agree


def find(
    run: Callable[[np.ndarray], np.ndarray],
    shape: CropShape,
    pictures: Sequence[np.ndarray],
    guesses: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Centres (n, 2, 2) in the grey pictures, and confidence (n, 2), from eyes where they lie on average in
    a face box, `guesses` (n, 2, 2); `run` gives the heatmaps of a batch of crops."""

    def look(eyes: np.ndarray, turn: float, aside: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
        around = np.stack([moved(pair, turn, 1.0, np.array([aside, 0.0])) for pair in eyes])
        return locate(run, shape, pictures, around)

    answers, sure = zip(*(look(guesses, turn, aside) for turn, aside in FIRST), strict=True)
    near = NEAR * np.hypot(*(guesses[:, 0] - guesses[:, 1]).T)
    first = vote(np.stack(answers), np.stack(sure), near)
    centres, confidence = zip(*(look(first, turn) for turn in SECOND), strict=True)
    return np.mean(centres, axis=0), np.mean(confidence, axis=0)


def vote(centres: np.ndarray, confidence: np.ndarray, near: np.ndarray) -> np.ndarray:
    """(n, 2, 2): of each face's answers, `centres` (k, n, 2, 2), the one that most others stand by.

    An answer counts as much as the less sure one of its eyes, `confidence` (k, n, 2); two answers agree where
    both eyes are at most `near` (n,) pixels apart. Of equals the first is taken.
    """
    away = np.hypot(*np.moveaxis(centres[:, None] - centres[None], -1, 0)).max(-1)  # (k, k, n)
    support = ((away <= near) * confidence.min(-1)[:, None]).sum(0)
    return centres[support.argmax(0), np.arange(centres.shape[1])]


def moved(eyes: np.ndarray, degrees: float, scale: float, shift: np.ndarray) -> np.ndarray:
    """(2, 2): both eyes turned and scaled about their middle, and shifted by `shift` eye distances."""
    middle = eyes.mean(0)
    cos, sin = scale * np.cos(np.radians(degrees)), scale * np.sin(np.radians(degrees))
    distance = np.hypot(*(eyes[0] - eyes[1]))
    return (eyes - middle) @ np.array([[cos, sin], [-sin, cos]]) + middle + shift * distance
