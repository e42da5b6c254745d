"""A frame goes through the pipeline, then the tuner, then the baseline, and nothing outlives its source."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from app.playing.frame_processor import FrameProcessor
from app.sources.source import Mode
from app.stages.baseline import BaselineStage
from app.types import Baseline, Frame, Result, StageTimes, Workload
from tests.fakes import IMAGE, face

SOURCE = SimpleNamespace(mode=Mode(4, 4, 30.0, ""))


class SlowPipeline:
    """One neutral face with the same values in every frame, each of which takes 100 ms."""

    def __init__(self) -> None:
        self.workloads: list[Workload] = []
        self.closed = False

    def use(self, workload: Workload) -> None:
        self.workloads.append(workload)

    def process(self, frame: Frame) -> Result:
        return Result(frame, (face(1, valence=0.5, arousal=-0.25, happy=0.0),), StageTimes(total=100.0))

    def close(self) -> None:
        self.closed = True


def frames(seconds: float):
    return (Frame(i, i / 30, IMAGE, 0.0) for i in range(round(seconds * 30)))


def test_each_frame_is_measured_then_tuned_then_given_its_baseline() -> None:
    pipeline, baseline, changes = SlowPipeline(), BaselineStage(seconds=1.0), []
    processor = FrameProcessor(pipeline, SOURCE, "auto", baseline, lambda: changes.append(1))
    baseline.start()
    results = [processor.process(frame) for frame in frames(2)]
    assert pipeline.workloads[:2] == [Workload(), Workload(search_every=15)]
    assert len(changes) == len(pipeline.workloads)
    assert results[0].faces[0].baseline is None
    last = results[-1].faces[0]
    assert last.baseline is not None and last.baseline.valence == 0.5
    assert last.from_baseline(last.raw) == pytest.approx((0.0, 0.0))


def test_a_new_source_has_nobody_s_baseline() -> None:
    baseline = BaselineStage(seconds=1.0)
    first = FrameProcessor(SlowPipeline(), SOURCE, "int8", baseline)
    baseline.start()
    for frame in frames(2):
        first.process(frame)
    assert isinstance(baseline.baselines[1], Baseline)
    second = FrameProcessor(SlowPipeline(), SOURCE, "int8", baseline)
    assert dict(baseline.baselines) == {}
    assert second.process(next(frames(1))).faces[0].baseline is None


def test_closing_it_frees_the_pipeline() -> None:
    pipeline = SlowPipeline()
    FrameProcessor(pipeline, SOURCE, "int8", BaselineStage()).close()
    assert pipeline.closed
