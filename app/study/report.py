"""The page of a study: one HTML file with the curves by condition, the tables, and what the figures say."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path

from app.exports.report.html import Entry, cards, legend, listing, page, section, table
from app.exports.report.svg import accent
from app.sessions.schema.faces import known
from app.study.averages import Averages, ConditionCurve, PersonCurve, Question, averages
from app.study.curve_chart import curve_chart
from app.study.folder import StudyFolder
from app.study.statistics import Paired, holm, paired
from app.study.study import Study
from app.system.atomic import output_file

FIGURES = ("mean", "peak", "area")  # attributes of `averages.Figures` that are compared
READING = (
    "<p>A curve is the mean over people of each person's mean over trials, counted from the baseline before "
    "the event; the band is the 95 % interval over people. Several sessions of one person are one person. A "
    "trial is left out where less than half of its window or baseline was measured. Frames in pauses and in "
    "excluded intervals belong to no trial. Peak is the value farthest from the baseline.</p><p>The values "
    "say what a face shows, not what a person feels. A comparison says nothing of its cause where the order "
    "of the conditions was not balanced.</p>"
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two conditions compared in one figure over the people who have both."""

    figure: str  # one of FIGURES
    first: str
    second: str
    result: Paired
    p_corrected: float  # by Holm, over all comparisons of the page


def write_report(
    folder: StudyFolder, question: Question, out: Path | None,
    say: Callable[[str], None],
) -> Path:  # fmt: skip
    """Writes the page of the study in `folder`, by default as `report.html` in it; gives its path.

    Raises StudyError and WriteError. `say` is called with a sentence about each session that is left out.
    """
    path = out or folder.path / "report.html"
    study = folder.read()
    said: list[str] = []
    asked = replace(question, doubtful=False), replace(question, doubtful=True)
    good, every = averages(folder, study, asked, said.append)
    shown = every if question.doubtful else good
    for sentence in said:
        say(sentence)
    with output_file(path) as draft:
        draft.write_text(study_page(study, shown, good, every, said), encoding="utf-8", newline="\n")
    return path


def study_page(
    study: Study, shown: Averages, good: Averages, every: Averages, left_out: Sequence[str] = ()
) -> str:
    """The HTML page: `shown`, one of the other two, is drawn; `good` leaves doubtful rows out."""
    question = shown.question
    event = question.event or "every stimulus"
    dots = legend(
        (accent(i), f"{_named(c.condition)} ({c.people} people, {c.trials} trials)")
        for i, c in enumerate(shown.conditions)
    )
    said = "".join(f"<p>{escape(sentence_of(found))}</p>" for found in comparisons(shown))
    return page(
        study.name,
        f'<header><h1>{escape(study.name)}</h1><p class="quiet">{escape(study.description)}</p></header>',
        "".join(f'<p class="warning">{escape(sentence)}</p>' for sentence in left_out),
        cards(
            (str(len({p.code for p in shown.people if p.trials})), "people"),
            (str(sum(p.trials for p in shown.people)), "trials"),
            (str(len(shown.conditions)), "conditions"),
        ),
        section(
            f"{question.signal} around {event}", f"<figure>{curve_chart(shown)}</figure>", dots,
            listing(_asked(question)),
        ),
        section("By condition", _conditions(good, every)),
        section("Comparisons", said or "<p>There is one condition alone.</p>"),
        section("People", _people(shown.people), long=True),
        section("How to read this page", READING),
    )  # fmt: skip


def comparisons(found: Averages) -> tuple[Comparison, ...]:
    """Every pair of conditions in each figure, over the people who have both."""
    people = {(p.code, p.condition): p for p in found.people if p.trials}
    codes = list(dict.fromkeys(p.code for p in found.people))
    results = []
    for first, second in itertools.combinations([c.condition for c in found.conditions], 2):
        both = [code for code in codes if (code, first) in people and (code, second) in people]
        for figure in FIGURES:
            values = [
                [float(getattr(people[code, condition].figures, figure)) for code in both]
                for condition in (first, second)
            ]
            results.append((figure, first, second, paired(*values)))
    corrected = holm([result.p for *_, result in results])
    return tuple(Comparison(*found, p) for found, p in zip(results, corrected, strict=True))


