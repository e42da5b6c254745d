"""Event-related averages and the page of a study, on made-up people whose answers are known."""

import math
import re
import statistics as plain
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from app.__main__ import main
from app.study import trials
from app.study.averages import Question, averages, figures, on_grid
from app.study.errors import StudyError
from app.study.folder import StudyFolder
from app.study.report import Comparison, comparisons, sentence_of
from app.study.statistics import holm, paired, t_quantile, t_tail
from app.study.trials import track_of
from tests.study.made_study import HEIGHT, RATE, make_study

ASKED = Question(end=2.0)


def asked_of(folder: StudyFolder, question: Question):
    """The averages of one question; no session is left out."""
    (found,) = averages(folder, folder.read(), [question], pytest.fail)
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> StudyFolder:
    return make_study(tmp_path_factory.mktemp("averages") / "s")


@pytest.fixture(scope="module")
def found(folder):
    return asked_of(folder, ASKED)


def expected(condition, *, doubtful=False, base=0.0):
    """A curve worked out by hand: two frames a step, the first one of the stimulus blurred."""
    curve = []
    for step in range(-10, 20):
        frames = [2 * step, 2 * step + 1]
        values = [HEIGHT[condition] * min(max(i, 0) / RATE, 1) for i in frames]
        if step == 0:
            values = [-0.9 - base, values[1]] if doubtful else values[1:]
        curve.append(plain.mean(values))
    return curve


@pytest.mark.parametrize("condition", HEIGHT)
def test_the_curve_of_a_condition_is_the_one_that_was_made_up(found, condition):
    curve = next(c for c in found.conditions if c.condition == condition)
    assert curve.mean == pytest.approx(expected(condition), abs=2e-4)  # four decimals in the file
    assert (curve.people, curve.trials) == (6, 14)  # P6 has two sessions, and is one person
    assert curve.share == pytest.approx(59 / 60)
    assert curve.low == pytest.approx(curve.high, abs=1e-3)  # all alike
    sixth = next(p for p in found.people if (p.code, p.condition) == ("P6", condition))
    assert (sixth.sessions, sixth.trials, sixth.left_out) == (2, 4, 0)
    assert sixth.figures.peak == pytest.approx(HEIGHT[condition], abs=2e-4)
    after = expected(condition)[10:]
    assert sixth.figures.mean == pytest.approx(plain.mean(after), abs=2e-4)
    assert sixth.figures.area == pytest.approx(sum(a + b for a, b in pairwise(after)) / 2 * 0.1, abs=2e-4)
    assert 1.0 < sixth.figures.time_to_peak <= 2.0


def test_doubtful_rows_change_the_curve_only_where_they_are_wanted(folder):
    with_all = asked_of(folder, replace(ASKED, doubtful=True))
    first = next(p for p in with_all.people if (p.code, p.condition) == ("P1", "funny"))
    assert first.curve == pytest.approx(expected("funny", doubtful=True, base=0.02), abs=2e-4)
    assert first.share == 1


def test_the_interval_is_that_of_student_over_people(folder):
    """Arousal is half of valence; without a baseline that moves, people differ by 0.02 each."""
    asked = Question("valence", start=-1.0, end=2.0, base_start=-1.0, base_end=0.0)
    found = asked_of(folder, asked)
    people = [p.curve[-1] for p in found.people if p.condition == "funny"]
    curve = found.conditions[0]
    reach = 2.570582 * plain.stdev(people) / math.sqrt(6)
    assert curve.high[-1] - curve.mean[-1] == pytest.approx(reach, rel=1e-5)


def test_one_event_alone_and_what_is_asked_in_vain(folder):
    study = folder.read()
    cat = averages(folder, study, [replace(ASKED, event="cat")], pytest.fail)[0]
    assert [(c.condition, c.trials) for c in cat.conditions] == [("funny", 7)]
    for wrong, sentence in (
        (replace(ASKED, event="dog"), "No session"), (replace(ASKED, signal="joy"), "no signal 'joy'"),
        (replace(ASKED, start=1.0), "window"), (replace(ASKED, base_start=-2.0), "baseline"),
        (replace(ASKED, end=math.nan), "window"), (replace(ASKED, end=1000.0), "ten minutes"),
    ):  # fmt: skip
        with pytest.raises(StudyError, match=sentence):
            averages(folder, study, [wrong], pytest.fail)


