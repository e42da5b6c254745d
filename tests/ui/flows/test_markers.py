"""Markers from outside: recorded at their time, said, and sent on to other programs."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QApplication

from app.playing.active_recording import ActiveRecording
from app.playing.engine import Engine
from app.sessions.header import SessionHeader
from app.sessions.reading import RecordedSession
from app.sessions.recorder import Recorder
from app.sources.source import Mode
from app.stages.baseline import BaselineStage
from app.system import clock
from app.types import Result
from app.ui.flows.markers import Markers
from app.ui.flows.recording_control import RecordingControl
from app.ui.flows.running import WorkState
from app.ui.flows.worker import Worker
from tests.ui.doubles import FakeSource, frame


def test_a_marker_from_outside_is_recorded_at_its_time_and_sent_on(
    qapp: QApplication, tmp_path: Path
) -> None:
    header = SessionHeader("Camera", True, Mode(4, 4, 30.0, ""), (), 1, 0.5)
    adaptive = SimpleNamespace(begin_recording=lambda live: None, end_recording=lambda: None)
    engine = Engine(FakeSource(), Result)
    recording = ActiveRecording(engine, adaptive, lambda: Recorder(tmp_path, header))
    seen = replace(frame(), captured=clock.now() - 0.05, wall=time.time())
    recording.tell(lambda recorder: recorder.append(Result(seen)))
    worker = Worker("live", WorkState(recording=recording))
    control = RecordingControl(worker, BaselineStage())
    markers, said, sent = Markers(worker, control), list[str](), list[tuple[str, float]]()
    markers.marked.connect(said.append)
    markers.send = lambda text, when: sent.append((text, when))
    markers.mark("from udp", "udp", seen.captured + 0.02)
    markers.mark("from lsl", "lsl", seen.captured + 0.03)
    control.stop()
    worker.close()
    (folder,) = tmp_path.iterdir()
    events = [e for e in RecordedSession(folder).events() if e.kind == "marker"]
    assert [(e.text, e.origin, e.time) for e in events] == [
        ("from udp", "udp", pytest.approx(0.02)),
        ("from lsl", "lsl", pytest.approx(0.03)),
    ]
    assert said == ["from udp", "from lsl"] and sent == [("from udp", seen.captured + 0.02)]
