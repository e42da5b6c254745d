import threading
import time
from itertools import pairwise

import pytest

from app.playing import engine as module
from app.playing.engine import SLACK, Engine, _Pace
from app.sources.source import SourceError
from app.sources.video import VideoFile
from app.system.mailbox import Mailbox
from app.types import Result
from tests.fakes import LONG, Clock, FakeSource, wait_for, write_video


def test_a_mailbox_keeps_only_the_newest():
    box = Mailbox()
    for i in range(5):
        box.put(i)
    assert (box.take(), box.take()) == (4, None)


def test_a_mailbox_waits():
    box = Mailbox()
    threading.Timer(0.02, box.put, ("late",)).start()
    assert box.take(LONG) == "late"


def test_a_slow_process_sees_fresh_frames_and_counts_the_lost_ones():
    source, newest, seen = FakeSource(), [], []

    def process(frame):
        newest.append(frame.index == source.n)
        seen.append(frame)
        time.sleep(0.02)
        return Result(frame)

    engine = Engine(source, process)
    engine.start()
    wait_for(lambda: len(seen) > 10)
    assert engine.stop(LONG) and source.closed and all(newest)
    gaps = [b.index - a.index - 1 for a, b in pairwise(seen)]
    assert [f.dropped for f in seen[1:]] == gaps and engine.dropped == sum(gaps) > 0


def test_a_file_loses_nothing():
    source, shown = FakeSource(count=12, rate=100.0, live=False), []
    engine = Engine(source, Result, sinks=(lambda r: shown.append(r.frame.index),))
    engine.start()
    wait_for(lambda: engine.ended and not engine.running)
    wait_for(lambda: source.closed)
    assert shown == list(range(12)) and engine.error is None


@pytest.fixture
def clock(monkeypatch):
    """The engine's clock, moved on by its own waiting alone."""
    made = Clock()
    monkeypatch.setattr(module, "clock", made)
    return made


def play(engine, clock):
    """All of a file, on the thread of the test."""
    engine.run(clock)


def test_a_file_is_played_at_its_times(clock):
    shown = []
    source = FakeSource(count=12, rate=100.0, live=False)
    play(Engine(source, Result, sinks=(lambda r: shown.append((clock.passed, r.frame.captured)),)), clock)
    assert [at for at, _ in shown] == pytest.approx([i / 100 for i in range(12)])
    assert [at for _, at in shown] == pytest.approx([i / 100 for i in range(12)])  # as if it came when due


def test_a_file_catches_up_with_a_short_delay_and_of_a_long_one_with_no_more(clock):
    pace, due, begun = _Pace(), [], []
    for i, took in enumerate([0.01, 0.04 + SLACK / 2, 0.01, 0.01, 0.04 + 3 * SLACK, 0.04, 0.04, 0.01, 0.01]):
        due.append(pace.wait(0.04 * i, clock))
        begun.append(clock.passed)
        clock.passed += took
    # Each counts from when it was due, so that what a delay costs shows in the latency.
    late = [begun - due for begun, due in zip(begun, due, strict=True)]
    gone = 2 * SLACK  # was too much to catch up with
    assert due == pytest.approx([0.04 * i + (gone if i > 4 else 0) for i in range(9)])
    assert late == pytest.approx([0, 0, SLACK / 2, SLACK / 2 - 0.03, 0, SLACK, SLACK, SLACK, SLACK - 0.03])


def test_a_file_that_is_processed_too_slowly_plays_slower(clock):
    frames = []

    def process(frame):
        frames.append(frame)
        clock.passed += 3 * SLACK if frame.index == 0 else 0
        return Result(frame)

    play(Engine(FakeSource(8, 100.0, live=False), process), clock)
    assert [f.captured for f in frames[1:]] == pytest.approx([2 * SLACK + i / 100 for i in range(7)])


def test_a_loop_goes_on_counting():
    frames = []
    engine = Engine(
        FakeSource(3, 500.0, live=False), Result, sinks=(lambda r: frames.append(r.frame),), loop=True
    )
    engine.start()
    wait_for(lambda: len(frames) >= 8)
    assert engine.stop(LONG) and not engine.ended
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
    assert engine.stop(LONG) and source.closed and not engine.running
    assert type(engine.error) is {"open": SourceError, "read": OSError, "process": ValueError}[part]


def test_it_can_be_started_again_after_a_failure():
    source = FakeSource(fail_to_open=SourceError("busy"))
    engine = Engine(source, Result)
    engine.start()
    wait_for(lambda: engine.error is not None and not engine.running)
    source.fail_to_open = None
    engine.start()
    wait_for(lambda: engine.results.take() is not None)
    assert engine.error is None and engine.stop(LONG)


