"""JSON of strangers costs little, and what cannot be is a clause."""

import json
import math
import time

import pytest

from app.system.json_text import read_json


@pytest.mark.parametrize(
    "value", [{}, [], "ä\U0001f600\n", 1, -1.5, None, True, {"a": [{"b": {"c": [1, "x"]}}]}]
)
def test_what_can_be_comes_back(value):
    assert read_json(json.dumps(value).encode()) == value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "Expecting"),
        ("[" * 100_000, "too deep"),
        ("[" * 50 + "]" * 50, "too deep"),
        ('{"a":' * 50 + "1" + "}" * 50, "too deep"),
        ('"\\ud800"', "no Unicode"),
        ('{"\\udfff": 1}', "no Unicode"),
        ("1e400", "too large"),
        ("-1e999", "too large"),
        ("NaN", "no number"),
        ("[Infinity]", "no number"),
        ("9" * 19, "19 digits"),
        ("-" + "9" * 5000, "5001 digits"),
        ('"' + "x" * 5_000_000 + '"', "more than 4 MB"),
    ],
)
def test_what_cannot_be_is_a_clause(text, said):
    with pytest.raises(ValueError, match=said) as error:
        read_json(text.encode())
    assert len(str(error.value)) < 200


def test_what_is_no_utf8_is_a_clause():
    with pytest.raises(ValueError, match="no UTF-8"):
        read_json(b'"\xff"')


def test_the_largest_number_is_exact():
    assert read_json(b"999999999999999999") == 10**18 - 1 and math.isfinite(read_json(b"1e308"))


@pytest.mark.parametrize("part", ["[],", "{},", "1,", '"",', "[[]],"])
def test_four_megabytes_take_no_time(part):
    text = "[" + part * (3_900_000 // len(part)) + "1]"
    begun = time.perf_counter()
    read_json(text.encode())
    assert time.perf_counter() - begun < 20
