"""The folder of a study on the disk: opened, made, and changed by several operators at once without loss.

`study.toml` is replaced as a whole, under a lock. A change is a function of the study as it is on the disk
at that moment, so what another operator wrote meanwhile stays. All names in it are relative: a study can be
moved.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from app.study.entries import EntryError
from app.study.errors import StudyError
from app.study.study import Study
from app.study.study_text import read_study, study_text
from app.system.atomic import replace_text
from app.system.lock import FileLock, LockedError
from app.system.plain_file import PRIVATE_FOLDER, is_there, read_plain

STUDY_FILE = "study.toml"
LOCK_FILE = "study.lock"
BY_HAND_FILE = "study-by-hand.toml"  # the last text with comments that Mien replaced
SESSIONS, STIMULI = "sessions", "stimuli"  # folders in that of a study
MOST_BYTES = 8_000_000
PATIENCE = 5.0  # s to wait for another operator's change


class StudyFolder:
    """One study on the disk. Attribute: `path`, of its folder."""

    def __init__(self, path: Path) -> None:
        """The study in the folder `path`, or in that of the file `path` where it is a `study.toml`."""
        self.path = path.parent if path.name == STUDY_FILE else path

    @classmethod
    def make(cls, path: Path, study: Study) -> StudyFolder:
        """A new study in the folder `path`, which is made. Raises StudyError where one is there already."""
        made = cls(path)
        try:
            made.path.mkdir(PRIVATE_FOLDER, parents=True, exist_ok=True)
            with made._locked():
                if is_there(made.file):
                    raise StudyError(f"{made.path} holds a study already: open it, or choose another folder.")
                for inside in (SESSIONS, STIMULI):
                    (made.path / inside).mkdir(PRIVATE_FOLDER, exist_ok=True)
                replace_text(made.file, study_text(study), private=True)
        except OSError as error:
            raise made._unwritable(error) from error
        return made

    @property
    def file(self) -> Path:
        """The path of `study.toml`."""
        return self.path / STUDY_FILE

    def read(self) -> Study:
        """The study as it is on the disk now. Raises StudyError."""
        return self._parsed(self._text())

    def change(self, change: Callable[[Study], Study], seen: Study | None = None) -> Study:
        """Writes what `change` makes of the study on the disk; gives it. Raises StudyError.

        `seen` is the study on which the operator decided, where the change is not to fall on another one: as
        when a form is saved that was filled from it.
        """
        try:
            with self._locked():
                text = self._text()
                before = self._parsed(text)
                if seen is not None and before != seen:
                    raise StudyError(
                        f"{self.file} was changed meanwhile, by another operator or in an editor: look at it "
                        "again, then repeat your change."
                    )
                after = change(before)
                written = study_text(after)
                if self._parsed(written) != after:  # what could not be read back would be lost
                    raise StudyError(f"{self.file} was not changed, since a text in it cannot be written.")
                if text != study_text(before):
                    replace_text(self.path / BY_HAND_FILE, text, private=True)
                if after != before:
                    replace_text(self.file, written, private=True)
                return after
        except OSError as error:
            raise self._unwritable(error) from error

    def at(self, name: str) -> Path:
        """The path of `name`, which is relative to the folder with "/" between its parts."""
        return self.path.joinpath(*PurePosixPath(name).parts)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Nobody else changes the study meanwhile. Raises StudyError and OSError."""
        path = self.path / LOCK_FILE
        end = time.monotonic() + PATIENCE
        while True:
            try:
                lock = _lock(path)
                break
            except LockedError:
                if time.monotonic() > end:
                    raise StudyError(
                        f"Another operator is changing {self.file} and does not end: close Mien there, or "
                        "wait."
                    ) from None
                time.sleep(0.02)
        try:
            yield
        finally:
            lock.release()

    def _text(self) -> str:
        try:
            return read_plain(self.file, MOST_BYTES).decode("utf-8-sig").replace("\r\n", "\n")
        except FileNotFoundError as error:
            raise StudyError(
                f"There is no study in {self.path}: name the folder that holds {STUDY_FILE}."
            ) from error
        except UnicodeDecodeError as error:
            raise StudyError(f"{self.file} is no UTF-8 text: save it as UTF-8 in your editor.") from error
        except OSError as error:
            raise StudyError(f"{self.file} cannot be read ({error.strerror or error}).") from error

    def _parsed(self, text: str) -> Study:
        try:
            return read_study(text)
        except EntryError as error:
            raise StudyError(f"{self.file} cannot be used: {error}.") from error

    def _unwritable(self, error: OSError) -> StudyError:
        return StudyError(
            f"{self.path} cannot be written ({error.strerror or error}): nothing was changed; make room, or "
            "choose another folder."
        )


def _lock(path: Path) -> FileLock:
    """Takes the lock, whose file stays. Raises LockedError and OSError."""
    try:
        return FileLock(path)
    except FileNotFoundError:
        try:
            return FileLock(path, new=True)
        except FileExistsError:  # another operator made it just now
            return FileLock(path)