def test_stop_does_not_wait_for_a_source_that_is_stuck():
    class Stuck(FakeSource):
        def read(self):
            reading.set()
            forever.wait(LONG)

    reading, forever = threading.Event(), threading.Event()
    engine = Engine(Stuck(), Result)
    engine.start()
    assert reading.wait(LONG)
    assert engine.stop(timeout=0.1) is False
    forever.set()
    assert engine.stop(LONG)


def test_stop_interrupts_the_wait_for_a_frame_that_is_due_much_later():
    engine = Engine(FakeSource(5, 0.1 / LONG, live=False), Result)
    engine.start()
    wait_for(lambda: engine.results.take() is not None)
    assert engine.stop(LONG)


def test_a_sink_that_fails_is_let_go_once_and_the_picture_goes_on():
    calls, kept = [], []

    def full_disk(result):
        calls.append(result)
        raise OSError("No space left on device")

    engine = Engine(FakeSource(), Result, sinks=(full_disk, kept.append))
    engine.start()
    wait_for(lambda: len(kept) > 5)
    assert engine.running and engine.error is None
    assert len(calls) == 1 and str(engine.failure(full_disk)) == "No space left on device"
    assert engine.stop(LONG)


def test_an_old_error_is_not_that_of_a_new_sink():
    def full_disk(result):
        raise OSError("No space left on device")

    engine, kept = Engine(FakeSource(), Result, sinks=(full_disk,)), []
    engine.start()
    wait_for(lambda: engine.failure(full_disk) is not None)
    engine.add_sink(kept.append)
    wait_for(lambda: bool(kept))
    assert engine.failure(kept.append) is None
    assert str(engine.failure(full_disk)) == "No space left on device"
    engine.remove_sink(full_disk)
    assert engine.failure(full_disk) is None and engine.stop()


def test_each_sink_has_its_own_error():
    def full_disk(result):
        raise OSError("No space left on device")

    def no_network(result):
        raise OSError("Network is unreachable")

    engine = Engine(FakeSource(), Result, sinks=(full_disk, no_network))
    engine.start()
    wait_for(lambda: engine.failure(no_network) is not None)
    assert "No space left" in str(engine.failure(full_disk))
    assert "Network is unreachable" in str(engine.failure(no_network))
    assert engine.stop(LONG)
    engine.start()
    assert engine.running and engine.stop(LONG)


def test_a_sink_that_is_added_anew_is_called_again():
    calls = []

    def twice(result):
        calls.append(result)
        if len(calls) == 1:
            raise OSError("No space left on device")

    engine = Engine(FakeSource(), Result, sinks=(twice,))
    engine.start()
    wait_for(lambda: engine.failure(twice) is not None)
    engine.add_sink(twice)
    wait_for(lambda: len(calls) > 2)
    assert engine.failure(twice) is None and engine.stop(LONG)


def test_the_error_of_a_sink_that_was_removed_meanwhile_is_nobodys():
    def leaves(result):
        engine.remove_sink(leaves)
        raise OSError("No space left on device")

    after = []
    engine = Engine(FakeSource(), Result, sinks=(leaves, after.append))
    engine.start()
    wait_for(lambda: len(after) > 1)
    assert engine.failure(leaves) is None and engine.stop(LONG)


def test_a_paused_camera_is_read_on_and_loses_nothing_that_counts():
    source, shown = FakeSource(), []
    engine = Engine(source, lambda frame: shown.append(frame) or Result(frame))
    engine.start()
    wait_for(lambda: shown)
    engine.pause()
    read, done = source.n, len(shown)
    wait_for(lambda: source.n > read + 100)
    assert engine.paused and len(shown) <= done + 1 and not source.closed
    paused = len(shown)
    engine.resume()
    wait_for(lambda: len(shown) > paused)
    assert not engine.paused and shown[paused].index > read + 90 and shown[paused].dropped == 0
    assert engine.stop(LONG)


def test_a_paused_loop_waits_with_its_next_frame():
    source, shown = FakeSource(count=10**6, live=False), []
    engine = Engine(source, Result, sinks=(lambda result: shown.append(result.frame.index),), loop=True)
    engine.start()
    wait_for(lambda: len(shown) > 2)
    engine.pause()
    wait_for(lambda: len(shown) == source.n)
    paused = len(shown)
    engine.resume()
    wait_for(lambda: len(shown) > paused + 2)
    assert shown == list(range(len(shown))) and engine.stop(LONG)


