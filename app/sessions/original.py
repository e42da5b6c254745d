"""Whether a file is still the one that a session was made from."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from app.sessions.header import sha256


class Original:
    """By its length at once; by its hash, where the session has one, on a thread: that may take long."""

    def __init__(self, file: Mapping[str, Any], changed: Callable[[], None] = lambda: None) -> None:
        """`file` as `session.json` describes it; `changed` is called on that thread when a doubt arises."""
        self.path = Path(str(file.get("path")))
        self.doubt = self._look(file.get("bytes"))  # why it is not the one, as a clause; "" while it may be
        self._changed = changed
        expected = str(file.get("sha256") or "")
        if not self.doubt and expected:
            threading.Thread(target=self._compare, args=(expected,), name="hash", daemon=True).start()

    @property
    def sentence(self) -> str:
        """The doubt, and what to do; "" where there is none."""
        if not self.doubt:
            return ""
        return (
            f"{self.doubt}: the numbers are replayed without a picture, unless the right file is put back as "
            f"{self.path}."
        )

    def _look(self, length: object) -> str:
        try:
            found = self.path.stat().st_size if self.path.is_file() else None
        except OSError:
            found = None
        if found is None:
            return f"{self.path.name} is not there any more"
        if isinstance(length, int) and found != length:
            return f"{self.path.name} is not the file that was measured (its length is another one)"
        return ""

    def _compare(self, expected: str) -> None:
        try:
            if sha256(self.path) == expected:
                return
            self.doubt = f"{self.path.name} is not the file that was measured (its hash is another one)"
        except OSError as error:
            self.doubt = f"{self.path.name} cannot be read ({error.strerror})"
        self._changed()
