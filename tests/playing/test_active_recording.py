"""A recording that is under way is one object: begun wholly or not at all, watched, and ended wholly."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from app.playing.active_recording import ActiveRecording
from app.playing.engine import Engine
from app.sessions.header import SessionHeader
from app.sessions.reading import RecordedSession
from app.sessions.recorder import Recorder, RecordError
from app.sources.source import Mode
from app.types import Result
from tests.fakes import LONG, FakeSource, wait_for

CAMERA = SessionHeader("Camera", True, Mode(4, 4, 30.0, ""), (), 1, 0.5)


class FakeAdaptive:
    """What it was told, in order."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def begin_recording(self, live: bool) -> None:
        self.told.append(f"record, live {live}")

    def end_recording(self) -> None:
        self.told.append("recorded")


@pytest.fixture
def engine():
    engine = Engine(FakeSource(), Result)
    engine.start()
    wait_for(lambda: engine.results.take() is not None)
    yield engine
    assert engine.stop(LONG)


def test_it_gets_every_result_until_its_end(engine, tmp_path: Path) -> None:
    adaptive = FakeAdaptive()
    active = ActiveRecording(engine, adaptive, lambda: Recorder(tmp_path, CAMERA))
    wait_for(lambda: active.frames > 5)
    assert adaptive.told == ["record, live True"] and active.failure is None and active.warning == ""
    active.tell(lambda recorder: recorder.mark("here", "key"))
    active.end("stop")
    frames = active.frames
    engine.results.take()
    wait_for(lambda: engine.results.take() is not None)
    assert active.frames == frames and adaptive.told[1:] == ["recorded"]
    session = RecordedSession(active.folder)
    assert session.info.finished and session.info.ended_by == "stop"
    assert [event.text for event in session.events() if event.kind == "marker"] == ["here"]


def test_what_cannot_begin_leaves_nothing_behind(engine, tmp_path: Path) -> None:
    adaptive = FakeAdaptive()
    (tmp_path / "file").touch()
    with pytest.raises(RecordError, match="choose another folder"):
        ActiveRecording(engine, adaptive, lambda: Recorder(tmp_path / "file", CAMERA))
    assert adaptive.told == ["record, live True", "recorded"]


def test_its_failure_is_its_own_and_ends_with_it(engine, tmp_path: Path) -> None:
    def refuses(result: Result) -> None:
        raise OSError("No space left on device")

    def no_network(result: Result) -> None:
        raise OSError("Network is unreachable")

    engine.add_sink(no_network)
    wait_for(lambda: engine.failure(no_network) is not None)
    recorder = Recorder(tmp_path, CAMERA)
    sound = ActiveRecording(engine, FakeAdaptive(), lambda: recorder)
    assert sound.failure is None
    broken = ActiveRecording(
        engine, FakeAdaptive(), lambda: SimpleNamespace(append=refuses, close=lambda why: None)
    )
    wait_for(lambda: broken.failure is not None)
    assert "No space left" in str(broken.failure) and sound.failure is None
    broken.end("stop")
    assert broken.failure is None
    sound.end("stop")


def test_it_is_over_although_the_disk_refuses_the_last_of_it(engine, tmp_path: Path, monkeypatch) -> None:
    def refuses(*_: object) -> None:
        raise OSError(28, "No space left on device")

    adaptive = FakeAdaptive()
    active = ActiveRecording(engine, adaptive, lambda: Recorder(tmp_path, CAMERA))
    monkeypatch.setattr(Recorder, "_finish", refuses)
    with pytest.raises(RecordError, match="No space left"):
        active.end("stop")
    assert adaptive.told == ["record, live True", "recorded"]
