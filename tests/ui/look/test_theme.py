"""The people's colours stay apart for the three common kinds of colour-blindness, on both grounds."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from PySide6.QtGui import QColor

from app.types import MOST_FACES
from app.ui.look.opacity import FAINT, blended
from app.ui.look.theme import AXES, DARK, LIGHT, Theme, accent
from app.ui.panels.head_overlay import SHADE

# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB.
EYES = {
    "usual": np.eye(3),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def linear(colour: str) -> np.ndarray:
    rgb = np.array(list(bytes.fromhex(colour[1:]))) / 255
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    x, y, z = XYZ @ np.clip(rgb, 0, 1) / (0.9505, 1.0, 1.089)
    fx, fy, fz = (np.cbrt(v) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (x, y, z))
    return np.array([116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)])


def contrast(one: str, other: str) -> float:
    """WCAG's ratio, 1 to 21."""
    dark, light = sorted((XYZ[1] @ linear(one), XYZ[1] @ linear(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_any_two_people_differ(theme: Theme, eyes: str) -> None:
    seen = [lab(EYES[eyes] @ linear(colour)) for colour in theme.people]
    assert min(np.linalg.norm(a - b) for a, b in combinations(seen[:6], 2)) > 25  # 2.3 is just seen
    assert min(np.linalg.norm(a - b) for a, b in combinations(seen, 2)) > (20 if eyes == "usual" else 13)
    assert len(seen) == MOST_FACES


@pytest.mark.parametrize("eyes", EYES)
def test_the_axes_of_a_head_differ_on_their_dark_ground(eyes: str) -> None:
    seen = [lab(EYES[eyes] @ linear(colour)) for colour in AXES]
    assert min(np.linalg.norm(one - other) for one, other in combinations(seen, 2)) > 25
    assert min(contrast(colour, SHADE.name()) for colour in AXES) > 4.5


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_text_and_people_stand_out_from_what_lies_behind(theme: Theme) -> None:
    for ground in (theme.ground, theme.panel, theme.raised):
        assert contrast(theme.text, ground) > 10
        assert contrast(theme.quiet, ground) > 4.5
        assert contrast(theme.recording, ground) > 3
        assert contrast(theme.focus, ground) > 3
    faint = blended(QColor(theme.quiet), theme.panel, FAINT).name()
    assert contrast(faint, theme.panel) > 4.5  # words in the plane's ground
    assert contrast(theme.warning, theme.panel) > 4.5
    assert contrast(theme.good, theme.panel) > 4.5
    assert min(contrast(colour, theme.panel) for colour in theme.people) > 3


def test_a_person_keeps_the_colour_and_after_the_last_the_first_comes_again() -> None:
    assert accent(DARK, 1).name() == DARK.people[0] == accent(DARK, 17).name()
