"""Detectors run only in the frames in which it pays."""

from app.stages.faces.schedule import TILES, Schedule, Search

ALL, NOTHING, FAR, NEAR, TILE = (
    Search(True, True, TILES),
    Search(),
    Search(far=True),
    Search(near=True),
    Search(tiles=1),
)
# Frames while faces are known.
TEN = [NOTHING, TILE, NOTHING, NOTHING, FAR, NOTHING, TILE, NOTHING, NOTHING, NEAR]


def asked(schedule: Schedule, *counts: int) -> list[Search]:
    """What it asks for in each frame, when so many faces are found in each."""
    answers = []
    for count in counts:
        answers.append(schedule.next(5))
        schedule.found(count)
    return answers


def test_detectors_are_asked_only_when_it_pays():
    found = asked(Schedule(2, still=False), 0, 0, *[1] * 12, 0, 1, 2, 2, 2, 1, 1)
    assert found[:3] == [ALL] * 3  # nobody known, up to the frame that finds the first
    assert found[3:14] == [*TEN, NOTHING]
    assert found[14:17] == [TILE, ALL, NOTHING]  # the frame that loses, then a search that finds
    assert found[17:21] == [NOTHING] * 3 + [ALL]  # as many as wanted; then one was lost


def test_to_count_the_others_it_goes_on_when_there_are_as_many_as_wanted():
    assert asked(Schedule(2, still=False, count=True), *[2] * 21)[1:] == TEN * 2
    assert asked(Schedule(2, still=False), *[2] * 21)[1:] == [NOTHING] * 20


def test_unrelated_pictures_are_searched_in_full():
    assert asked(Schedule(1, still=True), 1, 1, 0, 1) == [ALL] * 4


def test_how_often_may_change_any_time():
    schedule = Schedule(4, still=False)
    schedule.next(5)
    schedule.found(1)
    assert [schedule.next(every) for every in (1, 1, 15)] == [
        Search(True, tiles=1),
        Search(near=True, tiles=1),
        NOTHING,
    ]


def test_so_may_how_many_are_wanted():
    schedule = Schedule(1, still=False)
    schedule.next(5)
    schedule.found(1)
    assert schedule.full
    schedule.max_faces = 2
    assert not schedule.full


def test_a_turn_says_whether_anything_is_searched():
    assert not NOTHING.any and ALL.any and FAR.any and NEAR.any and TILE.any
