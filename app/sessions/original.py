"""Whether a file is still the one that a session was made from."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

from app.sessions.header import SourceFile, sha256


def is_on_strange_computer(path: Path, session: Path) -> bool:
    """Whether `path` names a computer of a network that `session`, a folder, is not on; on Windows alone.

    There, to look for such a file sends the user's name and a proof of the password to that computer.
    """
    drive = path.drive
    return drive.startswith(("\\\\", "//")) and drive.lower() != session.absolute().drive.lower()


def is_file(path: Path, *, folder: bool = False) -> bool:
    """Whether `path` is a file, and not a pipe or a device; also where no file can have such a name.

    With `folder` it must be a folder that can be read.
    """
    try:
        return (path.is_dir() and os.access(path, os.R_OK | os.X_OK)) if folder else path.is_file()
    except OSError:
        return False


class Original:
    """The file that was measured, compared by its length at once, and by its hash on a thread of its own."""

    def __init__(
        self, file: SourceFile, session: Path, changed: Callable[[], None] = lambda: None, *,
        folder: bool = False,
    ) -> None:  # fmt: skip
        """Looks for `file`, or a `folder`, which the session in the folder `session` was made from.

        `changed` is called on the thread of the hash when a doubt arises.
        """
        self.path, self._folder = Path(file.path), folder
        self._strange = is_on_strange_computer(self.path, session)
        self.doubt = self._look(file.bytes)  # why it is not the one, as a clause; "" while it may be
        self._changed = changed
        if not self.doubt and file.sha256:
            threading.Thread(target=self._compare, args=(file.sha256,), name="hash", daemon=True).start()

    @property
    def sentence(self) -> str:
        """Why the file is not the one that was measured, and what to do; "" while it may be."""
        if not self.doubt:
            return ""
        return (
            f"{self.doubt}: the numbers are replayed without a picture; put the right file back as "
            f"{self.path}."
        )

    def _look(self, length: int) -> str:
        if self._strange:
            return f"{self.path.name} is on another computer, which is not asked"
        there = is_file(self.path, folder=self._folder)
        found = SourceFile.of(self.path, hashed=False).bytes if there else None
        if found is None:
            return f"{self.path.name} is no longer there"
        if length >= 0 and found != length:
            return f"{self.path.name} is not the file that was measured (its length differs)"
        return ""

    def _compare(self, expected: str) -> None:
        try:
            found = SourceFile.of(self.path, hashed=True).sha256 if self._folder else sha256(self.path)
            if found == expected:
                return
            self.doubt = f"{self.path.name} is not the file that was measured (its hash differs)"
        except OSError as error:
            self.doubt = f"{self.path.name} cannot be read ({error.strerror})"
        self._changed()
