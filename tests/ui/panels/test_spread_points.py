"""People on one spot of the plane: each can be seen, and whoever stands alone stays exactly there."""

from __future__ import annotations

from itertools import combinations

import pytest
from PySide6.QtCore import QPointF

from app.ui.look.theme import DARK
from app.ui.panels.plane import POINT, Plane
from app.ui.panels.spread_points import apart
from tests.ui.doubles import face


def gap(one: QPointF, other: QPointF) -> float:
    return float(((one.x() - other.x()) ** 2 + (one.y() - other.y()) ** 2) ** 0.5)


@pytest.mark.parametrize("people", [2, 4, 9])
def test_points_on_one_spot_are_moved_apart_and_round_it(people: int) -> None:
    spot = QPointF(100.0, 80.0)
    places = apart(dict.fromkeys(range(1, people + 1), spot), 20.0)
    assert all(gap(a, b) >= 15.0 for a, b in combinations(places.values(), 2))
    middle = sum((place.x() for place in places.values()), 0.0) / people
    assert (
        middle == pytest.approx(100.0) and max(gap(place, spot) for place in places.values()) < 10.0 * people
    )
    assert apart(dict.fromkeys(range(1, people + 1), spot), 20.0) == places


def test_points_with_room_stay_where_they_are() -> None:
    points = {1: QPointF(0, 0), 2: QPointF(20, 0), 7: QPointF(0, 50)}
    assert apart(points, 20.0) == points


def test_four_who_laugh_are_four_points_and_a_crowd_keeps_its_words_apart(qtbot) -> None:
    plane = Plane(DARK)
    qtbot.addWidget(plane)
    plane.resize(420, 400)
    plane.followed = 3
    plane.show_faces([face(i, valence=0.81, arousal=0.5) for i in range(1, 10)], 0.0)
    places = plane.places()
    assert all(gap(a, b) > POINT * plane.word_height() for a, b in combinations(places.values(), 2))
    names = plane.names()
    assert names[0][0] == 3
    assert not any(a.intersects(b) for (_, a), (_, b) in combinations(names, 2))
    image = plane.grab().toImage()
    assert all(_shows(image, places[i], DARK.people[i - 1]) for i in range(1, 10))


def _shows(image, at: QPointF, colour: str) -> bool:
    """Whether a point of `colour` is painted there; its number covers the middle."""
    around = [(dx, dy) for dx in range(-8, 9) for dy in range(-8, 9)]
    return any(image.pixelColor(round(at.x()) + x, round(at.y()) + y).name() == colour for x, y in around)
