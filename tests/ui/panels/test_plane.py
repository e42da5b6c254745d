"""The plane: exact places, trails that fade, people who come and go."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor

from app.types import EXPRESSIONS
from app.ui.look.theme import DARK
from app.ui.panels.plane import Plane
from app.ui.panels.trails import DOUBT, FADE, TRAIL, ellipse
from tests.ui.doubles import face


@pytest.fixture
def plane(qtbot) -> Plane:
    made = Plane(DARK)
    qtbot.addWidget(made)
    made.resize(420, 300)
    return made


@pytest.mark.parametrize("size", [(420, 300), (300, 420), (1600, 900)])
def test_the_square_is_centred_and_its_edges_are_one(plane: Plane, size: tuple[int, int]) -> None:
    plane.resize(*size)
    square = plane.square()
    assert square.width() == square.height()
    assert (square.center().x(), square.center().y()) == (size[0] / 2, size[1] / 2)
    assert plane.position(1, 0).toTuple() == (square.right(), square.center().y())
    assert plane.position(-1, 0).toTuple() == (square.left(), square.center().y())
    assert plane.position(0, 1).toTuple() == (square.center().x(), square.top())
    assert plane.position(0, -1).toTuple() == (square.center().x(), square.bottom())


def coloured(plane: Plane, colour: str, near: tuple[float, float]) -> tuple[float, float]:
    """Middle of the pixels that have exactly this colour, within the size of a point of `near`."""
    image = plane.grab().toImage()
    found = [
        (x + 0.5, y + 0.5)
        for y in range(image.height())
        for x in range(image.width())
        if image.pixelColor(x, y).name() == colour and abs(x - near[0]) < 11 > abs(y - near[1])
    ]
    return sum(x for x, _ in found) / len(found), sum(y for _, y in found) / len(found)


def test_the_point_is_painted_where_the_values_are(plane: Plane) -> None:
    plane.show_faces([face(1, valence=0.5, arousal=-0.5)], 0.0)
    at = plane.position(0.5, -0.5).toTuple()
    assert coloured(plane, DARK.people[0], at) == pytest.approx(at, abs=0.5)


def test_a_point_shines_in_its_colour_the_less_the_farther_and_fainter_in_doubt(plane: Plane) -> None:
    person = face(1, valence=0.4, arousal=-0.2)
    certain = np.eye(len(EXPRESSIONS), dtype=np.float32)[1]  # without a spread, which shines too
    person = replace(person, smooth=replace(person.smooth, probs=certain))
    x, y = plane.position(0.4, -0.2).toTuple()

    def shine(parts: float) -> int:
        """How much bluer than the ground it is, so many parts of the words' height to its left."""
        pixel = plane.grab().toImage().pixelColor(round(x - parts * plane.word_height()), round(y))
        return pixel.blue() - QColor(DARK.panel).blue()

    plane.show_faces([person], 0.0)
    near, far = shine(0.9), shine(1.4)
    assert near > far > 5 and shine(2.2) == 0
    plane.show_faces([replace(person, status="blurred")], 10.0)
    assert 0.25 * near < shine(0.9) < 0.55 * near
    plane.show_faces([replace(person, id=2)], 20.0)  # an amber one
    assert shine(0.9) < 0


def test_a_trail_holds_its_seconds_and_fades_after_its_face_left(plane: Plane) -> None:
    for i in range(200):
        plane.show_faces([face(1), face(2)], i / 8)
    assert len(plane.trail(1)) == TRAIL * 8 + 1
    end = 199 / 8
    plane.show_faces([face(2)], end + FADE / 2)
    assert plane.trail(1)
    plane.show_faces([face(2)], end + FADE + 0.1)
    assert not plane.trail(1)
    assert plane.trail(2)


def test_a_clock_that_runs_back_starts_anew(plane: Plane) -> None:
    plane.show_faces([face(1)], 9.0)
    plane.show_faces([face(1)], 1.0)
    assert len(plane.trail(1)) == 1


def test_a_word_does_not_cover_the_next_persons_point(plane: Plane) -> None:
    plane.show_faces([face(1, valence=0.0), face(2, valence=0.2)], 0.0)
    word, other = dict(plane.names()).values()
    assert not any(word.contains(plane.position(valence, 0.0)) for valence in (0.0, 0.2))
    assert not word.intersects(other)


def test_words_of_people_at_one_place_do_not_cover_each_other(plane: Plane) -> None:
    plane.show_faces([face(1), face(2), face(3)], 0.0)
    places = [place for _, place in plane.names()]
    assert len(places) == 3
    assert not any(a.intersects(b) for i, a in enumerate(places) for b in places[i + 1 :])


