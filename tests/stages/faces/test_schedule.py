"""Detectors run only in the frames in which it pays."""

from app.stages.faces.schedule import Schedule

BOTH, NEITHER, FAR, NEAR = (True, True), (False, False), (True, False), (False, True)


def asked(schedule: Schedule, *counts: int) -> list[tuple[bool, bool]]:
    """What it asks for in each frame, when so many faces are found in each."""
    answers = []
    for count in counts:
        answers.append(schedule.next(5))
        schedule.found(count)
    return answers


def test_detectors_are_asked_only_when_it_pays():
    found = asked(Schedule(2, still=False), 0, 0, *[1] * 12, 0, 1, 2, 2, 2, 1, 1)
    assert found[:3] == [BOTH] * 3  # nobody known, up to the frame that finds the first
    assert found[3:14] == [NEITHER] * 4 + [FAR] + [NEITHER] * 4 + [NEAR] + [NEITHER]
    assert found[14:17] == [NEITHER, BOTH, NEITHER]  # the frame that loses, then a search that finds
    assert found[17:21] == [NEITHER] * 3 + [BOTH]  # as many as wanted; then one was lost


def test_unrelated_pictures_are_searched_in_full():
    assert asked(Schedule(1, still=True), 1, 1, 0, 1) == [BOTH] * 4


def test_how_often_may_change_any_time():
    schedule = Schedule(4, still=False)
    schedule.next(5)
    schedule.found(1)
    assert [schedule.next(every) for every in (1, 1, 15)] == [FAR, NEAR, NEITHER]
