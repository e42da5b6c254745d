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
from app.ui.window import Window
from tests.fakes import LONG
from tests.ui.doubles import FakePipeline, FakeSource
from tests.ui.seen import Until, shows_faces


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
    return Settings(sessions=str(sessions))


@pytest.fixture
def live(qapp: QApplication, pipeline: FakePipeline) -> Live:
    return Live(lambda: pipeline, 4)


@pytest.fixture
def window(qapp: QApplication, settings: Settings, live: Live) -> Iterator[Window]:
    """Shown, with nothing playing; records into a folder of its own."""
    qapp.setStyle("Fusion")
    made = Window(settings, live)
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
