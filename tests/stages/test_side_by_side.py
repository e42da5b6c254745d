"""Two steps run together only where that is quicker; what they give is the same either way."""

from __future__ import annotations

import threading

import pytest

from app.stages.side_by_side import KEPT, TRIALS, SideBySide


class Clock:
    """Seconds of a machine on which a pair takes `together` side by side, else `apart`."""

    def __init__(self, together: float, apart: float) -> None:
        self.took = {True: together, False: apart}
        self.now, self.calls = 0.0, 0
        self.pair: SideBySide | None = None

    def __call__(self) -> float:
        self.calls += 1
        if self.calls % 2 == 0:
            assert self.pair is not None
            self.now += self.took[self.pair.together]
        return self.now


def pair_on(clock: Clock) -> SideBySide:
    clock.pair = SideBySide(clock)
    return clock.pair


@pytest.mark.parametrize(("together", "expected"), [(0.5, True), (0.95, False), (1.3, False)])
def test_the_way_that_is_clearly_quicker_is_kept(together, expected):
    pair = pair_on(Clock(together, 1.0))
    for _ in range(2 * TRIALS):
        assert pair.run(lambda: 1, lambda: "2") == (1, "2")
    for _ in range(20):
        assert pair.together is expected
        pair.run(lambda: 1, lambda: 2)
    pair.close()


def test_a_machine_that_has_changed_is_tried_again():
    clock = Clock(1.5, 1.0)
    pair = pair_on(clock)
    for _ in range(KEPT - 1):
        pair.run(int, int)
    assert not pair.together
    clock.took[True] = 0.5  # the second core has nothing else to do any more
    for _ in range(1 + 2 * TRIALS):
        pair.run(int, int)
    assert pair.together
    pair.close()


def test_the_second_has_a_thread_of_its_own_only_side_by_side():
    pair = pair_on(Clock(2.0, 1.0))
    threads = [pair.run(threading.get_ident, threading.get_ident) for _ in range(2 * TRIALS + 1)]
    assert threads[0][0] != threads[0][1]
    assert threads[1][0] == threads[1][1] == threads[-1][1] == threading.get_ident()
    pair.close()


@pytest.mark.parametrize("runs", [0, 1])  # side by side first, then one after the other
def test_an_error_of_either_is_raised(runs):
    def wrong() -> int:
        raise ValueError("wrong")

    pair = SideBySide()
    for _ in range(runs):
        pair.run(int, int)
    with pytest.raises(ValueError, match="wrong"):
        pair.run(int, wrong)
    with pytest.raises(ValueError, match="wrong"):
        pair.run(wrong, int)
    pair.close()
