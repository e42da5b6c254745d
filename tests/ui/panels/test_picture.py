"""The picture: coordinates to the pixel, letterboxed and mirrored, and no memory left behind."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage

from app.types import Frame, Gaze, Result
from app.ui.controls.view import Group, View
from app.ui.look.theme import DARK
from app.ui.panels.picture import PicturePanel
from tests.fakes import LONG
from tests.ui.doubles import face, frame, smiling

NOTHING = frozenset[View]()


@pytest.fixture
def video(qtbot) -> PicturePanel:
    made = PicturePanel(DARK)
    qtbot.addWidget(made)
    made.resize(640, 480)
    return made


def pixels(video: PicturePanel) -> np.ndarray:
    """What is painted, (height, width, 3) RGB."""
    image = video.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    view = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return view[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).astype(int)


@pytest.mark.parametrize(
    ("picture", "place"),
    [
        ((320, 240), (0, 0, 640, 480)),
        ((640, 240), (0, 120, 640, 240)),  # bars above and below
        ((240, 480), (200, 0, 240, 480)),  # bars left and right
    ],
)
def test_the_picture_is_as_large_as_fits(
    video: PicturePanel, picture: tuple[int, int], place: tuple[int, int, int, int]
) -> None:
    video.show_result(Result(frame(0, *picture)))
    assert video.target().getRect() == place


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_pixel_of_the_frame_lands_where_the_overlay_says(video: PicturePanel, mirrored: bool) -> None:
    image = np.zeros((240, 320, 3), np.uint8)
    image[50, 70] = 255
    video.view, video.mirrored = NOTHING, mirrored
    video.resize(640, 600)  # twice the frame, with bars of 60 pixels above and below
    video.show_result(Result(Frame(0, 0.0, image, 0.0)))
    painted = pixels(video)[..., 0]
    rows, columns = np.mgrid[: painted.shape[0], : painted.shape[1]]
    weight = np.where(painted > 30, painted, 0)
    centre = (weight * columns).sum() / weight.sum() + 0.5, (weight * rows).sum() / weight.sum() + 0.5
    at = video.to_widget().map(QPointF(70, 50)).toTuple()
    assert at == ((640 - 141, 161) if mirrored else (141, 161))
    assert centre == pytest.approx(at, abs=0.05)


def test_the_overlay_frames_the_face_in_the_persons_colour(video: PicturePanel) -> None:
    video.view = {View.BOX}
    video.show_result(Result(frame(), (face(1, (320, 240), 100),)))
    accent = list(bytes.fromhex(DARK.people[0][1:]))
    rows, columns = np.nonzero((abs(pixels(video) - accent) < 12).all(-1))
    # from 270 to 370, half a pixel on because of the pixel centres, and half a line to each side
    assert (columns.min(), columns.max()) == pytest.approx((270, 371), abs=1)
    assert (rows.min(), rows.max()) == pytest.approx((190, 291), abs=1)


@pytest.mark.parametrize("part", [v for v in View if v.group in (Group.OVERLAY, Group.HEAD)])
def test_each_part_is_painted_alone_and_nothing_without(video: PicturePanel, part: View) -> None:
    looking = replace(smiling(1), gaze_smooth=Gaze(20, 5), openness=(1.0, 0.1))
    video.show_result(Result(frame(), (looking,)))
    video.view = NOTHING
    assert (pixels(video) == 40).all()
    video.view = {part}
    assert (pixels(video) != 40).any()


def test_nobody_writes_into_the_frame(video: PicturePanel) -> None:
    shown = frame()
    before = shown.image.copy()
    video.mirrored = True
    video.show_result(Result(shown, (face(1),)))
    video.grab()
    assert (shown.image == before).all()


def test_chips_of_neighbours_do_not_cover_each_other(video: PicturePanel) -> None:
    video.view = {View.EXPRESSION}
    video.show_result(Result(frame(), (face(1, (100, 140)), face(2, (310, 344)))))
    apart = (pixels(video) != 40).any(-1).sum()
    video.show_result(Result(frame(), (face(1, (300, 240)), face(2, (310, 244)))))
    assert (pixels(video) != 40).any(-1).sum() == pytest.approx(apart, rel=0.02)


def test_a_click_picks_the_face_mirrored_or_not(video: PicturePanel, qtbot) -> None:
    video.show_result(Result(frame(), (face(1, (100, 100)), face(2, (500, 300)))))
    video.show()
    for mirrored, x in ((False, 500), (True, 140)):
        video.mirrored = mirrored
        with qtbot.waitSignal(video.picked, timeout=round(1000 * LONG)) as caught:
            qtbot.mouseClick(video, Qt.MouseButton.LeftButton, pos=QPointF(x, 300).toPoint())
        assert caught.args == [2]


def test_frames_are_let_go(video: PicturePanel) -> None:
    seen = []
    for i in range(20):
        shown = frame(i)
        seen.append(weakref.ref(shown.image))
        video.show_result(Result(shown, (face(1),)))
        video.grab()
        del shown
    gc.collect()
    assert sum(ref() is not None for ref in seen) == 1


def test_each_result_is_told_painted_once(video: PicturePanel) -> None:
    told: list[Result] = []
    video.painted.connect(told.append)
    result = Result(frame())
    video.show_result(result)
    video.grab()
    video.grab()
    assert told == [result]
