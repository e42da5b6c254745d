"""In a stream each person keeps a slot, also for a while after leaving."""

import pytest

from app.streams.person_slots import KEEP, PersonSlots
from tests.fakes import face, result


def ids(slots, time, *faces):
    return [found.id if found else None for found in slots.assign(result(0, time, *map(face, faces)))]


def test_a_person_keeps_the_slot_and_a_newcomer_takes_a_free_one():
    slots = PersonSlots(2)
    assert ids(slots, 0.0, 5) == [5, None]
    assert ids(slots, 0.1, 2, 5) == [5, 2]
    assert ids(slots, 0.2, 2) == [None, 2]
    assert ids(slots, 0.3, 2, 5) == [5, 2]  # back after a moment
    assert ids(slots, 0.4, 2, 9) == [9, 2]  # no free slot: that of whoever is absent
    assert ids(slots, 0.5, 1, 2, 3, 9) == [9, 2]  # no slot for everybody
    assert ids(slots, 9.0, 7) == [7, None]  # those who left long ago keep nothing
    assert ids(slots, 0.0, 4, 8) == [4, 8]  # a clock that starts again


@pytest.mark.parametrize(("away", "same"), [(0.0, True), (2.0, True), (2.125, False)])
def test_the_slot_of_somebody_who_left_stays_free_for_two_seconds(away, same):
    assert KEEP == 2.0
    slots = PersonSlots(3)
    assert ids(slots, 10.0, 1, 2) == [1, 2, None]
    assert ids(slots, 10.0 + away, 2, 3) == ([None, 2, 3] if same else [3, 2, None])
    assert ids(slots, 10.0 + away, 1, 2, 3) == ([1, 2, 3] if same else [3, 2, 1])


def test_a_clock_that_starts_again_frees_the_slots_of_those_who_are_away():
    slots = PersonSlots(3)
    assert ids(slots, 10.0, 1, 2) == [1, 2, None]
    assert ids(slots, 9.5, 2, 3) == [3, 2, None]


def test_of_two_who_are_away_the_one_who_left_first_loses_the_slot():
    slots = PersonSlots(2)
    assert ids(slots, 0.0, 1, 2) == [1, 2]
    assert ids(slots, 0.5, 1) == [1, None]
    assert ids(slots, 1.0, 3) == [None, 3]
    assert ids(slots, 1.5, 4) == [4, None]
