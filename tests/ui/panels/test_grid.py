"""Painted words at the sizes that count: none is cut off, none lies on another."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QWidget

from app.playing.history import History
from app.types import EXPRESSIONS, Face, Gaze, Result
from app.ui.controls.view import SHOWN_AT_FIRST, View
from app.ui.look.theme import DARK
from app.ui.panels.curves import Curves
from app.ui.panels.overlay import chip_place
from app.ui.panels.picture import PicturePanel
from app.ui.window import Window
from tests.ui.doubles import HEIGHT, WIDTH, face, frame
from tests.ui.painted import collisions, cut_off, painted

SIZES = [(1024, 640), (1440, 900), (1920, 1080)]
LONGEST = (3, 7)  # surprise and contempt, both in doubt


def person(id: int, centre: tuple[float, float], best: tuple[int, ...] = LONGEST, **values: float) -> Face:
    """Whose every number is as long as it can be."""
    made = face(id, centre, 90, **values)
    made.smooth.probs[:] = 0.0
    made.smooth.probs[list(best)] = 0.98 / len(best)
    turned = replace(made.pose, yaw=-38.0, pitch=-38.0, roll=-38.0)
    return replace(made, pose=turned, gaze_smooth=Gaze(-38.0, -38.0), openness=(0.0, 0.0))


ONE = (person(1, (320, 240), (7,), valence=-0.88, arousal=-0.88),)
DOUBTFUL = (replace(ONE[0], status="rate_too_low"),)
CROWD = tuple(person(i + 1, (270 + 95 * (i % 2), 200 + 95 * (i // 2)), valence=0.1 * i) for i in range(4))
CORNERS = tuple(
    person(i + 1, (x, y), valence=0.9 - 0.6 * i, arousal=1.0 - 0.6 * i)
    for i, (x, y) in enumerate([(5, 5), (WIDTH - 5, 5), (5, HEIGHT - 5), (WIDTH, HEIGHT)])
)


def check(widget: QWidget, monkeypatch: pytest.MonkeyPatch, least: int) -> None:
    if isinstance(widget, Curves):  # else it shows what its axes painted before
        for plot in widget.plots:
            for side in ("left", "bottom"):
                plot.getAxis(side).picture = None
    texts = [text for text in painted(widget, monkeypatch) if text.text not in ("L", "R")]  # beside eyes
    assert len(texts) >= least
    assert not collisions(texts)
    assert not cut_off(texts, QRectF(widget.rect()))


@pytest.mark.parametrize("faces", [ONE, DOUBTFUL, CROWD, CORNERS], ids=["one", "doubt", "crowd", "corners"])
def test_in_the_window(window: Window, monkeypatch, settle, faces: tuple[Face, ...]) -> None:
    panels, history = window.panels, History()
    for i in range(3):
        result = Result(replace(frame(), time=i / 10), faces)
        history.push(result)
        panels.show_result(result)
    for size in SIZES:
        window.resize(*size)
        settle()
        panels.show_history(history)
        panels.refresh()
        check(panels.picture, monkeypatch, len(faces))
        check(panels.plane, monkeypatch, 8)
        check(panels.bars, monkeypatch, 2 * len(EXPRESSIONS))
        check(panels.curves, monkeypatch, 6 + len(EXPRESSIONS))


@pytest.mark.parametrize("faces", [ONE, CROWD], ids=["one", "crowd"])
def test_on_the_stage(window: Window, monkeypatch, settle, faces: tuple[Face, ...]) -> None:
    window.user_actions.stage.trigger()
    window.showNormal()
    stage, history = window.panels.stage, History()
    for i in range(3):
        result = Result(replace(frame(), time=i / 10), faces)
        history.push(result)
        window.panels.show_result(result)
    stage.refresh()
    for size in SIZES:
        window.resize(*size)
        for view, widget, least in (
            (View.PLANE, stage.plane, 1),
            (View.BARS, stage.bars[0], 2 * len(EXPRESSIONS)),
            (View.CURVES, stage.curves, 6 + len(EXPRESSIONS)),
        ):
            stage.show_view(view)
            settle()
            window.panels.show_history(history)
            check(widget, monkeypatch, least)
        check(stage.picture, monkeypatch, len(faces))


def test_chips_of_a_crowd_are_inside_apart_and_near_their_faces() -> None:
    view = QRectF(2, 2, 552, 412)
    generator = np.random.default_rng(7)
    for _ in range(200):
        taken: list[QRectF] = []
        for x, y in generator.uniform((-40, -40), (560, 420), (4, 2)).tolist():
            box = QRectF(x, y, 80, 80)
            chip = chip_place(box, 300, 18, view, taken)
            assert view.contains(chip)
            assert not any(chip.intersects(other) for other in taken)
            taken.append(chip)
    assert chip_place(QRectF(100, 100, 80, 80), 150, 18, view, []) == QRectF(100, 76, 150, 18)
    under = chip_place(QRectF(100, 100, 80, 80), 150, 18, view, [QRectF(120, 70, 90, 18)])
    assert under == QRectF(100, 186, 150, 18)


def test_a_sentence_that_is_wider_than_the_picture_is_shortened(qtbot, monkeypatch) -> None:
    video = PicturePanel(DARK)
    qtbot.addWidget(video)
    video.view = SHOWN_AT_FIRST
    video.resize(240, 180)
    video.show_result(Result(frame(), (replace(CROWD[0], status="turned_away"),)))
    texts = painted(video, monkeypatch)
    assert not cut_off(texts, QRectF(video.rect()))
    assert texts[-1].text.startswith("mixed: surprise") and texts[-1].text.endswith("\N{HORIZONTAL ELLIPSIS}")
