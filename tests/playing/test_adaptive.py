"""A pipeline gets the effort that was decided, and the choice can be overruled."""

from __future__ import annotations

from app.playing.adaptive import AdaptivePipeline
from app.types import Frame, Result, StageTimes, Workload
from tests.fakes import IMAGE


class Slow:
    def __init__(self) -> None:
        self.efforts: list[Workload] = []

    def use(self, workload: Workload) -> None:
        self.efforts.append(workload)

    def process(self, frame: Frame) -> Result:
        return Result(frame, (), StageTimes(total=100))


def play(tuned: AdaptivePipeline, seconds: float, begin: float = 0.0) -> None:
    for i in range(int(seconds * 30)):
        tuned.process(Frame(i, begin + i / 30, IMAGE, 0.0))


def test_automatic_does_less_and_says_so() -> None:
    pipeline, told = Slow(), []
    tuned = AdaptivePipeline(pipeline, lambda: 30.0, "auto", lambda: told.append(1))
    assert tuned.sentence == "Automatic: as much as this machine can do in time."
    play(tuned, 7)
    assert pipeline.efforts[:3] == [
        Workload(),
        Workload(search_every=15),
        Workload(search_every=15, landmarks_every=2),
    ]
    assert len(told) == len(pipeline.efforts)
    assert tuned.sentence.startswith("Automatic: int8 network")


def test_a_fixed_precision_does_everything_however_slow() -> None:
    pipeline = Slow()
    tuned = AdaptivePipeline(pipeline, lambda: 30.0, "float32")
    play(tuned, 10)
    assert pipeline.efforts == [Workload("float32")]
    assert tuned.sentence == "Fixed: float32 network, everything is done for each frame."
    tuned.begin_recording(live=False)
    assert pipeline.efforts == [Workload("float32")]


def test_overruled_and_let_go_again() -> None:
    pipeline = Slow()
    tuned = AdaptivePipeline(pipeline, lambda: 30.0, "auto")
    play(tuned, 20)
    tuned.choose("float32")
    assert pipeline.efforts[-1] == Workload("float32")
    tuned.choose("auto")
    play(tuned, 0.7, begin=30.0)
    assert pipeline.efforts[-1] == Workload(search_every=15)


def test_a_recording_begins_in_full_and_afterwards_everything_may_be_chosen() -> None:
    pipeline = Slow()
    tuned = AdaptivePipeline(pipeline, lambda: 30.0, "auto")
    play(tuned, 20)
    assert pipeline.efforts[-1].landmarks_every == 3
    tuned.begin_recording(live=True)
    assert pipeline.efforts[-1] == Workload(search_every=15)
    tuned.end_recording()
    play(tuned, 10, begin=30.0)
    assert pipeline.efforts[-1].landmarks_every == 3
