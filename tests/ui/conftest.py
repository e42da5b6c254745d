"""An offscreen window on made-up people."""

from __future__ import annotations

import gc
import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.system.settings import Settings
from app.ui.flows.live import Live
from app.ui.window import USUAL_SIZE, Window
from tests.fakes import LONG
from tests.made_session import make_session
from tests.ui.doubles import FakePipeline, FakeSource
from tests.ui.seen import Until, records, shows_faces


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    """What a test leaves of Qt is freed here: on another thread, when that happens to collect, Qt crashes."""
    yield
    gc.collect()


@pytest.fixture
def pipeline() -> FakePipeline:
    return FakePipeline()


@pytest.fixture
def sessions(tmp_path: Path) -> Path:
    return tmp_path / "sessions"


@pytest.fixture
def settings(sessions: Path) -> Settings:
    return Settings(sessions=str(sessions), markers="start; stop")


@pytest.fixture
def live(qapp: QApplication, pipeline: FakePipeline) -> Live:
    return Live(lambda: pipeline, 4)


@pytest.fixture
def window(qapp: QApplication, settings: Settings, live: Live) -> Iterator[Window]:
    """Shown, with nothing playing; records into a folder of its own."""
    qapp.setStyle("Fusion")
    made = Window(settings, live)
    made.resize(*USUAL_SIZE)  # the offscreen screen is smaller
    made.show()
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def playing(window: Window, until: Until) -> Window:
    """It shows two people."""
    window.player.play(FakeSource())
    until(lambda: shows_faces(window))
    return window


@pytest.fixture
def until(qtbot) -> Until:
    """Lets the window live until something is so, or until nothing that is asserted fails."""
    return lambda condition: qtbot.waitUntil(condition, timeout=round(1000 * LONG))


@pytest.fixture
def settle(qtbot) -> Callable[[], None]:
    """Lets sizes and places become what they will be: by many rounds of events, however long one takes."""

    def rounds() -> None:
        for _ in range(10):
            qtbot.wait(5)

    return rounds


@pytest.fixture
def recording(playing: Window, until: Until) -> Window:
    """It records two people."""
    playing.user_actions.record.trigger()
    until(lambda: playing.record_flow.is_recording)
    until(records(playing, 1))
    return playing


@pytest.fixture
def replaying(window: Window, tmp_path: Path, until: Until) -> Window:
    """It replays a session of ten seconds with one marker."""
    events = "event,kind,text,time_s,wall_utc,frame,origin,face,cancels\n1,marker,bell,2.0,,60,key,,\n"
    window.player.replay(make_session(tmp_path / "made", frames=300, events=events))
    until(lambda: window.player.steering is not None and window.player.steering.ready)
    until(lambda: window.seek_bar.isVisible())  # the window is told a moment later
    return window
