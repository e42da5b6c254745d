"""What is done for each frame, decided from made-up costs: exactly, and without flapping."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from app.tune import CALM, EXACT, LADDER, LOOK, Tuner
from app.types import Effort, Result, StageTimes
from tests.fakes import face, result

RATE = 30.0


class Machine:
    """Plays frames whose cost in ms is `cost(effort)`, and notes each change as (s, effort)."""

    def __init__(self, tuner: Tuner, cost, int8=0.5, lost=0) -> None:
        self.tuner, self.cost, self.lost = tuner, cost, lost
        self.affect = {"float32": 1.0, "int8": int8}  # ms a face
        self.frame, self.changes = 0, []
        self.clock, self.wait = 0.0, 1e3 / RATE  # s; ms from one frame to the next on the real clock

    def run(self, seconds: float) -> list[tuple[float, Effort]]:
        first = len(self.changes)
        for _ in range(round(seconds * RATE)):
            effort = self.tuner.effort
            if self.tuner.see(self._result(effort)):
                self.changes.append((self.frame / RATE, self.tuner.effort))
            self.frame += 1
        return self.changes[first:]

    def _result(self, effort: Effort) -> Result:
        made = result(self.frame, self.frame / RATE, face(1), dropped=self.lost)
        self.clock += self.wait / 1e3
        made = replace(made, frame=replace(made.frame, captured=self.clock))
        return replace(made, times=StageTimes(affect=self.affect[effort.precision], total=self.cost(effort)))


def cheaper(full: float):
    """A fifth less with each step down."""
    return lambda effort: full * 0.8 ** LADDER.index(effort)


def test_a_fast_machine_does_everything_for_ever():
    machine = Machine(Tuner(RATE), cheaper(12))
    assert machine.run(120) == []
    assert machine.tuner.effort == Effort()
    assert machine.tuner.sentence == (
        "Automatic: float32 network, new faces looked for every 5 frames, since a frame took 12 of 33 ms."
    )


def test_a_slow_one_does_less_step_by_step_until_it_holds_the_rate():
    machine = Machine(Tuner(RATE), cheaper(45))  # 45, 36, 28.8 of 33.3 ms
    changes = machine.run(300)
    assert [effort for _, effort in changes] == list(LADDER[1:3])
    assert [time for time, _ in changes] == pytest.approx([LOOK, 2 * LOOK + 1 / RATE], abs=0.04)
    assert machine.tuner.sentence == (
        "Automatic: int8 network, new faces looked for every 15 frames, since a frame took 36 of 33 ms."
    )


def test_one_that_is_hopeless_stays_at_the_end():
    machine = Machine(Tuner(RATE), lambda _: 100.0)
    machine.run(60)
    assert machine.tuner.effort == LADDER[-1]
    assert machine.tuner.sentence.endswith(
        "landmarks found in one of 3 frames, one of 2 pictures painted, since a frame took 100 of 33 ms."
    )


def test_a_slower_source_asks_for_less():
    assert Machine(Tuner(15.0), lambda _: 45.0).run(60) == []
    assert Machine(Tuner(0.0), lambda _: 45.0).run(60) != []  # says no rate: 30


def test_frames_that_were_lost_count_too_unless_it_was_not_us():
    assert Machine(Tuner(RATE), lambda _: 25.0, lost=1).run(3)[0][1] == LADDER[1]
    assert Machine(Tuner(RATE), lambda _: 10.0, lost=1).run(60) == []


def test_a_file_that_plays_too_slowly_counts_too() -> None:
    machine = Machine(Tuner(RATE), lambda _: 25.0)
    machine.wait = 40.0
    assert machine.run(3)[0][1] == LADDER[1]
    assert "a frame took 25 of 33 ms and 17% came too late" in machine.tuner.sentence
    paused = Machine(Tuner(RATE), lambda _: 25.0)
    paused.run(1)
    paused.clock += 60
    assert paused.run(60) == []


def test_more_is_done_again_after_ten_seconds_of_leisure():
    machine = Machine(Tuner(RATE), lambda _: 40.0)
    machine.run(1.5)
    machine.cost = lambda _: 10.0
    (time, effort), *_ = machine.run(20)
    assert effort == Effort()
    assert CALM <= time - LOOK <= CALM + 2 * LOOK
    assert "a frame took 10 of 33 ms" in machine.tuner.sentence


def test_what_was_too_much_is_tried_ever_more_seldom():
    machine = Machine(Tuner(RATE), lambda effort: 50.0 if effort == Effort() else 15.0)
    tries = [time for time, effort in machine.run(600) if effort == Effort()]
    waits = [b - a for a, b in pairwise(tries)]
    assert waits == sorted(waits) and len(tries) <= 6 and waits[-1] > 100


def test_between_busy_and_idle_nothing_changes():
    machine = Machine(Tuner(RATE), lambda _: 40.0)
    machine.run(1.05)
    machine.cost = lambda _: 25.0
    assert machine.run(600) == []


def test_a_hiccup_is_no_reason():
    machine = Machine(Tuner(RATE), lambda _: 400.0 if machine.frame % 40 == 20 else 15.0)
    assert machine.run(60) == []


def test_eight_bits_that_are_not_faster_are_given_up():
    machine = Machine(Tuner(RATE), lambda _: 100.0, int8=0.95)
    machine.run(30)
    assert machine.tuner.effort == EXACT[-1]
    assert [e.precision for _, e in machine.changes].count("int8") == 1


def test_a_recording_is_measured_in_full_by_one_network():
    machine = Machine(Tuner(RATE), lambda _: 100.0)
    machine.run(30)
    machine.tuner.record(live=True)
    assert machine.tuner.effort == Effort("int8", search=15)
    assert "every frame of a recording is measured in full" in machine.tuner.sentence
    assert [effort for _, effort in machine.run(60)] == [Effort("int8", search=15, pictures=2)]
    machine.tuner.recorded()
    assert machine.tuner.effort == Effort("int8", search=15)
    machine.run(30)
    assert machine.tuner.effort == LADDER[-1]


def test_while_recording_new_faces_may_be_looked_for_less_often():
    machine = Machine(Tuner(RATE), lambda _: 100.0)
    machine.tuner.record(live=True)
    changes = [effort for _, effort in machine.run(60)]
    assert changes == [Effort(search=15), Effort(search=15, pictures=2)]


def test_a_recorded_file_never_depends_on_the_machine():
    machine = Machine(Tuner(RATE), lambda _: 100.0)
    machine.run(30)
    machine.tuner.record(live=False)
    assert machine.tuner.effort == Effort()
    assert machine.run(60) == []


def test_a_leap_in_a_file_begins_anew():
    machine = Machine(Tuner(RATE), lambda _: 100.0)
    machine.run(1.5)
    machine.frame -= 30
    assert machine.run(0.9) == [] and machine.run(0.2) != []
