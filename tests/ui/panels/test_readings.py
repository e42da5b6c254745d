"""Word, bars and numbers of one face are of one moment."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.types import Result
from app.ui.controls.view import View
from app.ui.look.theme import DARK
from app.ui.panels.grid import PanelGrid
from app.ui.panels.readings import Readings
from tests.ui.doubles import face, frame
from tests.ui.painted import painted


def test_a_reading_stays_until_the_clock_asks_and_a_new_face_is_read_at_once() -> None:
    readings, first, second, other = Readings(), face(1), face(1), face(2)
    readings.see([first])
    readings.see([second, other])
    assert readings.of(second) is first and readings.of(other) is other
    assert not readings.refresh()  # the next frame is read
    readings.see([third := face(1)])
    assert readings.of(third) is third
    readings.see([second])
    assert readings.of(second) is third
    readings.clear()
    assert readings.of(second) is second


def test_where_no_frame_comes_any_more_the_newest_is_read() -> None:
    readings, first, last = Readings(), face(1), face(1)
    readings.see([first])
    readings.see([last])
    assert [readings.refresh(), readings.refresh(), readings.refresh()] == [False, True, False]
    assert readings.of(last) is last


@pytest.fixture
def panels(qtbot) -> PanelGrid:
    made = PanelGrid(DARK)
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.show()
    return made


def said(panels: PanelGrid, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    """The expression in the picture, in the plane, and of the longest bar with its number."""
    chips = [text.text for text in painted(panels.picture, monkeypatch)]
    chip = next(text.split(",")[0] for text in chips if "sure" in text)
    rows = [text.text for text in painted(panels.bars, monkeypatch)]
    best = rows[rows.index("65 %") - 1]  # each number follows its word
    return chip, panels.plane.trails.by_face[1].word, best, panels.bars.summary().split()[2]


def test_no_panel_contradicts_another(panels: PanelGrid, monkeypatch: pytest.MonkeyPatch) -> None:
    def show(time: float, best: int) -> None:
        panels.show_result(Result(replace(frame(), time=time), (face(1, best=best),)))

    show(0.0, 1)
    show(0.1, 2)
    assert said(panels, monkeypatch) == ("happy",) * 4
    panels.refresh()
    assert said(panels, monkeypatch) == ("happy",) * 4
    show(0.2, 3)
    assert said(panels, monkeypatch) == ("surprise",) * 4
    show(0.3, 4)
    panels.refresh()
    panels.refresh()  # no frame came meanwhile, as in a pause
    assert said(panels, monkeypatch) == ("fear",) * 4


def test_the_stage_shows_at_once_what_stands_still(panels: PanelGrid) -> None:
    from app.playing.history import History

    history = History()
    for i in range(10):
        result = Result(replace(frame(), time=i / 10), (face(1, valence=0.05 * i),))
        history.push(result)
        panels.show_result(result)
    panels.show_history(history)
    history.clear()  # as when a file has ended
    stage = panels.stage
    panels.show_view(frozenset(View), stage=True)
    assert stage.picture.result is result and stage.summary.accessibleDescription().startswith("happy")
    assert stage.plane.trail(1) == panels.plane.trail(1) and len(stage.plane.trail(1)) > 3
    assert stage.bars[0].summary().startswith("person 1: happy")
    panels.show_large(View.CURVES)
    assert len(stage.curves.valence[0].getData()[0]) == 10
