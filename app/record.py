"""A session folder: `faces.csv` that grows, and `session.json` that says what it is from its first second."""

from __future__ import annotations

import re
import shutil
import threading
import time
from dataclasses import replace
from pathlib import Path

from app.columns import HEADER, rows, utc
from app.errors import UserError
from app.files import replace_text, sync_folder
from app.rowfile import RowFile
from app.session import Progress, Session, to_json
from app.types import Result


class RecordError(UserError):
    """Nothing more can be recorded; the text is one sentence that says what to do."""


class Recorder:
    """Writes each result; safe to use from the engine's thread and the window's at once.

    `latency` is left out of an analysis, so that the same file gives the same bytes.
    """

    def __init__(self, sessions: Path, session: Session, *, latency: bool = True) -> None:
        """Makes a new folder in `sessions`, named after the time and the source. Raises RecordError."""
        self._session, self._latency = session, latency
        self._progress = Progress(utc(time.time()))
        self._zero: float | None = None if session.live else 0.0  # s on the source's clock
        self._closed = False
        self._lock = threading.Lock()
        try:
            self.folder = _new_folder(sessions, session.source)
        except OSError as error:
            raise _refused(sessions, error) from error
        try:
            replace_text(self.folder / "session.json", to_json(session, self._progress))
            self._file = RowFile(self.csv, HEADER)
            sync_folder(self.folder)
        except OSError as error:
            shutil.rmtree(self.folder, ignore_errors=True)  # it was made just now and says nothing
            raise _refused(sessions, error) from error

    @property
    def csv(self) -> Path:
        return self.folder / "faces.csv"

    @property
    def frames(self) -> int:
        return self._progress.frames

    def append(self, result: Result) -> None:
        """The rows of one frame; ignored once closed. Raises RecordError, once, when the disk refuses."""
        ready = time.perf_counter()
        with self._lock:
            if self._closed:
                return
            if self._zero is None:
                self._zero = result.frame.time
            latency = (ready - result.frame.captured) * 1e3 if self._latency else None
            try:
                self._file.append(rows(result, result.frame.time - self._zero, latency))
            except OSError as error:
                raise self._failed(error) from error
            done = self._progress
            count = max(1, len(result.faces))
            self._progress = replace(done, frames=done.frames + 1, rows=done.rows + count)

    def close(self, ended_by: str = "stop") -> None:
        """Writes what is left and marks the session as finished. Safe to call twice. Raises RecordError."""
        with self._lock:
            if self._closed:
                return
            try:
                self._file.close()
                self._finish(ended_by)
            except OSError as error:
                raise self._failed(error) from error
            finally:
                self._closed = True

    def _finish(self, ended_by: str) -> None:
        self._progress = replace(
            self._progress, finished=True, finished_utc=utc(time.time()), ended_by=ended_by
        )
        replace_text(self.folder / "session.json", to_json(self._session, self._progress))

    def _failed(self, error: OSError) -> RecordError:
        self._closed = True
        return RecordError(
            f"The recording stopped ({error.strerror}): free some space or choose another folder and record "
            f"again; what was written before is whole in {self.folder}."
        )


def _refused(sessions: Path, error: OSError) -> RecordError:
    return RecordError(f"Nothing can be recorded in {sessions} ({error.strerror}): choose another folder.")


def _new_folder(sessions: Path, name: str) -> Path:
    """A folder that was not there before."""
    sessions.mkdir(parents=True, exist_ok=True)
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    plain = re.sub(r"[^\w.-]+", "-", name).strip("-.")[:60] or "session"
    number = 1
    while True:
        folder = sessions / (f"{stamp}-{plain}" if number == 1 else f"{stamp}-{plain}-{number}")
        try:
            folder.mkdir()
            return folder
        except FileExistsError:
            number += 1
