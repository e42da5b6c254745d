"""The seek bar: where it shows, a click on it, its clock."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt

from app.ui.controls.seek_bar import clock
from app.ui.window import Window
from tests.ui.seen import Until


def test_the_line_is_not_for_an_audience(replaying: Window, until: Until) -> None:
    replaying.user_actions.stage.trigger()
    assert not replaying.seek_bar.isVisible()
    replaying.user_actions.stage.trigger()
    assert replaying.seek_bar.isVisible()


def test_a_click_on_the_line_goes_there(replaying: Window, qtbot, until: Until) -> None:
    line, replay = replaying.seek_bar.timeline, replaying.player.steering
    until(lambda: line.maximum() > 9000)
    replay.pause()
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton, pos=QPoint(line.width() // 2, line.height() // 2))
    until(lambda: replay.position == pytest.approx(5.0, abs=0.3))


def test_nothing_overlaps_in_a_replay_at_the_smallest_size(replaying: Window, qtbot, until: Until) -> None:
    replaying.resize(1024, 640)
    parts = (replaying.toolbar, replaying.panels, replaying.seek_bar, replaying.status_bar)

    def fits() -> None:
        assert replaying.size().toTuple() == (1024, 640)
        for i, one in enumerate(parts):
            assert replaying.rect().contains(one.geometry())
            assert not any(one.geometry().intersects(other.geometry()) for other in parts[i + 1 :])

    until(fits)
    replaying.user_actions.details.trigger()
    assert replaying.rect().contains(replaying.details_sheet.geometry())


def test_times_on_the_line() -> None:
    assert [clock(s) for s in (0, 61.25, 3723.4)] == ["00:00.0", "01:01.2", "1:02:03.4"]
