import threading
import time
from itertools import pairwise
from types import SimpleNamespace

import pytest

from app import engine as engine_module
from app.engine import SLACK, Engine, _Pace
from app.mailbox import Latest
from app.sources.source import SourceError
from app.sources.video import VideoFile
from app.types import Result
from tests.fakes import FakeSource, wait_for, write_video


def test_a_mailbox_keeps_only_the_newest():
    box = Latest()
    for i in range(5):
        box.put(i)
    assert (box.take(), box.take()) == (4, None)


def test_a_mailbox_waits():
    box = Latest()
    threading.Timer(0.02, box.put, ("late",)).start()
    assert box.take(timeout=5.0) == "late"


def test_a_slow_process_sees_fresh_frames_and_counts_the_lost_ones():
    source, ages, seen = FakeSource(), [], []

    def process(frame):
        ages.append(time.perf_counter() - frame.time)
        seen.append(frame)
        time.sleep(0.02)
        return Result(frame)

    engine = Engine(source, process)
    engine.start()
    wait_for(lambda: len(ages) > 10)
    assert engine.stop() and source.closed
    assert sorted(ages)[len(ages) // 2] < 0.005
    gaps = [b.index - a.index - 1 for a, b in pairwise(seen)]
    assert [f.dropped for f in seen[1:]] == gaps and engine.dropped == sum(gaps) > 0


def test_a_file_is_played_at_its_times_and_loses_nothing():
    source, shown = FakeSource(count=12, rate=100.0, live=False), []
    engine = Engine(source, Result, sinks=(lambda r: shown.append((r.frame, time.perf_counter())),))
    engine.start()
    wait_for(lambda: engine.ended)
    wait_for(lambda: source.closed)
    assert [f.index for f, _ in shown] == list(range(12)) and engine.error is None
    assert shown[-1][1] - shown[0][1] >= 0.105  # eleven frames of 10 ms, less the clock's grain
    assert sorted(at - f.captured for f, at in shown)[6] < 0.02  # latency begins when the frame is due
    assert not engine.running


def test_a_file_catches_up_with_a_short_delay_and_of_a_long_one_with_no_more(monkeypatch):
    class Clock(threading.Event):
        """Waiting takes no time but on this clock."""

        now = 100.0

        def wait(self, timeout=None):
            self.now += timeout
            return False

    clock = Clock()
    monkeypatch.setattr(engine_module, "time", SimpleNamespace(perf_counter=lambda: clock.now))
    pace, due, begun = _Pace(), [], []
    for i, took in enumerate([0.01, 0.04 + SLACK / 2, 0.01, 0.01, 0.04 + 3 * SLACK, 0.04, 0.04, 0.01, 0.01]):
        due.append(pace.wait(0.04 * i, clock))
        begun.append(clock.now)
        clock.now += took
    # Each counts from when it was due, so that what a delay costs shows in the latency.
    late = [begun - due for begun, due in zip(begun, due, strict=True)]
    gone = 2 * SLACK  # was too much to catch up with
    assert due == pytest.approx([100 + 0.04 * i + (gone if i > 4 else 0) for i in range(9)])
    assert late == pytest.approx([0, 0, SLACK / 2, SLACK / 2 - 0.03, 0, SLACK, SLACK, SLACK, SLACK - 0.03])


def test_a_file_that_is_processed_too_slowly_plays_slower():
    frames = []

    def process(frame):
        frames.append(frame)
        time.sleep(3 * SLACK if frame.index == 0 else 0)
        return Result(frame)

    engine = Engine(FakeSource(8, 100.0, live=False), process)
    engine.start()
    wait_for(lambda: engine.ended)
    assert len(frames) == 8 and frames[7].captured - frames[0].captured >= 2 * SLACK + 0.05


def test_a_loop_goes_on_counting():
    frames = []
    engine = Engine(
        FakeSource(3, 500.0, live=False), Result, sinks=(lambda r: frames.append(r.frame),), loop=True
    )
    engine.start()
    wait_for(lambda: len(frames) >= 8)
    assert engine.stop() and not engine.ended
    assert [f.index for f in frames[:8]] == list(range(8))
    assert [round(f.time * 500) for f in frames[:8]] == list(range(8))


@pytest.mark.parametrize("part", ["open", "read", "process"])
def test_a_failure_reaches_the_window_and_stops(part):
    broken = SourceError("The camera is gone: check its cable.") if part == "open" else None
    source = FakeSource(fail_at=3 if part == "read" else None, fail_to_open=broken)

    def process(frame):
        if part == "process":
            raise ValueError("bad model")
        return Result(frame)

    engine = Engine(source, process)
    engine.start()
    wait_for(lambda: engine.error is not None)
    assert engine.stop() and source.closed and not engine.running
    assert type(engine.error) is {"open": SourceError, "read": OSError, "process": ValueError}[part]


def test_it_can_be_started_again_after_a_failure():
    source = FakeSource(fail_to_open=SourceError("busy"))
    engine = Engine(source, Result)
    engine.start()
    wait_for(lambda: engine.error is not None and not engine.running)
    source.fail_to_open = None
    engine.start()
    wait_for(lambda: engine.results.take() is not None)
    assert engine.error is None and engine.stop()


def test_stop_does_not_wait_for_a_source_that_is_stuck():
    class Stuck(FakeSource):
        def read(self):
            forever.wait(30)

    forever = threading.Event()
    engine = Engine(Stuck(), Result)
    engine.start()
    begun = time.perf_counter()
    assert engine.stop(timeout=0.1) is False and time.perf_counter() - begun < 1
    forever.set()


def test_stop_interrupts_the_wait_for_a_frame_that_is_due_much_later():
    engine = Engine(FakeSource(5, 0.01, live=False), Result)
    engine.start()
    wait_for(lambda: engine.results.take() is not None)
    assert engine.stop(timeout=1.0)


def test_a_sink_that_fails_is_let_go_once_and_the_picture_goes_on():
    calls, kept = [], []

    def full_disk(result):
        calls.append(result)
        raise OSError("No space left on device")

    engine = Engine(FakeSource(), Result, sinks=(full_disk, kept.append))
    engine.start()
    wait_for(lambda: len(kept) > 5)
    assert engine.running and engine.error is None
    assert len(calls) == 1 and str(engine.sink_error) == "No space left on device"
    assert engine.stop()


def test_an_old_error_is_not_that_of_a_new_sink():
    def full_disk(result):
        raise OSError("No space left on device")

    engine, kept = Engine(FakeSource(), Result, sinks=(full_disk,)), []
    engine.start()
    wait_for(lambda: engine.sink_error is not None)
    engine.add_sink(kept.append)
    wait_for(lambda: bool(kept))
    assert engine.sink_error is None and engine.stop()


def test_sinks_come_and_go_while_it_runs():
    late = []
    engine = Engine(FakeSource(), Result)
    engine.start()
    engine.add_sink(late.append)
    wait_for(lambda: len(late) > 2)
    engine.remove_sink(late.append)
    time.sleep(0.02)
    count = len(late)
    time.sleep(0.02)
    assert len(late) == count and engine.stop()


def steered(path, taken, jumps):
    """An engine on a clip of 60 frames at 20 a second, once its first frame has come."""
    engine = Engine(
        VideoFile(path),
        Result,
        sinks=(lambda r: taken.append(r.frame),),
        jumped=lambda: jumps.append(len(taken)),
    )
    engine.start()
    wait_for(lambda: engine.transport is not None and taken)
    return engine


def test_a_video_can_be_paused_stepped_and_sought(tmp_path):
    taken, jumps = [], []
    engine = steered(write_video(tmp_path / "a.avi", 60), taken, jumps)
    transport = engine.transport
    assert transport.duration == pytest.approx(59 / 20)
    transport.pause()
    time.sleep(0.15)
    stands = len(taken)
    time.sleep(0.15)
    assert len(taken) == stands and engine.running
    transport.step(1)
    wait_for(lambda: len(taken) == stands + 1)
    assert taken[-1].index == taken[-2].index + 1
    transport.seek(2.5)
    wait_for(lambda: taken[-1].time == pytest.approx(2.5))
    assert taken[-1].index == 50 and jumps == [stands + 1]
    assert taken[-1].image.mean() == pytest.approx(10 + 20 * (50 % 12), abs=3)
    transport.step(-2)
    wait_for(lambda: taken[-1].index == 48)
    transport.seek(1e9)
    wait_for(lambda: taken[-1].index == 59)
    transport.seek(-1)
    wait_for(lambda: taken[-1].index == 0)
    transport.play()
    wait_for(lambda: taken[-1].index >= 4)
    assert engine.stop()


def test_a_video_can_be_played_faster(tmp_path):
    taken = []
    engine = steered(write_video(tmp_path / "a.avi", 60), taken, [])
    engine.transport.set_speed(4.0)
    begun = time.perf_counter()
    wait_for(lambda: engine.ended)
    assert time.perf_counter() - begun < 1.6 and [f.index for f in taken] == list(range(60))


def test_a_paused_video_can_be_stopped_and_a_recording_lets_it_run(tmp_path):
    taken = []
    engine = steered(write_video(tmp_path / "a.avi", 60), taken, [])
    engine.transport.pause()
    engine.transport.run()
    count = len(taken)
    wait_for(lambda: len(taken) > count + 2)
    engine.transport.pause()
    begun = time.perf_counter()
    assert engine.stop() and time.perf_counter() - begun < 1.0


def test_a_loop_and_a_camera_are_not_steered(tmp_path):
    for engine in (
        Engine(VideoFile(write_video(tmp_path / "a.avi", 3)), Result, loop=True),
        Engine(FakeSource(), Result),
    ):
        engine.start()
        wait_for(lambda engine=engine: engine.results.take() is not None)
        assert engine.transport is None and engine.stop()
