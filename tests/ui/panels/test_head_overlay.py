"""Rays, axes and lids: exact geometry on a made-up face, mirrored, and what is left out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF

from app.types import Face, Gaze, Pose, Result
from app.ui.controls.view import View
from app.ui.look.theme import AXES, DARK
from app.ui.panels import head_overlay
from app.ui.panels.picture import PicturePanel
from tests.ui.doubles import face, frame
from tests.ui.panels.test_picture import pixels

LEFT, RIGHT = 0, 1  # eyes: subject's left at (350, 225), right at (290, 225), so 60 pixels apart
APART = 60.0


@pytest.fixture
def video(qtbot) -> PicturePanel:
    made = PicturePanel(DARK)
    qtbot.addWidget(made)
    made.resize(640, 480)  # the frame's own size
    return made


def looking(yaw: float, pitch: float, **changes: object) -> Face:
    return replace(face(1), gaze_smooth=Gaze(yaw, pitch), **changes)


def painted(video: PicturePanel, shown: Face, view: Collection[View]) -> np.ndarray:
    """(height, width) bool: what differs from the bare picture."""
    video.view = view
    video.show_result(Result(frame(), (shown,)))
    return (pixels(video) != 40).any(-1)


@pytest.mark.parametrize(
    ("gaze", "away"),
    [
        ((0, 0), (0, 0)),
        ((30, 0), (0.5, 0)),  # to the subject's left, which is the right of the picture
        ((-90, 0), (-1, 0)),
        ((0, 30), (0, -0.5)),  # up
        ((90, -60), (0.5, np.sqrt(3) / 2)),
    ],
)
def test_a_ray_points_where_the_angles_say(gaze: tuple[float, float], away: tuple[float, float]) -> None:
    shown = looking(*gaze)
    for eye, at in ((LEFT, (350, 225)), (RIGHT, (290, 225))):
        expected = np.array(at) + head_overlay.REACH * APART * np.array(away)
        assert head_overlay.tip(shown, eye, shown.gaze_smooth) == pytest.approx(expected)


@pytest.mark.parametrize("mirrored", [False, True])
def test_rays_to_the_subjects_left_go_right_in_the_picture_and_left_in_the_mirror(
    video: PicturePanel, mirrored: bool
) -> None:
    video.mirrored = mirrored
    rays = painted(video, looking(45, 0), {View.GAZE})
    reach = head_overlay.REACH * APART * np.sin(np.radians(45))
    columns = np.nonzero(rays.any(0))[0]
    ends = sorted(video.to_widget().map(QPointF(x, 225)).x() for x in (290, 350 + reach))
    assert (columns.min(), columns.max()) == pytest.approx(ends, abs=4)
    assert not rays[:220].any() and not rays[231:].any()


def test_no_ray_from_a_closed_eye_nor_without_a_gaze(video: PicturePanel) -> None:
    gaze = {View.GAZE}
    both = painted(video, looking(60, 0), gaze).sum()
    assert 0.4 * both < painted(video, looking(60, 0, openness=(0.2, 1.0)), gaze).sum() < 0.8 * both
    assert not painted(video, looking(60, 0, openness=(0.0, 0.2)), gaze).any()
    assert not painted(video, looking(np.nan, np.nan), gaze).any()
    assert not painted(video, face(1), gaze).any()  # None


def test_a_ray_fades_with_its_eye_and_where_the_face_is_in_doubt(video: PicturePanel) -> None:
    def brightness(**changes: object) -> float:
        video.view = {View.GAZE}
        video.show_result(Result(frame(), (looking(60, 0, **changes),)))
        return float(pixels(video).max())

    sure = brightness()
    assert sure > brightness(eye_confidence=np.array([0.5, 0.5])) > brightness(status="turned_away") > 60
    assert sure > brightness(openness=(0.3, 0.3))


@pytest.mark.parametrize(
    ("pose", "left", "up", "out"),
    [
        ((0, 0, 0), (1, 0, 0), (0, -1, 0), (0, 0, -1)),
        ((90, 0, 0), (0, 0, 1), (0, -1, 0), (1, 0, 0)),  # to the subject's left
        ((0, 90, 0), (1, 0, 0), (0, 0, 1), (0, -1, 0)),  # up
        ((0, 0, 90), (0, 1, 0), (1, 0, 0), (0, 0, -1)),  # the left ear down
    ],
)
def test_axes_turn_with_the_head(pose, left, up, out) -> None:
    found = head_overlay.pointers(replace(face(1), pose=Pose(*pose)))
    assert np.array(found) == pytest.approx(np.array([left, up, out]), abs=1e-9)


@pytest.mark.parametrize("mirrored", [False, True])
def test_the_axis_out_of_the_face_is_mirrored_and_they_leave_the_face_free(
    video: PicturePanel, mirrored: bool
) -> None:
    video.mirrored = mirrored
    shown = replace(face(1), pose=Pose(40, 25, 0))
    video.view = {View.AXES}
    video.show_result(Result(frame(), (shown,)))
    seen = pixels(video)

    def middle(colour: str) -> float:
        return float(np.nonzero((abs(seen - list(bytes.fromhex(colour[1:]))) < 70).all(-1))[1].mean())

    left, up, out = (middle(colour) for colour in AXES)
    assert max(left, out) < up if mirrored else up < min(left, out)  # the nose to the subject's left
    x0, y0, x1, y1 = video.to_widget().mapRect(box(shown)).getCoords()
    assert (seen[int(y0) : int(y1), int(x0) + 1 : int(x1)] == 40).all()


@pytest.mark.parametrize("centre", [(620, 460), (620, 20), (20, 460), (20, 20)])
def test_axes_stay_in_the_picture(video: PicturePanel, centre: tuple[float, float]) -> None:
    axes = painted(video, face(1, centre), {View.AXES})
    assert axes.any() and not (axes[0].any() or axes[-1].any() or axes[:, 0].any() or axes[:, -1].any())


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_closed_eye_is_an_arc_with_its_letter_on_its_own_side(video: PicturePanel, mirrored: bool) -> None:
    video.mirrored = mirrored
    arcs = painted(video, replace(face(1), openness=(0.1, 1.0)), {View.LIDS})
    columns, at = np.nonzero(arcs.any(0))[0], video.to_widget().map(QPointF(350, 225)).x()
    outwards, inwards = (at - columns.min(), columns.max() - at)[:: 1 if mirrored else -1]
    assert 8 < inwards < 14 < outwards < 40  # the L stands outside


def test_an_arc_takes_the_place_of_the_ring_only_where_it_is_wanted(video: PicturePanel) -> None:
    closed = replace(face(1), openness=(0.1, 0.1))
    rings = painted(video, closed, {View.EYES})
    assert (rings == painted(video, face(1), {View.EYES, View.LIDS})).all()
    assert (rings != painted(video, closed, {View.EYES, View.LIDS})).any()


def box(shown: Face) -> QRectF:
    x0, y0, x1, y1 = shown.box.tolist()
    return QRectF(QPointF(x0, y0), QPointF(x1, y1))