def test_steps_and_figures_by_hand():
    middles = (np.arange(-2, 3) + 0.5) * 0.1
    curve = on_grid(np.array([-0.15, 0.0, 0.05, 0.21, 9.0]), np.array([1, 2, 4, np.nan, 7.0]), middles)
    assert np.array_equal(curve, [1, np.nan, 3, np.nan, np.nan], equal_nan=True)
    got = figures(np.array([-0.05, 0.05, 0.15, 0.25]), np.array([9, 1, -3, 1.0]))
    assert (got.mean, got.peak, got.time_to_peak) == (pytest.approx(-1 / 3), -3, 0.15)
    assert got.area == pytest.approx(-0.2)
    assert math.isnan(figures(np.array([-1.0]), np.array([1.0])).mean)


@pytest.mark.parametrize(
    ("df", "t"), [(1, 12.7062), (2, 4.3027), (5, 2.5706), (10, 2.2281), (30, 2.0423), (120, 1.9799)]
)
def test_students_distribution_as_in_the_tables(df, t):
    assert t_quantile(0.975, df) == pytest.approx(t, abs=6e-5)
    assert 2 * t_tail(t, df) == pytest.approx(0.05, abs=1e-5)


def test_a_paired_comparison_worked_out_by_hand():
    result = paired([1, 2, 3, 4, 9], [0, 1, 1, 2, math.nan])
    assert (result.people, result.difference) == (4, 1.5)
    assert result.t == pytest.approx(1.5 / (math.sqrt(1 / 3) / 2))
    assert result.dz == pytest.approx(1.5 / math.sqrt(1 / 3))
    assert (result.low, result.high) == pytest.approx((1.5 - 0.918694, 1.5 + 0.918694), abs=1e-5)
    assert result.p == pytest.approx(0.013847, abs=1e-6)
    assert math.isnan(paired([1, 2], [0, 1]).p)
    assert paired([], []).people == 0
    assert holm([0.01, math.nan, 0.04, 0.03]) == pytest.approx((0.03, math.nan, 0.06, 0.06), nan_ok=True)


def test_what_is_said_of_a_comparison():
    strong = paired([0.5, 0.6, 0.7, 0.65], [0.1, 0.1, 0.2, 0.2])
    assert sentence_of(Comparison("mean", "a", "b", strong, strong.p)).startswith(
        "mean: a and b differ (a minus b +0.462"
    )
    weak = paired([0.1, -0.1, 0.2, -0.2], [0.0, 0, 0, 0])
    assert "do not differ beyond chance" in sentence_of(Comparison("peak", "a", "b", weak, weak.p))
    assert "1 people have both" in sentence_of(Comparison("area", "a", "", paired([1], [2]), math.nan))
    assert "without any spread" in sentence_of(Comparison("area", "a", "", paired([1, 2], [2, 3]), math.nan))


def test_each_person_is_compared_with_themselves(found):
    mean = comparisons(found)[0]
    assert (mean.figure, mean.result.people) == ("mean", 6)
    after = [plain.mean(expected(c)[10:]) for c in (mean.first, mean.second)]
    assert mean.result.difference == pytest.approx(after[0] - after[1], abs=2e-4)


def test_the_page_is_one_file_without_a_network(folder, tmp_path, capsys):
    out = tmp_path / "page.html"
    assert main(["report", "--study", str(folder.path), "-o", str(out), "--window", "-1", "2"]) == 0
    assert capsys.readouterr().out == f"{out}\n"
    text = out.read_text(encoding="utf-8")
    assert not re.findall(r"(?:src|href)=|https?://|<script", text)
    assert text.count('class="curve"') == text.count('class="band"') == 2
    assert text.count("<td>status ok</td>") == text.count("<td>all</td>") == 2
    assert "98.3 %" in text and "100.0 %" in text
    assert "funny (6 people, 14 trials)" in text
    assert main(["report", "--study", str(folder.path), "--event", "dog"]) == 2
    assert main(["report", "--study", str(tmp_path)]) == 2
    for wrong in (["--study", "a", "b"], ["a", "--event", "cat"]):
        with pytest.raises(SystemExit):
            main(["report", *wrong])


def test_several_questions_read_each_session_once(folder, monkeypatch):
    read = []

    def counted(*given):
        read.append(given[2].folder)
        return track_of(*given)

    monkeypatch.setattr(trials, "track_of", counted)
    both = averages(folder, folder.read(), [ASKED, replace(ASKED, doubtful=True)], pytest.fail)
    assert len(read) == len(set(read)) == 7  # P6 has two
    assert [found.question.doubtful for found in both] == [False, True]
