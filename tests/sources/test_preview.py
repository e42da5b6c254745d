"""Looking at every camera: each alive until it stops, in turns if need be, and none held afterwards."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from app.sources import preview
from app.sources.preview import Preview
from tests.cameras import Desk, Timeouts, device
from tests.fakes import LONG, wait_for

FIRST, SECOND, THIRD = (
    device(i, name, serial) for i, name, serial in ((3, "A", "1"), (5, "B", "2"), (7, "C", "3"))
)


class Looking:
    """A Look on a thread of its own, and what it showed."""

    def __init__(self, desk: Desk, used=None) -> None:
        self.desk, self.pictures, self.said, self.choices = desk, Counter(), {}, ()
        self.look = Preview(desk, used, self._found, self._show)
        self.thread = threading.Thread(target=self.look.run)
        self.thread.start()

    def _found(self, choices) -> None:
        self.choices = choices

    def _show(self, device, image, why) -> None:
        if image is None:
            self.said[device] = why
        else:
            self.pictures[device] += 1

    def held(self) -> int:
        return sum(not capture.released for capture in self.desk.captures)


@pytest.fixture
def looking(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Looking]]:
    monkeypatch.setattr(preview, "TURN", 0.1)
    monkeypatch.setattr(preview, "RETRY", 0.05)
    begun: list[Looking] = []

    def begin(*plugged, used=None) -> Looking:
        desk = Desk(*plugged)
        monkeypatch.setattr(preview, "TIMEOUTS", Timeouts(desk))
        begun.append(Looking(desk, used))
        return begun[-1]

    yield begin
    for one in begun:
        one.desk.never.set()
        assert one.look.stop(LONG)
        one.thread.join(LONG)
        assert not one.thread.is_alive()
        assert one.held() == 0


def test_several_are_alive_at_once_until_it_is_stopped(looking) -> None:
    seen = looking((FIRST, ""), (SECOND, ""), (THIRD, ""))
    wait_for(lambda: min(seen.pictures[d] for d in (FIRST, SECOND, THIRD)) > 3)
    before = seen.pictures.copy()
    wait_for(lambda: all(seen.pictures[d] > before[d] + 3 for d in (FIRST, SECOND, THIRD)))
    assert seen.held() == len(seen.desk.captures) == 3
    assert seen.thread.is_alive()
    assert not seen.said


def test_a_busy_one_says_so_and_the_others_go_on(looking) -> None:
    seen = looking((FIRST, ""), (SECOND, "busy"), (THIRD, ""))
    wait_for(lambda: SECOND in seen.said)
    before = seen.pictures.copy()
    wait_for(lambda: all(seen.pictures[d] > before[d] + 5 for d in (FIRST, THIRD)))
    assert "is used by zoom: close it there." in seen.said[SECOND]
    assert not seen.pictures[SECOND]


def test_where_the_bus_has_no_room_they_take_turns_again_and_again(looking) -> None:
    seen = looking((FIRST, ""), (SECOND, "needs the bus alone"))
    wait_for(lambda: seen.pictures[SECOND] > 0)
    before = seen.pictures.copy()
    wait_for(lambda: all(seen.pictures[d] > before[d] + 3 for d in (FIRST, SECOND)))
    assert seen.held() <= 1


def test_more_than_may_be_open_at_once_take_turns(looking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview, "MAX_OPEN", 2)
    seen = looking((FIRST, ""), (SECOND, "busy"), (THIRD, ""))
    held = set[int]()

    def shown() -> bool:
        held.add(seen.held())
        return min(seen.pictures[d] for d in (FIRST, THIRD)) > 3 and SECOND in seen.said

    wait_for(shown)
    assert max(held) <= 1


def test_the_one_in_use_is_left_alone(looking) -> None:
    seen = looking((FIRST, ""), (SECOND, ""), used=FIRST)
    wait_for(lambda: seen.pictures[SECOND] > 2)
    assert [choice.device for choice in seen.choices] == [FIRST, SECOND]
    assert {capture.device for capture in seen.desk.captures} == {SECOND}


@pytest.mark.parametrize("fault", ["", "never opens", "opens without pictures"])
def test_it_stops_soon_whatever_the_cameras_do(looking, fault: str) -> None:
    seen = looking((FIRST, ""), (SECOND, fault))
    wait_for(lambda: seen.pictures[FIRST] > 0)
    begun = time.perf_counter()
    assert seen.look.stop(LONG)
    assert time.perf_counter() - begun < LONG / 2  # who waited for a camera that is stuck would wait longer
    seen.desk.never.set()


def test_nothing_to_look_at_ends_it(looking) -> None:
    seen = looking((FIRST, ""), used=FIRST)
    seen.thread.join(LONG)
    assert not seen.thread.is_alive()
    assert not seen.desk.captures
