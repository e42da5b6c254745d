"""No text of a session is a formula in a spreadsheet, and each is read back as it was."""

import csv
import io

import pytest

from app.sessions.event import Event
from app.sessions.schema.events import EVENT_COLUMNS, line, read_event
from app.sessions.schema.formulas import guard, unguard

FORMULAS = (
    '=HYPERLINK("http://x","y")', "+1", "-2+3+cmd|' /C calc'!A0", "@SUM(A1)", "\tx", "\rx", "'=1", "''+1",
    "a;=1", "a; =1", "a;'@x", ";;=1", " =1", "\N{FULLWIDTH EQUALS SIGN}1", "-", "=",
)  # fmt: skip
PLAIN = ("start", "it's", "'quoted'", "a=b", "5-3", "me@home", "a, =b", "", "'", "x;y", "ä =")


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_becomes_text_and_comes_back(text):
    guarded = guard(text)
    assert unguard(guarded) == text and unguard(guard(guarded)) == guarded
    for cell in (guarded, *guarded.split(";")):
        assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\N{FULLWIDTH EQUALS SIGN}"))


@pytest.mark.parametrize("text", PLAIN)
def test_other_text_stays_as_it_is(text):
    assert guard(text) == unguard(text) == text


@pytest.mark.parametrize("text", [*FORMULAS, *PLAIN])
def test_a_line_of_events_holds_no_formula_and_gives_the_text_back(text):
    written = line(Event(1.0, text=text, number=1, origin="udp"))
    (cells,) = csv.reader(io.StringIO(written))
    named = dict(zip((c.name for c in EVENT_COLUMNS), cells, strict=True))
    assert not named["text"].startswith(("=", "+", "-", "@"))
    assert read_event(named).text == " ".join(text.split())
