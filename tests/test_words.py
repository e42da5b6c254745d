"""Uncertain is a state with words of its own; every reason for doubt comes with what to do."""

import numpy as np
import pytest

from app.stages.quality import MEANING
from app.types import EXPRESSIONS
from app.words import ADVICE, SURE, expression_words, mixed


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


def test_every_status_has_words_and_every_doubt_a_tip():
    assert ADVICE.keys() == MEANING.keys()
    assert all(advice.words for advice in ADVICE.values())
    assert [status for status, advice in ADVICE.items() if not advice.tip] == ["ok"]
