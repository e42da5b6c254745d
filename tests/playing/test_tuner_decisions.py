"""The tuner decides on 60,000 made-up results exactly as it did when `tuner_decisions.json` was recorded.

`python -m tests.playing.test_tuner_decisions` records the file again after a decision was changed on purpose.
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from app.playing.tuner import Tuner
from app.types import Result, StageTimes, Workload
from tests.fakes import face, result

RECORDED = Path(__file__).with_name("tuner_decisions.json")
FRAMES = 6000  # of each load
STEPS = {  # a level's cost, in shares of the full one
    Workload(): 1.0,
    Workload(search_every=15): 0.85,
    Workload(search_every=15, landmarks_every=2): 0.6,
    Workload(search_every=15, landmarks_every=3): 0.5,
    Workload(search_every=15, landmarks_every=3, paint_every=2): 0.47,
    Workload(search_every=15, paint_every=2): 0.8,
}


@dataclass(frozen=True)
class Moment:
    """What one frame is like, if everything is computed for it."""

    cost: float  # ms
    faces: int = 1
    dropped: int = 0
    more: float = 0.0  # ms that the full workload costs beyond that
    late: float = 0.0  # ms that it comes later than one period after the frame before
    skipped: float = 0.0  # s that its time is ahead of the next one in turn; negative for a leap back
    record: bool | None = None  # True and False begin a recording, of a camera and of a file; see `ends`
    ends: bool = False  # a recording ends before this frame


Load = Callable[[random.Random], Iterator[Moment]]


def slow(noise: random.Random) -> Iterator[Moment]:
    while True:
        yield Moment(45 * noise.uniform(0.8, 1.2))


def hopeless(noise: random.Random) -> Iterator[Moment]:
    while True:
        yield Moment(150 * noise.uniform(0.9, 1.1))


def tides(noise: random.Random) -> Iterator[Moment]:
    """Another program's load comes and goes in a minute."""
    for i in range(FRAMES):
        yield Moment((25 + 22 * math.sin(i / 150)) * noise.uniform(0.9, 1.15))


def visitors(noise: random.Random) -> Iterator[Moment]:
    faces = 1
    while True:
        for _ in range(noise.randrange(60, 900)):
            yield Moment((4 + 9 * faces) * noise.uniform(0.85, 1.2), faces)
        faces = noise.randrange(5)


def hiccups(noise: random.Random) -> Iterator[Moment]:
    while True:
        yield Moment(400.0 if noise.random() < 0.03 else 24 * noise.uniform(0.8, 1.3))


def deceptive(noise: random.Random) -> Iterator[Moment]:
    """Leisure, until everything is computed: then it is too much. Now and then somebody leaves."""
    for i in range(FRAMES):
        faces = 1 if 2500 < i < 2700 else 3
        yield Moment(14 * noise.uniform(0.9, 1.1), faces, more=40.0 * (faces > 1))


def lossy(noise: random.Random) -> Iterator[Moment]:
    """A camera that loses frames now and then, for its own reasons or for ours."""
    for i in range(FRAMES):
        losing = i % 1500 > 700
        yield Moment(26 * noise.uniform(0.9, 1.1), dropped=int(losing and noise.random() < 0.2))


def behind(noise: random.Random) -> Iterator[Moment]:
    """A file that plays too slowly for a while."""
    for i in range(FRAMES):
        late = 8.0 if i % 1300 > 900 else 0.0
        yield Moment(27 * noise.uniform(0.9, 1.1), late=late * noise.uniform(0.5, 1.5))


def sought(noise: random.Random) -> Iterator[Moment]:
    """A video that somebody seeks in, forward and back."""
    while True:
        leap = noise.uniform(-30, 60) if noise.random() < 0.004 else 0.0
        yield Moment(31 * noise.uniform(0.5, 1.5), skipped=leap)


def recorded(noise: random.Random) -> Iterator[Moment]:
    """Recordings of a camera and of a file, while the load changes."""
    begun = {200: True, 1100: False, 1900: True, 3200: True, 5200: False}
    for i in range(FRAMES):
        cost = (60 if i % 1000 < 600 else 12) * noise.uniform(0.9, 1.1)
        yield Moment(cost, record=begun.get(i), ends=i in (800, 1400, 2600, 4900, 5900))


LOADS: dict[str, tuple[float, Load]] = {  # frames a second, and what the frames are like
    "slow": (30.0, slow),
    "hopeless": (30.0, hopeless),
    "tides": (30.0, tides),
    "visitors": (30.0, visitors),
    "hiccups": (25.0, hiccups),
    "deceptive": (30.0, deceptive),
    "lossy": (30.0, lossy),
    "behind": (30.0, behind),
    "sought": (0.0, sought),
    "recorded": (30.0, recorded),
}


def decisions(name: str) -> list[list[int]]:
    """Each change, as frame, search, landmarks and pictures."""
    rate, load = LOADS[name]
    period = 1 / (rate or 30.0)  # s
    tuner, made, time, clock = Tuner(rate), [], 0.0, 0.0
    for i, moment in zip(range(FRAMES), load(random.Random(name)), strict=False):
        before = tuner.workload
        if moment.ends:
            tuner.end_recording()
        if moment.record is not None:
            tuner.begin_recording(live=moment.record)
        time = max(0.0, time + moment.skipped)
        clock += period + moment.late / 1e3
        tuner.see(measured(i, time, clock, moment, tuner.workload))
        time += period
        if (now := tuner.workload) != before:
            made.append([i, now.search_every, now.landmarks_every, now.paint_every])
    return made


def measured(i: int, time: float, clock: float, moment: Moment, workload: Workload) -> Result:
    """The result of frame `i`, at the cost of `workload`."""
    people = [face(id + 1) for id in range(moment.faces)]
    made = result(i, time, *people, dropped=moment.dropped)
    frame = replace(made.frame, captured=clock)
    cost = moment.cost * STEPS[workload] + moment.more * (workload == Workload())
    return replace(made, frame=frame, times=StageTimes(total=cost))


@pytest.mark.parametrize("name", LOADS)
def test_it_decides_as_it_did(name: str) -> None:
    assert decisions(name) == json.loads(RECORDED.read_text(encoding="utf-8"))[name]


def test_the_record_holds_decisions_of_every_kind() -> None:
    made = [
        change for changes in json.loads(RECORDED.read_text(encoding="utf-8")).values() for change in changes
    ]
    assert len(made) > 60
    assert {tuple(levels) for _, *levels in made} == {
        (w.search_every, w.landmarks_every, w.paint_every) for w in STEPS
    }


if __name__ == "__main__":
    rows = {name: [json.dumps(change) for change in decisions(name)] for name in LOADS}
    text = ",\n".join(f'  "{name}": [{", ".join(changes)}]' for name, changes in rows.items())
    RECORDED.write_text(f"{{\n{text}\n}}\n", encoding="utf-8")
