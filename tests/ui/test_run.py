"""The way in: a real process that opens its window, takes a picture of itself, and closes."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from app.ui.run import application, mind
from tests.fakes import LONG

ROOT = Path(__file__).parents[2]

PROGRAM = """
import sys
from pathlib import Path
import app.stages.pipeline
from app.ui import run as ui
from app.system.settings import Settings
from tests.ui.doubles import FakePipeline, FakeSource

app.stages.pipeline.Pipeline.load = lambda *_, **__: FakePipeline()
source = FakeSource(fail_at=float(sys.argv[2]))
if sys.argv[3] == "bug":
    from app.ui.panels.bars import Bars
    Bars.summary = lambda self: 1 / 0
sys.exit(ui.run(source, "Hello", Settings(), screenshot=Path(sys.argv[1]), after=0.5, record=True))
"""


def run(home: Path, out: Path, fail_at: float = math.inf, bug: str = "") -> subprocess.CompletedProcess[str]:
    return start(home, PROGRAM, str(out), str(fail_at), bug)


def start(home: Path, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(home)}
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LONG, env=environment)


def test_painting_keeps_python_from_no_other_thread_for_longer_than_half_a_millisecond(qapp: object) -> None:
    before = sys.getswitchinterval()
    try:
        application()
        assert sys.getswitchinterval() == pytest.approx(5e-4)
    finally:
        sys.setswitchinterval(before)


def test_the_window_is_imported_without_what_finds_faces(tmp_path: Path) -> None:
    """It takes long to import, and the window opens before it is needed."""
    program = """
import sys
import app.ui.run

heavy = {"mediapipe", "app.stages.facemesh", "app.stages.pipeline", "app.analysis.selftest"}
heavy.add("app.stages.faces.detector")
print(*sorted(heavy & sys.modules.keys()))
"""
    done = start(tmp_path, program)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "", "")


def test_a_screenshot_and_a_clean_end(tmp_path: Path) -> None:
    done = run(tmp_path, tmp_path / "window.png")
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert [line.split(" on the screen")[0] for line in done.stdout.splitlines()] == ["window", "first value"]
    (session,) = tmp_path.rglob("session.json")
    assert json.loads(session.read_text())["finished"]
    assert QImage(str(tmp_path / "window.png")).width() >= 1000


STAGE = PROGRAM.replace("record=True", "record=True, stage=True, screen=9").replace(
    "sys.exit(", """
from app.ui.panels.notice_bar import NoticeBar
from app.ui.panels.stage import Stage
show, say = Stage.set_on, NoticeBar.say
Stage.set_on = lambda self, on: (show(self, on), on and print("stage", self.cursor().shape().name))
NoticeBar.say = lambda self, text, *rest, **named: (print(text), say(self, text, *rest, **named))
sys.exit(""")  # fmt: skip


def test_it_can_begin_on_the_stage_and_says_that_there_is_no_such_screen(tmp_path: Path) -> None:
    done = start(tmp_path, STAGE, str(tmp_path / "window.png"), "inf", "")
    assert done.returncode == 0, done.stderr
    assert "stage BlankCursor" in done.stdout and "There is no screen 9: this computer has 1." in done.stdout
    assert "first value on the screen" in done.stdout and len(list(tmp_path.rglob("session.json"))) == 1


def test_a_folder_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    done = run(tmp_path, tmp_path / "nowhere" / "window.png")
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_source_that_fails_ends_it_at_once(tmp_path: Path) -> None:
    done = run(tmp_path, tmp_path / "window.png", fail_at=0)
    assert done.returncode == 1
    assert "stopped sending pictures" in done.stderr


def test_an_error_of_our_own_is_logged_once_and_the_picture_goes_on(tmp_path: Path) -> None:
    done = run(tmp_path, tmp_path / "window.png", bug="bug")
    assert done.returncode == 0
    assert done.stderr.count("ZeroDivisionError: division by zero") == 1  # the log, which is stderr here


def test_sigterm_finishes_the_recording(tmp_path: Path) -> None:
    program = f"""
import signal, os
from pathlib import Path
import app.stages.pipeline
from app.ui import run as ui
from app.system.settings import Settings
from app.ui.window import Window
from tests.ui.doubles import FakePipeline, FakeSource
from PySide6.QtCore import QTimer

app.stages.pipeline.Pipeline.load = lambda *_, **__: FakePipeline()
show = Window.show

def show_and_record(window):
    show(window)
    clock = QTimer(window)
    clock.timeout.connect(lambda: poll(window))
    clock.start(20)

def poll(window):
    recording = window.record_flow
    recording.folder = Path({str(tmp_path / "sessions")!r})
    if recording.active is None:
        if not window.user_actions.record.isChecked():  # pressed again before it begins, it would end
            window.user_actions.record.trigger()
    elif recording.active.frames > 10:
        os.kill(os.getpid(), signal.SIGTERM)

Window.show = show_and_record
raise SystemExit(ui.run(FakeSource(), "", Settings(welcomed=True)))
"""
    done = start(tmp_path, program)
    assert done.returncode == 0, done.stderr
    (folder,) = (tmp_path / "sessions").iterdir()
    assert '"finished": true' in (folder / "session.json").read_text()
    assert len((folder / "faces.csv").read_text().splitlines()) > 10


REPLAYED = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from app.ui import run as ui
from app.system import settings as kept
from app.system.settings import Settings
from app.ui.window import Window
from tests.made_session import make_session

show = Window.show
Window.show = lambda self: (show(self), QTimer.singleShot(200, self.close))
kept.save = lambda chosen: print("welcomed:", chosen.welcomed)
sys.exit(ui.run(None, "", Settings(), session=make_session(Path(sys.argv[1]) / "session", frames=3)))
"""


def test_who_only_saw_a_replay_is_still_greeted_before_the_camera_opens(tmp_path: Path) -> None:
    done = start(tmp_path, REPLAYED, str(tmp_path))
    assert (done.returncode, done.stdout) == (0, "welcomed: False\n"), done.stderr


STREAMS = """
import sys
from pathlib import Path
import app.stages.pipeline
from app.ui import run as ui
from app.system.settings import Settings
from app.streams.streams import StreamOptions
from app.ui.panels.notice_bar import NoticeBar
from tests.ui.doubles import FakePipeline, FakeSource

sys.modules["pylsl"] = None
app.stages.pipeline.Pipeline.load = lambda *_, **__: FakePipeline()
say = NoticeBar.say
NoticeBar.say = lambda self, text, *rest, **named: (print(text), say(self, text, *rest, **named))
options = StreamOptions(lsl=True, udp_port=0)
sys.exit(ui.run(FakeSource(), "", Settings(), Path(sys.argv[1]), 0.5, wanted=options))
"""


def test_without_lsl_the_window_says_how_to_get_it_and_runs_on(tmp_path: Path) -> None:
    done = start(tmp_path, STREAMS, str(tmp_path / "window.png"))
    assert done.returncode == 0
    assert "LSL needs pylsl, which is not installed: run make extras" in done.stdout
    assert "Traceback" not in done.stderr and (tmp_path / "window.png").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_that_comes_while_the_window_paints_closes_it_afterwards(window, until, monkeypatch, number):
    """Closed in the middle of its painting, it has no surface on Wayland, and Qt crashes."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)  # puts back what `mind` replaces
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        mind(window)
        signal.raise_signal(number)
        assert window.isVisible()
        until(lambda: not window.isVisible())
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
