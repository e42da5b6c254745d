"""What only the stage shows: heat, a burst, kept moments, the mimic game."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from app.types import Face, Result
from app.ui.look.theme import DARK
from app.ui.look.words import degree_words
from app.ui.panels.burst import LASTS, Burst
from app.ui.panels.expression_summary import ExpressionSummary
from app.ui.panels.heat import CELLS, HALF_LIFE, Heat
from app.ui.panels.mimic_game import PRAISE, READY, SHOW, MimicGame, Phase
from app.ui.panels.moments import SIDE, Moments
from app.ui.panels.moments_row import EDGE, STRIP, strip
from tests.ui.doubles import face, frame


def at(time: float, *faces: Face) -> Result:
    return Result(replace(frame(), time=time), faces)


def ink(paint) -> np.ndarray:
    """(200, 200): how strong what is painted is, at each pixel."""
    image = QImage(200, 200, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    paint(painter)
    painter.end()
    return np.array(image.constBits(), np.uint8).reshape(200, 200, 4)[..., 3]


def test_heat_lies_where_the_point_was_and_counts_half_after_its_half_life() -> None:
    heat = Heat()
    for i in range(11):
        heat.add([face(1, valence=0.5, arousal=-0.5)], i / 10)
    assert heat.cells.sum() == pytest.approx(1.0, rel=0.01)
    assert heat.cells[int(0.7 * CELLS), int(0.7 * CELLS)] == heat.cells.max()  # below, to the right
    glow = ink(lambda painter: heat.paint(painter, QRectF(0, 0, 200, 200), QColor("white")))
    assert np.unravel_index(glow.argmax(), glow.shape) == pytest.approx((151, 151), abs=3)
    for i in range(round(HALF_LIFE)):
        heat.add([], 2.0 + i)
    assert heat.cells.sum() == pytest.approx(0.5, rel=0.03)
    heat.add([replace(face(1), status="blurred")], 100.0)
    assert heat.cells.sum() < 0.5  # what is in doubt leaves no trace
    heat.add([], 1.0)
    assert not heat.cells.any()


def test_a_burst_grows_and_is_over() -> None:
    burst = Burst()
    assert not burst.goes_on(0.0)
    burst.begin(10.0)
    spread = []
    for share in (0.1, 0.5):
        rows, _ = np.nonzero(
            ink(lambda painter, now=10 + share * LASTS: burst.paint(
                painter, QPointF(100, 100), 80, QColor("white"), now
            ))
        )  # fmt: skip
        spread.append(np.ptp(rows))
    assert 0 < spread[0] < spread[1] <= 170
    assert not burst.goes_on(10.01 + LASTS)


def test_a_degree_is_how_far_the_point_is_from_the_middle() -> None:
    words = [
        degree_words(face(1, valence=v, best=best)) for v, best in ((0.2, 1), (0.5, 1), (0.9, 1), (0.9, 3))
    ]
    assert words == ["slightly happy", "happy", "very happy", "strong surprise"]
    assert degree_words(face(1, valence=0.9, best=0)) == "neutral"


def test_the_strongest_moment_of_each_person_is_kept_until_a_stronger_one() -> None:
    moments = Moments()
    assert moments.add(at(0.0, face(1, valence=0.5), face(2, (100, 100), valence=0.9)))
    assert not moments.add(at(0.1, face(1, valence=0.4), face(3, valence=0.1), face(4, valence=0.9, best=0)))
    assert moments.add(at(0.2, face(1, valence=0.8)))
    assert not moments.add(at(0.3, replace(face(1, valence=1.0), status="blurred")))
    assert [(m.person, m.time, m.words) for m in moments.best(4)] == [
        (1, 0.2, "very happy"),
        (2, 0.0, "very happy"),
    ]
    moments.add(at(0.4, face(1, valence=-0.9, best=2)))
    assert [(m.person, m.expression) for m in moments.best(4)] == [(1, "sad"), (2, "happy"), (1, "happy")]
    assert moments.add(at(200.0, face(1, valence=0.3)))  # the old ones have faded
    assert moments.best(1)[0].picture.shape == (SIDE, SIDE, 3)
    moments.clear()
    assert moments.best(4) == ()


def test_a_moment_shows_the_face_and_a_strip_all_of_them(qapp) -> None:
    result = at(0.0, face(1, (600, 440), valence=0.9))  # at the very edge of the picture
    result.frame.image[400:480, 560:640] = 200
    moments = Moments()
    moments.add(result)
    (moment,) = moments.best(4)
    assert moment.picture[SIDE // 2, SIDE // 2].tolist() == [200, 200, 200]
    image = strip([moment] * 3, qapp.font(), mirrored=True)
    assert (image.width(), image.height()) == (3 * (STRIP[0] + EDGE) + EDGE, STRIP[1] + 3 * EDGE)
    assert image.pixelColor(EDGE + STRIP[0] // 2, EDGE + 200).lightness() == 200


def test_the_game_counts_the_best_of_each_person_in_each_round() -> None:
    game, round_ = MimicGame(("happy", "sad", "anger"), 10.0), READY + SHOW + PRAISE
    ready = game.see([face(1, best=1)], 10.5)
    assert (ready.phase, ready.round, ready.asked, ready.scores) == (Phase.READY, 1, "Look happy", ())
    game.see([face(1, best=1), face(2, best=2)], 10 + READY + 1)
    shown = game.see([face(1, best=2), replace(face(2, best=1), status="turned_away")], 10 + READY + 2)
    assert shown.phase is Phase.SHOW and shown.left == pytest.approx(1 - 2 / SHOW)
    assert [(score.person, score.now) for score in shown.scores] == [(1, 65), (2, 5)]
    game.see([face(2, best=2)], 10 + round_ + READY)
    praise = game.see([face(2, best=2)], 10 + 2 * round_ - 1)
    assert praise.phase is Phase.PRAISE and praise.round == 2
    assert [(score.person, score.now, score.total) for score in praise.scores] == [(2, 65, 70), (1, 0, 65)]
    over = game.see([], 10 + 3 * round_ + 1)
    assert over.phase is Phase.OVER and over.winner == 2
    assert MimicGame(("sad",), 0.0).see([], 100.0).winner is None


def test_the_game_stands_still_in_a_pause_though_the_clock_of_a_camera_goes_on() -> None:
    game = MimicGame(("happy", "sad", "anger"), 10.0)
    before = game.see([], 11.0)
    game.hold()
    assert game.see([], 71.0) == before
    assert game.see([], 71.0 + READY - 1.0 + SHOW / 2).left == pytest.approx(0.5)


def test_words_have_a_size_before_they_have_a_place(qtbot, qtlog) -> None:
    summary = ExpressionSummary(DARK)
    qtbot.addWidget(summary)
    summary.resize(1, 1)
    summary.show_faces((face(1), face(2)))
    assert summary.heightForWidth(1) > 0
    assert not [record.message for record in qtlog.records]
