"""A report says which actions of each person's face were seen."""

import numpy as np
import pytest

from app.exports.report.action_tally import ActionTally
from app.exports.report.figures import figures
from app.exports.report.single import report
from app.sessions.reading import RecordedSession, Rows
from app.stages.actions.names import ACTIONS, HONEST
from tests.made_session import make_session


def block(faces, values):
    """Rows of these ids, each with one value for all actions."""
    return Rows({"face": np.array(faces, float)} | {name: np.array(values, float) for name in ACTIONS})


def test_means_and_shares_are_those_of_all_rows_that_have_actions():
    tally = ActionTally()
    tally.add(block([1, 2, 1], [0.2, 0.9, np.nan]), np.array([True, True, True]))
    tally.add(block([1, 1], [0.6, 0.1]), np.array([True, False]))
    found = tally.of(1)
    assert found is not None
    assert found.mean.tolist() == pytest.approx([0.4] * len(ACTIONS))
    assert found.shown.tolist() == pytest.approx([0.5] * len(ACTIONS))
    assert tally.of(3) is None


def test_an_action_that_is_sometimes_hidden_has_the_mean_of_the_rows_that_have_it():
    tally, rows = ActionTally(), block([1, 1], [0.6, 0.2])
    hidden = Rows({name: rows[name] for name in ("face", *ACTIONS)} | {"au14_left": np.array([0.6, np.nan]),
                  "au15_left": np.array([np.nan, np.nan])})  # fmt: skip
    tally.add(hidden, np.array([True, True]))
    found = tally.of(1)
    assert found is not None
    values = dict(zip(ACTIONS, found.mean.tolist(), strict=True))
    assert (values["au14_left"], values["au12_left"]) == pytest.approx((0.6, 0.4))
    assert np.isnan(values["au15_left"])


def test_the_page_names_the_strongest_actions_and_says_what_they_are(tmp_path):
    session = figures(RecordedSession(make_session(tmp_path / "session")))
    page = report(session)
    assert session.people[0].actions is not None
    assert page.index("left lip corner pulled") < page.index("left inner brow raised") and HONEST in page
