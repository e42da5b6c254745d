"""A mailbox for one item: what lets a slow reader see the newest and never fall behind."""

from __future__ import annotations

import threading
from typing import Generic, TypeVar

T = TypeVar("T")


class Mailbox(Generic[T]):
    """`put` replaces what lies there and never waits; `take` empties it. Safe between threads."""

    def __init__(self) -> None:
        self._item: T | None = None
        self._ready = threading.Condition()

    def put(self, item: T) -> None:
        with self._ready:
            self._item = item
            self._ready.notify()

    def take(self, timeout: float = 0.0) -> T | None:
        """The newest item, or None when there is none within `timeout` seconds."""
        with self._ready:
            if self._item is None and timeout > 0:
                self._ready.wait(timeout)
            item, self._item = self._item, None
            return item
