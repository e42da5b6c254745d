"""A gate has room for a burst of markers and then for a rate, and says what it left out."""

import pytest

from app.streams.gate import BURST, RATE, MarkerGate


@pytest.fixture
def now():
    return [100.0]


@pytest.fixture
def got():
    return []


@pytest.fixture
def gate(got, now):
    return MarkerGate(lambda *marker: got.append(marker), "lsl", lambda: now[0])


def test_a_gate_has_room_for_a_burst_and_then_for_a_rate(gate, got, now):
    assert (BURST, RATE) == (200, 50.0)
    assert all(gate(f"m{i}", 99.0) for i in range(BURST)) and not gate("too many", 99.0)
    now[0] += 0.125
    assert [gate(f"n{i}", 99.5) for i in range(6)] == [True] * 5 + [False]
    assert got[BURST:] == [
        ("markers over lsl left out: too many at once", "mien", 100.125),
        *((f"n{i}", "lsl", 99.5) for i in range(5)),
    ]
    now[0] += 3600.0
    assert sum(gate("again", 0.0) for _ in range(2 * BURST)) == BURST - 1 and gate(" \0\n", 0.0)


def test_what_was_left_out_is_said_once(gate, got, now):
    for i in range(BURST + 3):
        gate(f"m{i}", 1.0)
    now[0] += 1.0
    assert gate("back", 2.0) and gate("and again", 3.0)
    assert [(text, origin) for text, origin, _ in got[BURST:]] == [
        ("markers over lsl left out: too many at once", "mien"), ("back", "lsl"), ("and again", "lsl"),
    ]  # fmt: skip


def test_where_some_were_left_out_there_must_be_room_for_the_word_of_it_too(gate, got, now):
    for i in range(BURST + 1):
        gate(f"m{i}", 1.0)
    now[0] += 1.5 / RATE
    assert not gate("room for one", 2.0)
    now[0] += 1 / RATE
    assert gate("two", 3.0) and len(got) == BURST + 2


def test_a_text_of_nothing_takes_no_room(gate, got):
    assert all(gate(" \0\n", 0.0) for _ in range(2 * BURST)) and not got
    assert all(gate("m", 0.0) for _ in range(BURST)) and not gate("m", 0.0)
