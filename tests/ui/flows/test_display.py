"""What reaches the panels of all results, and when the curves are drawn."""

from __future__ import annotations

import pytest

from app.playing.history import History
from app.system.mailbox import Mailbox
from app.types import Result
from app.ui.flows.display import CURVES_EVERY, LATEST, Display
from app.ui.look.theme import DARK
from app.ui.panels.grid import PanelGrid
from tests.ui.doubles import frame


def test_the_curves_are_drawn_in_a_look_without_a_result_but_not_too_late(
    qtbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    panels, results, drawn = PanelGrid(DARK), Mailbox[Result](), list[int]()
    qtbot.addWidget(panels)
    display = Display(panels, History())
    monkeypatch.setattr(panels, "show_history", lambda _: drawn.append(number))
    for number in range(1, CURVES_EVERY + 3):
        if number < CURVES_EVERY + 2:  # a result in each look but the last
            results.put(Result(frame(number)))
        display.poll(results, 1)
    assert drawn == [CURVES_EVERY + 2]
    drawn.clear()
    for number in range(1, 2 * LATEST + 1):  # and in each
        results.put(Result(frame(number)))
        display.poll(results, 1)
    assert drawn == [LATEST, 2 * LATEST]


def test_one_of_so_many_results_is_painted_and_each_is_given(qtbot, monkeypatch: pytest.MonkeyPatch) -> None:
    panels, results, shown = PanelGrid(DARK), Mailbox[Result](), list[int]()
    qtbot.addWidget(panels)
    display = Display(panels, History())
    monkeypatch.setattr(panels, "show_result", lambda result: shown.append(result.frame.index))
    for number in range(1, 7):
        results.put(Result(frame(number)))
        given = display.poll(results, 2)
        assert given is not None and given.frame.index == number
    assert shown == [2, 4, 6]
    assert display.poll(results, 2) is None
