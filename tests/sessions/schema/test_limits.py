"""Values beyond what a session can hold are refused, and those at the edge are not."""

import math

import pytest

from app.sessions.schema import limits
from app.sessions.schema.limits import LONGEST_TEXT, LimitError, number, text, whole


def test_the_limits_are_those_that_sessions_were_tried_with():
    """Who changes one measures time and memory of a session at the new limit."""
    found = {name: value for name, value in vars(limits).items() if name.isupper() and name != "UNSHOWN"}
    assert found == {
        "MOST_ROWS": 8_000_000, "MOST_IN_MEMORY": 2_500_000, "MOST_REPLAYED": 1_500_000,
        "MOST_EVENTS": 1_000_000, "MOST_EVENT_BYTES": 128_000_000, "LONGEST_LINE": 65_536,
        "MOST_COLUMNS": 500, "LONGEST_WORD": 64, "MOST_WORDS": 100, "MOST_PEOPLE": 5_000,
        "LONGEST_MARKER": 1_000, "LONGEST_TEXT": 20_000, "MOST_SECONDS": 1e7, "MOST_COUNTED": 10**12,
        "MOST_PIXELS_AWAY": 1e6, "MOST_SIDE": 32_000, "MOST_PIXELS": 120_000_000, "MOST_FACES": 64,
    }  # fmt: skip


def test_a_text_is_one_of_at_most_so_many_letters():
    assert text(None, "it") == "" and text("abc", "it", 3) == "abc"
    assert text(5, "it") == "5" and text(0.5, "it") == "0.5"
    assert text("x" * LONGEST_TEXT, "it") == "x" * LONGEST_TEXT
    with pytest.raises(LimitError, match="it has 4 characters"):
        text("abcd", "it", 3)
    with pytest.raises(LimitError, match="it is no text"):
        text([], "it")


def test_a_space_stands_for_what_xml_cannot_write():
    assert text("a\0b\x1f\x7f\ufffe\uffffc\td\ne\rf", "it") == "a b    c\td\ne\rf"


def test_a_number_lies_between_its_limits_or_at_one():
    assert [number(value, "it", 1, 3) for value in (1, 2.5, 3)] == [1.0, 2.5, 3.0]
    assert number(None, "it", 1, 3) == 0.0 and number(None, "it", 1, 3, 2.0) == 2.0
    assert type(number(1, "it", 1, 3)) is float
    for beyond in (0.999, 3.001):
        with pytest.raises(LimitError, match="which is not from 1 to 3"):
            number(beyond, "it", 1, 3)
    for none in ("1", math.nan, math.inf, -math.inf, []):
        with pytest.raises(LimitError, match="it is no number"):
            number(none, "it", -math.inf, math.inf)


def test_a_whole_number_has_no_fraction():
    assert whole(2.0, "it", 0, 3) == 2 and type(whole(2.0, "it", 0, 3)) is int
    assert whole(None, "it", 0, 3) == 0 and whole(None, "it", 0, 3, 1) == 1
    with pytest.raises(LimitError, match=r"it is 1\.5, which is no whole number"):
        whole(1.5, "it", 0, 3)
    with pytest.raises(LimitError, match="it is 4, which is not from 0 to 3"):
        whole(4, "it", 0, 3)