def sentence_of(comparison: Comparison) -> str:
    """What a comparison says, in one sentence."""
    c, r = comparison, comparison.result
    names = f"{_named(c.first)} and {_named(c.second)}"
    if r.people < 2:
        return f"{c.figure}: {names} cannot be compared, since {r.people} people have both."
    if math.isnan(r.p):
        return (
            f"{c.figure}: {_named(c.first)} minus {_named(c.second)} is {r.difference:+.3f} in each of "
            f"{r.people} people, without any spread to compare it with."
        )
    surely = "differ" if c.p_corrected < 0.05 else "do not differ beyond chance"
    return (
        f"{c.figure}: {names} {surely} ({_named(c.first)} minus {_named(c.second)} {r.difference:+.3f}, 95 % "
        f"interval {r.low:+.3f} to {r.high:+.3f}, t({r.people - 1}) = {r.t:.2f}, p {_p(r.p)}, corrected by "
        f"Holm {_p(c.p_corrected)}, dz = {r.dz:.2f}, 95 % interval {r.dz_low:.2f} to {r.dz_high:.2f}, "
        f"{r.people} people)."
    )


def _asked(question: Question) -> list[Entry]:
    return [
        Entry("signal", f"{question.signal}: {known(question.signal).meaning}"),
        Entry("window", f"{question.start:g} to {question.end:g} s from the event"),
        Entry("baseline", f"{question.base_start:g} to {question.base_end:g} s"),
        Entry("rows", "doubtful ones too" if question.doubtful else "status ok only"),
    ]


def _conditions(good: Averages, every: Averages) -> str:
    """Each condition twice: without doubtful rows, and with all."""
    heads = ("condition", "rows", "people", "trials", "data left", "mean", "peak", "time to peak", "area")
    rows = []
    for condition in dict.fromkeys(c.condition for c in (*good.conditions, *every.conditions)):
        for words, found in (("status ok", good), ("all", every)):
            curve = next((c for c in found.conditions if c.condition == condition), None)
            if curve is not None:
                rows.append((_named(condition), words, *_condition(curve, found.people)))
    return table(heads, rows, range(2, 9))


def _condition(curve: ConditionCurve, people: Sequence[PersonCurve]) -> tuple[str, ...]:
    own = [p.figures for p in people if p.condition == curve.condition and p.trials]
    means = [_mean([getattr(f, name) for f in own]) for name in ("mean", "peak", "time_to_peak", "area")]
    return (
        str(curve.people), str(curve.trials), _percent(curve.share), _signed(means[0]), _signed(means[1]),
        _seconds(means[2]), _signed(means[3]),
    )  # fmt: skip


def _people(people: Sequence[PersonCurve]) -> str:
    heads = ("participant", "condition", "sessions", "trials", "left out", "data left", "mean", "peak",
             "time to peak", "area")  # fmt: skip
    rows = [
        (
            p.code, _named(p.condition), str(p.sessions), str(p.trials), str(p.left_out), _percent(p.share),
            _signed(p.figures.mean), _signed(p.figures.peak), _seconds(p.figures.time_to_peak),
            _signed(p.figures.area),
        )
        for p in people
    ]  # fmt: skip
    return table(heads, rows, range(2, 10))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else math.nan


def _named(condition: str) -> str:
    return condition or "no condition"


def _percent(share: float) -> str:
    return "-" if math.isnan(share) else f"{share:.1%}".replace("%", " %")


def _signed(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:+.3f}"


def _seconds(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.2f} s"


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"= {value:.3f}"
