"""The smoothing, by its slider and by its key."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSlider

from app.ui.window import Window
from tests.ui.doubles import FakePipeline
from tests.ui.seen import Until


def test_the_slider_goes_from_instant_to_calm_and_its_key_to_off_and_back(
    playing: Window, pipeline: FakePipeline, qtbot, until: Until
) -> None:
    smoothing = playing.toolbar.smoothing
    assert smoothing.value == 0.5
    smoothing.slider.setFocus()
    for _ in range(3):
        qtbot.keyClick(smoothing.slider, Qt.Key.Key_Right)
    until(lambda: pipeline.smoother.smoothing == 0.8)
    qtbot.keyClick(playing, "S")
    assert smoothing.value == 0
    until(lambda: pipeline.smoother.smoothing == 0)
    qtbot.keyClick(playing, "S")
    assert smoothing.value == 0.8
    qtbot.keyClick(smoothing.slider, Qt.Key.Key_Home)
    assert not playing.user_actions.smoothing.isChecked()


def test_a_click_beside_the_handle_is_one_step(window: Window) -> None:
    slider = window.toolbar.smoothing.slider
    before = slider.value()
    slider.triggerAction(QSlider.SliderAction.SliderPageStepAdd)  # what such a click does
    assert slider.value() == before + 1
