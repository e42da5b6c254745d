"""What a crash left open is closed behind the window, and said."""

from __future__ import annotations

import json
from pathlib import Path

from app.sessions.header import SessionHeader
from app.sessions.recorder import Recorder
from app.sources.source import Mode
from app.ui.flows.live import Live
from app.ui.window import Window
from tests.ui.seen import Until


def test_a_recording_that_was_cut_off_is_recovered_and_said(
    window: Window, live: Live, sessions: Path, until: Until
) -> None:
    from tests.fakes import face, result

    recorder = Recorder(sessions, SessionHeader("x", True, Mode(1, 1, 30.0, ""), (), 4, True))
    recorder.append(result(0, 0.0, face()))
    recorder.close()
    path = recorder.folder / "session.json"
    said = json.loads(path.read_text())
    path.write_text(json.dumps(said | {"finished": False, "writer": {**said["writer"], "since": 1.0}}))
    live.recovery.start(sessions)
    until(
        lambda: window.notice_bar.text.startswith("A recording was interrupted; 0 s (1 row) were recovered")
    )
    assert json.loads(path.read_text())["recovered"] is True
