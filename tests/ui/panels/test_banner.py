"""The banner: its words are whole, however narrow the picture below it is."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget

from app.ui.panels.banner import Banner


@pytest.mark.parametrize("width", [240, 640, 1200])
def test_a_long_text_is_not_cut_off(qtbot, width: int) -> None:
    below = QWidget()
    qtbot.addWidget(below)
    below.resize(width, 500)
    banner = Banner(below)
    banner.say("Recording numbers and picture (overlay)")
    assert banner.fontMetrics().horizontalAdvance(banner.text()) <= banner.width() - 8
    assert below.rect().contains(banner.geometry())
    assert banner.accessibleName() == banner.text()
