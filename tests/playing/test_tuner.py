"""What is done for each frame, decided from made-up costs: exactly, and without flapping."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from app.playing.engine import SLACK
from app.playing.tuner import Tuner
from app.playing.workload_levels import JUDGE_EVERY, LEVELS, LONGEST_RETRY_AFTER, RETRY_AFTER
from app.types import Result, StageTimes, Workload
from tests.fakes import face, result

RATE = 30.0


class Machine:
    """Plays frames whose cost in ms is `cost(workload)`, and notes each change as (s, workload)."""

    def __init__(self, tuner: Tuner, cost, lost=0) -> None:
        self.tuner, self.cost, self.lost = tuner, cost, lost
        self.frame, self.faces, self.changes = 0, 1, []
        self.clock, self.wait = 0.0, 1e3 / RATE  # s; ms from one frame to the next on the real clock

    def run(self, seconds: float) -> list[tuple[float, Workload]]:
        first = len(self.changes)
        for _ in range(round(seconds * RATE)):
            workload = self.tuner.workload
            if self.tuner.see(self._result(workload)):
                self.changes.append((self.frame / RATE, self.tuner.workload))
            self.frame += 1
        return self.changes[first:]

    def _result(self, workload: Workload) -> Result:
        people = [face(i + 1) for i in range(self.faces)]
        made = result(self.frame, self.frame / RATE, *people, dropped=self.lost)
        self.clock += self.wait / 1e3
        made = replace(made, frame=replace(made.frame, captured=self.clock))
        return replace(made, times=StageTimes(total=self.cost(workload)))


def cheaper(full: float):
    """A fifth less with each level down."""
    return lambda workload: full * 0.8 ** LEVELS.index(workload)


def test_a_fast_machine_does_everything_for_ever():
    machine = Machine(Tuner(RATE), cheaper(12))
    assert machine.run(120) == []
    assert machine.tuner.workload == Workload()
    assert machine.tuner.sentence == (
        "Automatic: int8 network, new faces looked for every 5 frames, since a frame took 12 of 33 ms."
    )


def test_a_slow_one_does_less_level_by_level_until_it_holds_the_rate():
    machine = Machine(Tuner(RATE), cheaper(45))  # 45, 36, 28.8 of 33.3 ms
    changes = machine.run(300)
    assert [workload for _, workload in changes] == list(LEVELS[1:3])
    assert [time for time, _ in changes] == pytest.approx([JUDGE_EVERY, 2 * JUDGE_EVERY + 1 / RATE], abs=0.04)
    assert machine.run(300) == []
    assert machine.tuner.sentence == (
        "Automatic: int8 network, new faces looked for every 15 frames, landmarks found in one of 2 frames,"
        " since a frame took 36 of 33 ms."
    )


def test_one_that_is_hopeless_stays_at_the_end():
    machine = Machine(Tuner(RATE), lambda _: 100.0)
    machine.run(60)
    assert machine.tuner.workload == LEVELS[-1]
    assert machine.tuner.sentence.endswith(
        "landmarks found in one of 3 frames, one of 2 pictures painted, since a frame took 100 of 33 ms."
    )


def test_a_slower_source_asks_for_less():
    assert Machine(Tuner(15.0), lambda _: 45.0).run(60) == []
    assert Machine(Tuner(0.0), lambda _: 45.0).run(60) != []  # says no rate: 30


def test_frames_that_were_lost_count_too_unless_it_was_not_us():
    assert Machine(Tuner(RATE), lambda _: 25.0, lost=1).run(3)[0][1] == LEVELS[1]
    assert Machine(Tuner(RATE), lambda _: 10.0, lost=1).run(60) == []


def test_a_file_that_plays_too_slowly_counts_too() -> None:
    machine = Machine(Tuner(RATE), lambda _: 25.0)
    machine.wait = 40.0
    assert machine.run(3)[0][1] == LEVELS[1]
    assert "a frame took 25 of 33 ms and 17% came too late" in machine.tuner.sentence
    paused = Machine(Tuner(RATE), lambda _: 25.0)
    paused.run(1)
    paused.clock += 60
    assert paused.run(60) == []


def test_more_is_done_again_after_ten_seconds_of_leisure():
    machine = Machine(Tuner(RATE), lambda _: 40.0)
    machine.run(0.7)
    machine.cost = lambda _: 10.0
    (time, workload), *_ = machine.run(20)
    assert workload == Workload()
    assert RETRY_AFTER <= time - JUDGE_EVERY <= RETRY_AFTER + 2 * JUDGE_EVERY
    assert "a frame took 10 of 33 ms" in machine.tuner.sentence


def test_a_level_is_tried_only_when_it_is_likely_to_fit():
    """It was seen to cost 1.6 times as much: at 20 of 33 ms there is no room for it, at 16 there is."""
    machine = Machine(Tuner(RATE), lambda workload: 32.0 if workload == Workload() else 20.0)
    assert [workload for _, workload in machine.run(300)] == [LEVELS[1]]
    machine.cost = lambda workload: 25.6 if workload == Workload() else 16.0
    assert [workload for _, workload in machine.run(300)] == [Workload()]


def test_what_was_too_much_is_tried_ever_more_seldom():
    """Whatever made it too much comes only when it is tried, and no forecast knows that."""
    machine = Machine(Tuner(RATE), lambda workload: 50.0 if workload == Workload() else 13.0)
    tries = [time for time, workload in machine.run(450) if workload == Workload()]
    waits = [b - a for a, b in pairwise(tries)]
    assert waits == pytest.approx(
        [2 * RETRY_AFTER, 4 * RETRY_AFTER, 8 * RETRY_AFTER, LONGEST_RETRY_AFTER], abs=10
    )


def test_what_is_too_much_is_over_before_a_picture_is_lost():
    """A file plays slower, and a camera drops frames, once they wait for longer than SLACK."""
    machine = Machine(Tuner(RATE), lambda workload: 50.0 if workload == Workload() else 13.0)
    tries = machine.run(100)[1:]
    assert len(tries) > 2
    for (begun, richer), (ended, less) in zip(tries[::2], tries[1::2], strict=True):
        assert (richer, less) == (Workload(), LEVELS[1])
        assert (ended - begun) * RATE * (50.0 / 1e3 - 1 / RATE) < SLACK
    assert machine.tuner.sentence.endswith("since a frame took 50 of 33 ms.")


def test_a_hiccup_is_no_reason_to_give_up_what_is_tried():
    machine = Machine(Tuner(RATE), lambda _: 40.0)
    machine.run(0.7)
    machine.cost = lambda _: 10.0
    while not machine.run(1 / RATE):
        pass
    machine.cost = lambda _: 200.0
    assert machine.run(1 / RATE) == [] and machine.tuner.workload == Workload()
    machine.cost = lambda _: 10.0
    assert machine.run(60) == []


def test_fewer_people_are_a_reason_to_try_again_soon():
    machine = Machine(Tuner(RATE), lambda workload: 50.0 if workload == Workload() else 13.0)
    machine.faces = 4
    machine.run(300)
    assert machine.tuner.workload == LEVELS[1]
    machine.faces, machine.cost = 1, lambda _: 8.0
    assert [workload for _, workload in machine.run(RETRY_AFTER + 2)] == [Workload()]


def test_four_people_settle_within_a_few_levels_and_for_good():
    """Costs as they were traced: each in turn up to a fifth higher and lower."""
    costs = dict(zip(LEVELS, (33.0, 31.0, 22.0, 18.0, 17.0), strict=True))
    noise = [0.8, 1.1, 0.9, 1.2, 1.0, 0.85, 1.15]
    machine = Machine(Tuner(RATE), lambda workload: costs[workload] * noise[machine.frame % 7])
    machine.faces = 4
    changes = machine.run(300)
    assert [workload for _, workload in changes] == list(LEVELS[1:3]) and changes[-1][0] < 3


def test_more_people_come_and_go():
    costs = {1: 12.0, 4: 40.0}
    machine = Machine(Tuner(RATE), lambda e: costs[machine.faces] * 0.8 ** LEVELS.index(e))
    assert machine.run(60) == []
    machine.faces = 4
    assert [workload for _, workload in machine.run(60)] == list(LEVELS[1:3])
    machine.faces = 1
    assert [workload for _, workload in machine.run(60)] == [LEVELS[1], Workload()]
    assert machine.run(600) == []


def test_load_that_comes_and_goes_leaves_nothing_behind():
    machine = Machine(Tuner(RATE), cheaper(18))
    machine.run(30)
    machine.cost = cheaper(60)
    machine.run(30)
    assert machine.tuner.workload == LEVELS[4]
    machine.cost = cheaper(18)
    assert [workload for _, workload in machine.run(120)] == list(LEVELS[3::-1])


def test_each_picture_is_painted_again_as_soon_as_there_is_room():
    """That the level of fewer pictures seemed to save half was due to something else, which is over."""
    machine = Machine(Tuner(RATE), lambda workload: 40.0 if workload.paint_every == 1 else 20.0)
    machine.run(5)
    assert machine.tuner.workload == LEVELS[-1]
    machine.cost = lambda _: 21.0
    assert machine.run(RETRY_AFTER + 6)[0][1] == LEVELS[-2]


def test_load_that_goes_just_as_less_is_done_is_no_reason_for_ever():
    machine = Machine(Tuner(RATE), lambda _: 100.0)
    while not machine.run(1 / RATE):  # and the first level will seem to have saved nine tenths
        pass
    machine.cost = lambda _: 10.0
    assert [workload for _, workload in machine.run(30)] == [Workload()]


def test_between_busy_and_idle_nothing_changes():
    machine = Machine(Tuner(RATE), lambda _: 40.0)
    machine.run(0.7)
    machine.cost = lambda _: 25.0
    assert machine.run(600) == []


def test_a_hiccup_is_no_reason():
    machine = Machine(Tuner(RATE), lambda _: 400.0 if machine.frame % 40 == 20 else 15.0)
    assert machine.run(60) == []


def test_half_a_second_of_trouble_is_no_reason_either():
    machine = Machine(Tuner(RATE), lambda _: 60.0 if 300 <= machine.frame < 314 else 20.0)
    assert machine.run(60) == []


def test_a_recording_is_measured_in_full_by_one_network():
    machine = Machine(Tuner(RATE), lambda _: 100.0)
    machine.run(30)
    machine.tuner.begin_recording(live=True)
    assert machine.tuner.workload == Workload(search_every=15)
    assert "every frame of a recording is measured in full" in machine.tuner.sentence
    assert [workload for _, workload in machine.run(60)] == [Workload(search_every=15, paint_every=2)]
    machine.tuner.end_recording()
    assert machine.tuner.workload == Workload(search_every=15)
    machine.run(30)
    assert machine.tuner.workload == LEVELS[-1]


def test_while_recording_new_faces_may_be_looked_for_less_often():
    machine = Machine(Tuner(RATE), lambda _: 100.0)
    machine.tuner.begin_recording(live=True)
    changes = [workload for _, workload in machine.run(60)]
    assert changes == [Workload(search_every=15), Workload(search_every=15, paint_every=2)]


def test_a_recorded_file_never_depends_on_the_machine():
    machine = Machine(Tuner(RATE), lambda _: 100.0)
    machine.run(30)
    machine.tuner.begin_recording(live=False)
    assert machine.tuner.workload == Workload()
    assert machine.run(60) == []


def test_a_leap_in_a_file_begins_again():
    machine = Machine(Tuner(RATE), lambda _: 100.0)
    machine.run(1.5)
    machine.frame -= 30
    assert machine.run(0.45) == [] and machine.run(0.2) != []