def test_a_video_that_was_paused_before_it_is_open_begins_so(tmp_path):
    engine = Engine(VideoFile(write_video(tmp_path / "clip.avi", 20)), Result)
    engine.start()
    engine.pause()
    wait_for(lambda: engine.transport is not None)
    assert engine.paused and not engine.transport.playing and engine.stop(LONG)


def test_sinks_come_and_go_while_it_runs():
    late = []
    engine = Engine(FakeSource(), Result)
    engine.start()
    engine.add_sink(late.append)
    wait_for(lambda: len(late) > 2)
    engine.remove_sink(late.append)
    let_pass(engine, 2)  # the one that was on its way may still come
    count = len(late)
    let_pass(engine, 3)
    assert len(late) == count and engine.stop(LONG)


def let_pass(engine, frames):
    engine.results.take()
    for _ in range(frames):
        wait_for(lambda: engine.results.take() is not None)


def steered(path, taken, jumps):
    """An engine on a clip of 60 frames at 20 a second, which its first frame has paused."""

    def take(result):
        taken.append(result.frame)
        if len(taken) == 1:
            engine.transport.pause()

    engine = Engine(VideoFile(path), Result, sinks=(take,), jumped=lambda: jumps.append(len(taken)))
    engine.start()
    wait_for(lambda: taken and not engine.transport.playing)
    return engine


def test_a_video_can_be_paused_stepped_and_sought(tmp_path):
    taken, jumps = [], []
    engine = steered(write_video(tmp_path / "a.avi", 60), taken, jumps)
    transport = engine.transport
    assert transport.duration == pytest.approx(59 / 20)
    time.sleep(0.15)
    assert len(taken) == 1 and engine.running
    transport.step(1)
    wait_for(lambda: len(taken) == 2)
    assert taken[-1].index == 1
    transport.seek(2.5)
    wait_for(lambda: taken[-1].time == pytest.approx(2.5))
    assert taken[-1].index == 50 and jumps == [2]
    assert taken[-1].image.mean() == pytest.approx(10 + 20 * (50 % 12), abs=3)
    transport.step(-2)
    wait_for(lambda: taken[-1].index == 48)
    transport.seek(1e9)
    wait_for(lambda: taken[-1].index == 59)
    transport.seek(-1)
    wait_for(lambda: taken[-1].index == 0)
    transport.play()
    wait_for(lambda: taken[-1].index >= 4)
    assert engine.stop(LONG)


def test_a_step_back_shows_what_was_measured_and_the_next_new_frame_follows(tmp_path):
    taken, jumps = [], []
    engine = steered(write_video(tmp_path / "a.avi", 60), taken, jumps)
    transport = engine.transport
    transport.step(3)
    wait_for(lambda: len(taken) == 4)
    engine.results.take()
    transport.step(-2)
    shown = []
    wait_for(lambda: shown.append(engine.results.take()) or shown[-1] is not None)
    assert shown[-1].frame.index == 1 and shown[-1].frame.image.any()
    transport.step(3)
    wait_for(lambda: len(taken) == 5)
    assert [frame.index for frame in taken] == [0, 1, 2, 3, 4] and not jumps
    engine.measure_anew()  # as a recording does, which needs each row
    transport.step(-2)
    wait_for(lambda: len(taken) == 6)
    assert taken[-1].index == 2 and jumps == [5]
    assert engine.stop(LONG)


def test_a_video_can_be_played_faster(tmp_path, clock):
    taken = []

    def take(result):
        taken.append((result.frame.index, clock.passed))
        engine.transport.set_speed(4.0)

    engine = Engine(VideoFile(write_video(tmp_path / "a.avi", 60)), Result, sinks=(take,))
    play(engine, clock)
    assert [index for index, _ in taken] == list(range(60))
    assert [at for _, at in taken[1:]] == pytest.approx([i / 80 for i in range(59)])


def test_a_paused_video_can_be_stopped_and_a_recording_lets_it_run(tmp_path):
    taken = []
    engine = steered(write_video(tmp_path / "a.avi", 60), taken, [])
    engine.transport.run()
    wait_for(lambda: len(taken) > 3)
    engine.transport.pause()
    assert engine.stop(LONG)


def test_a_loop_and_a_camera_are_not_steered(tmp_path):
    for engine in (
        Engine(VideoFile(write_video(tmp_path / "a.avi", 3)), Result, loop=True),
        Engine(FakeSource(), Result),
    ):
        engine.start()
        wait_for(lambda engine=engine: engine.results.take() is not None)
        assert engine.transport is None and engine.stop(LONG)
