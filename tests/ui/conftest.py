"""An offscreen window on made-up people."""

from __future__ import annotations

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.settings import Settings
from app.ui.live import Live
from app.ui.window import Window
from tests.ui.doubles import FakePipeline


@pytest.fixture
def pipeline() -> FakePipeline:
    return FakePipeline()


@pytest.fixture
def sessions(tmp_path: Path) -> Path:
    return tmp_path / "sessions"


@pytest.fixture
def window(qapp: QApplication, pipeline: FakePipeline, sessions: Path) -> Iterator[Window]:
    """Shown, with nothing playing; records into a folder of its own."""
    qapp.setStyle("Fusion")
    made = Window(Settings(sessions=str(sessions)), Live(lambda: pipeline, 4))
    made.show()
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def until(qtbot) -> Callable[[Callable[[], bool]], None]:
    """Lets the window live until something is so, for at most 5 s."""
    return lambda condition: qtbot.waitUntil(condition, timeout=5000)