@pytest.mark.parametrize(
    ("size", "large"),
    [((220, 170), False), ((444, 250), False), ((630, 395), False), ((784, 616), True), ((1120, 876), True)],
)
def test_no_word_is_cut_off_or_covers_another_wherever_the_point_is(
    qtbot, size: tuple[int, int], large: bool
) -> None:
    plane = Plane(DARK, large=large)
    qtbot.addWidget(plane)
    plane.resize(*size)
    hidden, at = [], list(np.linspace(-1, 1, 9))
    long = face(2)
    long.smooth.probs[:] = 0.02
    long.smooth.probs[[3, 7]] = 0.46, 0.44  # the longest words there are
    for i, (valence, arousal) in enumerate((v, a) for v in at for a in at if v * v + a * a <= 1.2):
        mixed = replace(long, smooth=replace(long.smooth, valence=-valence, arousal=arousal))
        for people in ([face(1, valence=valence, arousal=arousal)], [face(1, valence=valence), mixed]):
            plane.clear()
            plane.show_faces(people, i / 10)
            names = plane.names()
            places = [place for _, place in names] + [label.box for label in plane.words(names)]
            assert all(QRectF(plane.rect()).contains(place) for place in places)
            assert not any(one.intersects(other) for one, other in combinations(places, 2))
            points = [plane.point_box(at) for at in plane.places().values()]
            assert not any(place.intersects(point) for _, place in names for point in points)
            if len(people) == 1:
                hidden.append(len(places) < 1 + len(plane.labels))
    if size != (220, 170):
        assert np.mean(hidden) < 0.1  # one person's single word covers next to nothing


def test_a_word_stays_on_its_side_as_long_as_it_can(plane: Plane) -> None:
    plane.resize(630, 395)
    for i, valence in enumerate(np.linspace(-0.1, 0.2, 21)):
        plane.show_faces([face(1, valence=float(valence), arousal=-0.15)], i / 10)
        (_, place) = plane.names()[0]
        at, away = plane.position(float(valence), -0.15), 1.1 * plane.word_height()
        assert (place.left() - at.x(), place.center().y()) == pytest.approx((away, at.y()))


def test_a_word_that_had_to_go_away_comes_back(plane: Plane) -> None:
    plane.resize(444, 250)
    crowd = [face(i + 1) for i in range(9)]  # more than there is room for beside one point
    plane.show_faces(crowd, 0.0)
    far = max(abs(place.center().y() - plane.position(0, 0).y()) for _, place in plane.names())
    assert far > 40
    plane.clear()
    for face_id in (1, 9):
        plane.show_faces(crowd, 0.0)
        plane.names()
        plane.show_faces([crowd[face_id - 1]], 2.0)
        ((shown, place),) = plane.names()
        assert shown == face_id
        assert abs(place.center().y() - plane.position(0, 0).y()) < 25
        plane.clear()


def test_an_uncertain_expression_is_a_wide_ellipse_and_says_that_it_is_mixed(plane: Plane) -> None:
    sure, unsure = face(1), face(1)
    unsure.smooth.probs[:] = 0.02
    unsure.smooth.probs[[0, 1]] = 0.44  # neutral or happy: it lies between them
    plane.show_faces([sure], 0.0)
    before = plane.grab().toImage()
    plane.show_faces([unsure], 10.0)
    assert plane.grab().toImage() != before
    trail = plane.trails.by_face[1]
    assert trail.word == "mixed: neutral / happy"
    long, short, angle = trail.spread
    assert long > 0.4 > 2 * short
    assert angle == pytest.approx(25, abs=10)  # happy lies at 32 degrees; the rest pulls a little
    away = plane.position(0.3, 0.18).toPoint()
    colour = plane.grab().toImage().pixelColor(away)
    assert colour.blue() > before.pixelColor(away).blue() + 10


def test_the_ellipse_of_a_covariance_is_exact() -> None:
    assert ellipse(np.array([[0.25, 0.0], [0.0, 0.04]])) == pytest.approx((0.5, 0.2, 0.0))
    assert ellipse(np.array([[0.04, 0.0], [0.0, 0.25]])) == pytest.approx((0.5, 0.2, 90.0))
    assert ellipse(np.array([[0.1, 0.1], [0.1, 0.1]])) == pytest.approx((0.2**0.5, 0.0, 45.0), abs=1e-6)


def test_a_value_in_doubt_fades_and_does_not_jump(plane: Plane) -> None:
    plane.show_faces([face(1)], 0.0)
    shown = []
    for i in range(1, 60):
        plane.show_faces([replace(face(1), status="blurred")], i / 30)
        shown.append(plane.trails.by_face[1].presence(plane.trails.now))
    assert all(one > other for one, other in pairwise(shown))
    assert shown[0] > 0.9
    assert shown[-1] == pytest.approx(DOUBT, abs=0.01)
