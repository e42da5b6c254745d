"""The order of stimuli, and answers as events."""

from collections import Counter
from itertools import pairwise

import pytest

from app.study.answers import GridPoint, answer_text, read_answer
from app.study.order import balanced_row, stimuli_for
from app.study.playlist import Order, Playlist, Question, QuestionKind, Stimulus, StimulusKind


def playlist(order, names="abcd", seed=1):
    shown = [Stimulus("practice", StimulusKind.PICTURE, "p.png", 1.0, fixed=True)]
    for name in names:
        shown += [Stimulus("cross", StimulusKind.FIXATION, seconds=1.0)]
        shown += [Stimulus(name, StimulusKind.PICTURE, f"{name}.png", 1.0)]
    return Playlist(tuple(shown), (), order, seed)


def names(playlist, number):
    return "".join(s.name for s in stimuli_for(playlist, number) if len(s.name) == 1)


@pytest.mark.parametrize("order", Order)
def test_pauses_and_fixed_stimuli_stay(order):
    plan = playlist(order)
    for number in range(1, 9):
        shown = stimuli_for(plan, number)
        assert sorted(s.name for s in shown) == sorted(s.name for s in plan.stimuli)
        assert shown[0].name == "practice"
        assert all(s.name == "cross" for s in shown[1::2])


def test_random_orders_follow_from_the_seed_alone():
    assert names(playlist(Order.FIXED), 5) == "abcd"
    found = [names(playlist(Order.RANDOM), number) for number in range(1, 241)]
    assert found == [names(playlist(Order.RANDOM), number) for number in range(1, 241)]
    assert found[:4] != [names(playlist(Order.RANDOM, seed=2), number) for number in range(1, 5)]
    assert len(set(found)) == 24  # all orders of four
    assert found[:3] == ["bdca", "acbd", "bacd"]  # on every computer


@pytest.mark.parametrize("count", range(1, 9))
def test_a_balanced_square_is_balanced(count):
    rows = [balanced_row(count, i) for i in range(count * (1 + count % 2))]
    places = Counter((place, item) for row in rows for place, item in enumerate(row))
    assert set(places.values()) == {len(rows) // count}
    assert len(places) == count * count
    after = Counter(pair for row in rows for pair in pairwise(row))
    assert len(set(after.values())) <= 1
    assert len(after) == count * (count - 1)
    assert balanced_row(count, len(rows)) == rows[0]
    assert balanced_row(0, 3) == ()


SCALE = Question("fun", "How funny?", highest=7)
TEXT = Question("why", "Why?", QuestionKind.TEXT)
GRID = Question("mood", "How do you feel?", QuestionKind.GRID)


@pytest.mark.parametrize(
    ("question", "answer", "text"),
    [
        (SCALE, 3, "fun=3"),
        (TEXT, "a = b; c", "why=a = b; c"),
        (GRID, GridPoint(0, -1), "mood=0.000 -1.000"),
    ],
)
def test_an_answer_is_read_back(question, answer, text):
    assert answer_text(question, answer) == text
    assert read_answer(text, (SCALE, TEXT, GRID)) == (question, answer)


@pytest.mark.parametrize("text", ["fun=8", "fun=x", "fun", "fan=3", "mood=1", "mood=nan 0", "mood=2 0", ""])
def test_what_is_no_answer_is_none(text):
    assert read_answer(text, (SCALE, TEXT, GRID)) is None
