"""Writes a session folder: rows as they come, and `session.json`, which is there from the first second."""

from __future__ import annotations

import errno
import os
import re
import shutil
import threading
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from app.sessions.disk import DiskWatch, Limits, in_words
from app.sessions.event_log import EventLog
from app.sessions.fixed_size import FixedSize
from app.sessions.header import PersonBaseline, SessionHeader, SessionState, Writer, to_json
from app.sessions.row_file import RowFile
from app.sessions.rows import rows
from app.sessions.schema.faces import HEADER
from app.sessions.schema.files import EVENTS_FILE, INFO_FILE, ROWS_FILE, VIDEO_FILE
from app.sessions.video_recorder import VideoKind, VideoRecorder
from app.sessions.wall_time import utc, utc_offset
from app.sessions.writing_lock import WritingLock
from app.stages.baseline import BaselineResult
from app.system import clock
from app.system.atomic import replace_text, sync_folder
from app.system.counted import counted
from app.system.errors import UserError
from app.system.lock import LockedError
from app.system.plain_file import PRIVATE_FOLDER
from app.types import Result

ROOM = Limits()
SLOW = 3.0  # s that one write may take before it is worth a word


class RecordError(UserError):
    """Nothing more can be recorded; the text is one sentence that says what to do."""


class Recorder:
    """Writes the results of one session; safe to use from several threads at once.

    Attributes: `folder`, that of the session; `events`, its log of events; `video`, its video or None.
    """

    def __init__(
        self, sessions: Path, header: SessionHeader, *, latency: bool = True, video: VideoKind | None = None,
        room: Limits = ROOM, folder: Path | None = None,
    ) -> None:  # fmt: skip
        """Makes a new folder in `sessions`, named after the time and the source. Raises RecordError.

        `folder` is a path for it that nothing has yet, where its name is not to depend on the time.
        `latency` is recorded live, and left out of an analysis so that the same file gives the same bytes.
        `video` says what its video shows, None for no video; `room` is what has to be free on the disk.
        """
        self._header, self._latency = header, latency
        self._fixed_size = FixedSize()
        self._state = SessionState(utc(now := time.time()), utc_offset(now), writer=Writer.this())
        self.video: VideoRecorder | None = None
        self._zero: float | None = None if header.live else 0.0  # s on the source's clock
        self._closed = False  # nothing more is written
        self._released = False  # and nothing is left open
        self._lock = threading.Lock()
        self._describing = threading.Lock()
        try:
            self.folder = _new_folder(sessions, header.source) if folder is None else _made(folder)
        except OSError as error:
            raise _refused(sessions, error) from error
        try:
            self._writing = WritingLock(self.folder, needed=False)
        except (OSError, LockedError) as error:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise _refused(sessions, error) from error
        self._watch = DiskWatch(self.folder, room)
        if video is not None:  # it makes no file before the first frame
            self.video = VideoRecorder(self.folder / VIDEO_FILE, video, header.mode.rate)
            self._state = replace(self._state, video=self.video.state())
        try:
            if self._watch.out:
                raise OSError(errno.ENOSPC, f"only {in_words(self._watch.free or 0)} are free")
            self._describe()
            self._file = RowFile(self.csv, HEADER)
            self.events = EventLog(self.folder / EVENTS_FILE)
            sync_folder(self.folder)
        except OSError as error:
            self._watch.close()
            if self.video is not None:
                self.video.close()
            self._writing.release()
            shutil.rmtree(self.folder, ignore_errors=True)  # it was made just now and says nothing
            raise _refused(sessions, error) from error

    @property
    def csv(self) -> Path:
        """The path of the file of rows."""
        return self.folder / ROWS_FILE

    @property
    def frames(self) -> int:
        """How many frames have their rows."""
        return self._state.frames

    @property
    def warning(self) -> str:
        """A sentence about what the user should put right while it is recorded; "" for nothing."""
        if self.video is not None and self.video.error is not None:
            return (
                f"The video stopped ({self.video.error.strerror}), the numbers go on: make room on the disk."
            )
        if self._file.stuck > SLOW:
            return f"The disk of {self.folder.parent} does not answer; nothing is lost while Mien stays open."
        if self.video is not None and self.video.losing:
            return (
                f"The disk or the computer is too slow for the video: {self.video.dropped} of its pictures "
                "are missing, the numbers are whole; close other programs, or record to another disk."
            )
        if self._watch.low:
            left = in_words(self._watch.free or 0)
            return f"Only {left} are free in {self.folder.parent}: make room, or the recording will stop."
        return ""

    def append(self, result: Result) -> None:
        """Writes the rows of `result`; ignored once closed. Raises RecordError, once, if the disk refuses."""
        ready = clock.now()
        with self._lock:
            if self._closed:
                return
            if self._zero is None:
                self._zero = result.frame.time
            at = result.frame.time - self._zero
            result, changed = self._fixed_size(result)
            latency = (ready - result.frame.captured) * 1e3 if self._latency else None
            try:
                self.events.see(result, at, live=self._header.live)
                if changed:
                    self.events.note("picture_size", changed, when=result.frame.captured)
                self._file.append(rows(result, at, latency))
                if self.video is not None:
                    self._into_video(self.video, result, at)
            except OSError as error:
                raise self._failed(error) from error
            done = self._state
            count = max(1, len(result.faces))
            self._state = replace(done, frames=done.frames + 1, rows=done.rows + count)
            out = self._watch.out
        if out:
            text = (
                f"The recording stopped since only {in_words(self._watch.free or 0)} are free: make room and "
                f"record again; the session is whole in {self.folder}."
            )
            self.close(text)
            raise RecordError(text)

    def mark(self, text: str, origin: str, when: float | None = None) -> None:
        """Sets a marker now, or at `when` (s of clock.now); ignored once closed.

        `origin` is who set it, as in `Event`. Raises RecordError when the disk refuses.
        """
        with self._lock:
            if not self._closed:
                try:
                    self.events.mark(text, origin, when)
                except OSError as error:
                    raise self._failed(error) from error

    def undo(self, origin: str) -> str:
        """Takes back the newest marker and gives its text; "" when there is none.

        Raises RecordError when the disk refuses.
        """
        with self._lock:
            try:
                marker = None if self._closed else self.events.undo(origin)
            except OSError as error:
                raise self._failed(error) from error
        return marker.text if marker else ""

    def keep_baseline(self, taken: BaselineResult) -> None:
        """Writes down the baselines that were taken, and waits for the disk.

        Raises RecordError when it refuses.
        """
        with self._lock:
            if self._closed:
                return
            fresh = tuple(PersonBaseline(face, baseline) for face, baseline in taken.baselines.items())
            kept = tuple(person for person in self._state.baseline if person.face not in taken.baselines)
            self._state = replace(self._state, baseline=(*kept, *fresh))
            try:
                for face, baseline in taken.baselines.items():
                    text = f"valence {baseline.valence:.4f} arousal {baseline.arousal:.4f}"
                    self.events.note("baseline_set", text, face=face)
            except OSError as error:
                raise self._failed(error) from error
        try:
            self._describe()
        except OSError as error:
            raise self._failed(error) from error

    def note(self, kind: str, text: str, when: float | None = None) -> None:
        """Writes an event of `kind`, now or at `when` (s of clock.now); ignored once closed.

        Raises RecordError when the disk refuses.
        """
        with self._lock:
            if not self._closed:
                try:
                    self.events.note(kind, text, when=when)
                except OSError as error:
                    raise self._failed(error) from error

    def close(self, ended_by: str = "stop") -> None:
        """Writes what is left and marks the session as finished. Safe to call twice. Raises RecordError.

        `ended_by` says why it ends. After an error that was raised before, only the files are closed; a later
        start of Mien marks the session as finished.
        """
        with self._lock:
            if self._released:
                return
            failed, self._closed, self._released = self._closed, True, True
            self._watch.close()
            try:
                self._close(ended_by, finish=not failed)
            except OSError as error:
                if not failed:
                    raise self._failed(error) from error
            finally:
                self._writing.release()

    def _into_video(self, video: VideoRecorder, result: Result, at: float) -> None:
        before = video.losing
        video.append(result, at)
        if video.losing and not before and video.error is None:
            self.events.note(
                "warning", "too slow for the video: from here on some of its pictures are missing"
            )

    def _close(self, ended_by: str, *, finish: bool) -> None:
        if self.video is not None:
            self.video.close()
            if self.video.dropped and finish:
                with suppress(OSError):  # closing the events says it
                    self.events.note(
                        "warning",
                        f"{counted(self.video.dropped, 'picture is', 'pictures are')} missing in the video",
                    )
        try:
            self._file.close()
        finally:
            self.events.close()
        if finish:
            self._finish(ended_by)

    def _finish(self, ended_by: str) -> None:
        if gone := self._gone():
            raise FileNotFoundError(errno.ENOENT, "a file was deleted or moved", str(gone))
        self._state = replace(
            self._state, finished=True, finished_utc=utc(time.time()), ended_by=ended_by,
            rows_sha256=self._file.sha256, events_sha256=self.events.sha256,
            video=self.video.state() if self.video else None,
        )  # fmt: skip
        self._describe()

    def _gone(self) -> Path | None:
        """A file of the session that somebody deleted or moved while it was written; None for none."""
        files = (self.folder, self.csv, self.folder / EVENTS_FILE)
        return next((path for path in files if not os.path.lexists(path)), None)

    def _describe(self) -> None:
        """Writes session.json with the present state; of two threads the later one has the newer."""
        with self._describing:
            replace_text(self.folder / INFO_FILE, to_json(self._header, self._state), private=True)

    def _failed(self, error: OSError) -> RecordError:
        self._closed = True
        self._watch.close()
        if gone := self._gone():
            return RecordError(
                f"The recording stopped since {gone} is not there any more: look where the folder was moved "
                "to, or among what was deleted, and record again."
            )
        return RecordError(
            f"The recording stopped ({error.strerror}): free some space or choose another folder and record "
            f"again; what was written before is whole in {self.folder}."
        )


def _refused(sessions: Path, error: OSError | LockedError) -> RecordError:
    why = (isinstance(error, OSError) and error.strerror) or "another program has locked the new folder"
    return RecordError(f"Nothing can be recorded in {sessions} ({why}): choose another folder.")


def _made(folder: Path) -> Path:
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(PRIVATE_FOLDER)
    return folder


def _new_folder(sessions: Path, name: str) -> Path:
    """A folder that was not there before, into which its owner alone may look."""
    sessions.mkdir(parents=True, exist_ok=True)
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    plain = re.sub(r"[^\w.-]+", "-", name).strip("-.")[:60] or "session"
    number = 1
    while True:
        folder = sessions / (f"{stamp}-{plain}" if number == 1 else f"{stamp}-{plain}-{number}")
        try:
            folder.mkdir(PRIVATE_FOLDER)
            return folder
        except FileExistsError:
            number += 1
