"""A mailbox for one item: a slow reader sees the newest one and never falls behind."""

from __future__ import annotations

import threading
from typing import Generic, TypeVar

T = TypeVar("T")


class Mailbox(Generic[T]):
    """Holds the newest item that no one has taken yet. One thread puts, another takes."""

    def __init__(self) -> None:
        self._item: T | None = None
        self._ready = threading.Condition()

    def put(self, item: T) -> None:
        """Replaces what is there, and wakes a `take` that waits. Never waits itself."""
        with self._ready:
            self._item = item
            self._ready.notify()

    def take(self, timeout: float = 0.0) -> T | None:
        """Takes the newest item out; None when there is none within `timeout` seconds."""
        with self._ready:
            if self._item is None and timeout > 0:
                self._ready.wait(timeout)
            item, self._item = self._item, None
            return item
