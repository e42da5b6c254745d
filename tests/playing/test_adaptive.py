"""A pipeline gets the workload that the tuner decides on, and the choice can be overruled."""

from __future__ import annotations

from app.playing.adaptive import AdaptivePipeline
from app.types import Frame, Result, StageTimes, Workload
from tests.fakes import IMAGE


class Slow:
    def __init__(self) -> None:
        self.workloads: list[Workload] = []

    def use(self, workload: Workload) -> None:
        self.workloads.append(workload)

    def process(self, frame: Frame) -> Result:
        return Result(frame, (), StageTimes(total=100))


def play(adaptive: AdaptivePipeline, seconds: float, begin: float = 0.0) -> None:
    for i in range(int(seconds * 30)):
        adaptive.process(Frame(i, begin + i / 30, IMAGE, 0.0))


def test_automatic_does_less_and_says_so() -> None:
    pipeline, told = Slow(), []
    adaptive = AdaptivePipeline(pipeline, lambda: 30.0, "auto", lambda: told.append(1))
    assert adaptive.sentence == "Automatic: as much as this machine can do in time."
    play(adaptive, 7)
    assert pipeline.workloads[:3] == [
        Workload(),
        Workload(search_every=15),
        Workload(search_every=15, landmarks_every=2),
    ]
    assert len(told) == len(pipeline.workloads)
    assert adaptive.sentence.startswith("Automatic: int8 network")


def test_a_fixed_precision_does_everything_however_slow() -> None:
    pipeline = Slow()
    adaptive = AdaptivePipeline(pipeline, lambda: 30.0, "float32")
    play(adaptive, 10)
    assert pipeline.workloads == [Workload("float32")]
    assert adaptive.sentence == "Fixed: float32 network, everything is done for each frame."
    adaptive.begin_recording(live=False)
    assert pipeline.workloads == [Workload("float32")]


def test_overruled_and_let_go_again() -> None:
    pipeline = Slow()
    adaptive = AdaptivePipeline(pipeline, lambda: 30.0, "auto")
    play(adaptive, 20)
    adaptive.choose("float32")
    assert pipeline.workloads[-1] == Workload("float32")
    adaptive.choose("auto")
    play(adaptive, 0.7, begin=30.0)
    assert pipeline.workloads[-1] == Workload(search_every=15)


def test_a_recording_begins_in_full_and_afterwards_everything_may_be_chosen() -> None:
    pipeline = Slow()
    adaptive = AdaptivePipeline(pipeline, lambda: 30.0, "auto")
    play(adaptive, 20)
    assert pipeline.workloads[-1].landmarks_every == 3
    adaptive.begin_recording(live=True)
    assert pipeline.workloads[-1] == Workload(search_every=15)
    adaptive.end_recording()
    play(adaptive, 10, begin=30.0)
    assert pipeline.workloads[-1].landmarks_every == 3
