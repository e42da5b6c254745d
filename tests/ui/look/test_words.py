"""Uncertain is a state with words of its own; every reason for doubt comes with what to do."""

from dataclasses import replace

import numpy as np
import pytest

from app.stages.quality import MEANING
from app.types import EXPRESSIONS, Gaze, Pose
from app.ui.look.words import ADVICE, SURE, expression_words, head_words, mixed, sure_words
from tests.fakes import face


def probs(**values):
    rest = (1 - sum(values.values())) / (len(EXPRESSIONS) - len(values))
    return np.array([values.get(name, rest) for name in EXPRESSIONS], np.float32)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"happy": 0.9}, "happy"),
        ({"happy": SURE + 0.01, "sad": 0.4}, "happy"),
        ({"sad": 0.45, "neutral": 0.4}, "mixed: sad / neutral"),
        ({"neutral": 0.4, "sad": 0.4}, "mixed: neutral / sad"),
    ],
)
def test_an_expression_that_is_likelier_wrong_than_right_is_mixed(values, words):
    assert expression_words(probs(**values)) == words
    assert mixed(probs(**values)) is words.startswith("mixed")


@pytest.mark.parametrize(
    ("best", "status", "words"),
    [
        (0.96, "ok", "96\N{NO-BREAK SPACE}% sure"),
        (SURE - 0.01, "ok", "not sure"),
        (0.96, "too_dark", "unsure: too dark"),
    ],
)
def test_how_sure_it_is_is_said(best, status, words):
    seen = face(1)
    seen.smooth.probs[:] = probs(happy=best)
    assert sure_words(replace(seen, status=status)) == words


def test_every_status_has_words_and_every_doubt_a_tip():
    assert ADVICE.keys() == MEANING.keys()
    assert all(advice.words for advice in ADVICE.values())
    assert [status for status, advice in ADVICE.items() if not advice.tip] == ["ok"]


def test_a_head_in_numbers_that_have_one_sign_each():
    turned = replace(face(1), pose=Pose(12.4, -0.4, -3.6), gaze_smooth=Gaze(-5.5, 20.0))
    assert head_words(turned) == ("head +12° +0° \N{MINUS SIGN}4°", "gaze \N{MINUS SIGN}6° +20°", "eyes open")


@pytest.mark.parametrize(
    ("lids", "words"),
    [((0.1, 0.9), "left eye closed"), ((0.9, 0.1), "right eye closed"), ((0.0, 0.2), "both eyes closed")],
)
def test_which_eye_is_closed_is_said(lids, words):
    assert head_words(replace(face(1), openness=lids))[1:] == ("gaze \N{EN DASH}", words)
