"""The curves of the last half minute."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QColor

from app.playing.history import History
from app.types import EXPRESSIONS, Result
from app.ui.look.theme import DARK
from app.ui.panels.curves import Curves
from tests.ui.doubles import face, frame


def test_curves_show_each_persons_values_in_the_last_half_minute(qtbot) -> None:
    history, curves = History(), Curves(DARK)
    qtbot.addWidget(curves)
    for i in range(40 * 10):
        people = (face(1, valence=0.5), face(2, valence=-0.5, best=2))
        history.push(Result(replace(frame(i), time=i / 10), people))
    curves.show_traces(history.traces(), history.now, 2)
    for curve, value in zip(curves.valence, (0.5, -0.5), strict=False):
        time, shown = curve.getData()
        assert (time[0], time[-1]) == pytest.approx((-30, 0), abs=0.11)
        assert np.allclose(shown, value)
    assert curves.valence[2].getData()[0] is None
    assert curves.valence[0].opts["pen"].color().name() == DARK.people[0]
    assert curves.probs[2].opts["pen"].color().name() == DARK.people[1]
    lanes = [float(curve.getData()[1][-1]) for curve in curves.probs]
    assert lanes == sorted(lanes, reverse=True)  # the first expression's lane on top, and none leaves its own
    assert len(lanes) == len(EXPRESSIONS)
    assert lanes[2] - lanes[3] > 1.4  # sad, at 65 %, stands higher in its lane than surprise at 5 %
    curves.show_traces((), 0.0, None)
    assert curves.probs[2].getData()[0] is None


def test_a_curve_is_faint_where_its_values_are_in_doubt(qtbot) -> None:
    history, curves = History(), Curves(DARK)
    qtbot.addWidget(curves)
    for i in range(30):
        person = replace(face(1, valence=i / 30), status="turned_away" if 10 <= i < 20 else "ok")
        history.push(Result(replace(frame(i), time=i / 10), (person,)))
    curves.show_traces(history.traces(), history.now, 1)
    for sure, faint in ((curves.valence[0], curves.doubtful[curves.valence[0]]),
                        (curves.probs[1], curves.doubtful[curves.probs[1]])):  # fmt: skip
        bright, dim = (np.isfinite(curve.getData()[1]) for curve in (sure, faint))
        assert np.flatnonzero(~bright).tolist() == list(range(10, 20))
        assert np.flatnonzero(dim).tolist() == list(range(9, 21))  # it reaches to what is sure on both sides
        colour, ground = (QColor(c).lightness() for c in (sure.opts["pen"].color(), DARK.panel))
        assert ground < faint.opts["pen"].color().lightness() < colour
    history.clear()
    history.push(Result(frame(0), (face(1),)))
    curves.show_traces(history.traces(), history.now, 1)
    assert curves.doubtful[curves.valence[0]].getData()[0] is None


def test_a_line_reaches_as_far_as_its_plot_and_nowhere_while_it_is_empty(qtbot) -> None:
    history, curves = History(), Curves(DARK)
    qtbot.addWidget(curves)
    history.push(Result(frame(0), (face(1, valence=0.5),)))
    curves.show_traces(history.traces(), history.now, 1)
    plot = curves.valence[0].boundingRect()
    assert plot.getRect() == pytest.approx((-30, -1.1, 30, 2.2))
    assert curves.probs[0].boundingRect().getRect() == pytest.approx((-30, 0, 30, len(EXPRESSIONS)))
    assert curves.valence[1].boundingRect().isEmpty()
