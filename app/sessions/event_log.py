"""Writes `events.csv`: what happened when. Markers of people, and what Mien noticed by itself.

Nothing is ever deleted or changed: an undo is one more line, which names the marker that it cancels.
"""

from __future__ import annotations

import threading
import time
from pathlib import Path

from app.sessions.event import MARKER, UNDO, Event
from app.sessions.file_gaps import FileGaps
from app.sessions.highest import Highest
from app.sessions.pauses import Pauses
from app.sessions.row_file import RowFile
from app.sessions.schema.events import HEADER, line
from app.sessions.schema.limits import MOST_EVENT_BYTES, MOST_EVENTS
from app.system import clock
from app.types import Frame, Result

OUT_OF_SIGHT = 1.0  # s after which a face counts as gone; as long as the tracker remembers it
GAP = 1.0  # s between two frames of a camera that are one frame too many
STEADY = 1.0  # s after which it is noted that fewer faces are not measured; that more are, at once


class EventLog:
    """Writes the events of one session. Safe to use from several threads; raises OSError as RowFile does."""

    def __init__(self, path: Path) -> None:
        """Creates the file `path`; never overwrites one."""
        self._file = RowFile(path, HEADER)
        self._count = self._bytes = 0  # of the events that were written
        self._markers: list[Event] = []  # in force, oldest first
        self._frame: Frame | None = None  # the newest
        self._zero = 0.0  # s on the source's clock at which the session began
        self._live = False
        self._seen: dict[int, tuple[Frame, float]] = {}  # face id: frame and time it was last seen
        self._unmeasured = 0  # faces, as noted last
        self._most_unmeasured = Highest(STEADY)
        self._gaps, self._pauses = FileGaps(), Pauses()
        self._lock = threading.RLock()

    @property
    def sha256(self) -> str:
        """The SHA-256 of all that was written so far: of the whole file once it is closed."""
        return self._file.sha256

    def see(self, result: Result, time: float, *, live: bool) -> None:
        """Notes cuts, faces that appear or end, how many are not measured, and gaps between frames.

        `time` is that of the rows of `result`, in seconds; `live` says that the source is a camera.
        """
        frame = result.frame
        with self._lock:
            if live and self._frame is not None:
                lost = frame.time - self._frame.time
                if lost - self._pauses.within(time - lost, time) > GAP:
                    self._write("camera_gap", f"no picture for {lost:.3f} s", time, frame, "mien")
            if not live and (missing := self._gaps.add(frame.time)) is not None:
                self._write("file_gap", f"no picture for {missing:.3f} s", time, frame, "mien")
            self._frame, self._zero, self._live = frame, frame.time - time, live
            if result.cut:
                self._write("cut", "", time, frame, "mien")
            for face in result.faces:
                if face.id not in self._seen:
                    self._write("face_appeared", f"face {face.id}", time, frame, "mien", face.id)
                self._seen[face.id] = frame, time
            for id, (last, when) in list(self._seen.items()):
                if time - when > OUT_OF_SIGHT:
                    self._end(id, last, when)
            self._count_unmeasured(result, time)

    def mark(self, text: str, origin: str, when: float | None = None) -> Event | None:
        """Sets a marker now, or at `when` (s of clock.now).

        None before the first frame, when there is no clock yet.
        """
        with self._lock:
            marker = self.note(MARKER, text, origin, when=when)
            if marker is not None:
                self._markers.append(marker)
            return marker

    def undo(self, origin: str) -> Event | None:
        """Takes back the newest marker in force and gives it; None when there is none."""
        with self._lock:
            if not self._markers:
                return None
            marker = self._markers.pop()
            self.note(UNDO, marker.text, origin, cancels=marker.number)
            return marker

    def note(
        self, kind: str, text: str, origin: str = "mien", face: int | None = None,
        cancels: int | None = None, when: float | None = None,
    ) -> Event | None:  # fmt: skip
        """Writes any event, now or at `when` (s of clock.now).

        `face` is the id of the face that it is about, `cancels` the number of the marker that an undo takes
        back. None before the first frame, when there is no clock yet.
        """
        with self._lock:
            if self._frame is None:
                return None
            now = clock.now()
            when = now if when is None else when
            # A file has no clock of its own: it may be paused, or play slower than it should.
            passed = when - self._frame.captured if self._live else 0.0
            wall = time.time() - (now - when) if self._live else float("nan")
            at = max(0.0, self._frame.time - self._zero + passed)
            self._pauses.see(kind, at)
            return self._write(kind, text, at, self._frame, origin, face, cancels, wall)

    def close(self) -> None:
        """Notes that the faces in sight end with the session, and writes what is left."""
        try:
            with self._lock:
                for id, (last, when) in list(self._seen.items()):
                    self._end(id, last, when)
        finally:
            self._file.close()

    def _count_unmeasured(self, result: Result, time: float) -> None:
        most = self._most_unmeasured.of(len(result.unmeasured), time)
        if most != self._unmeasured:
            self._unmeasured, measured = most, len(result.faces)
            self._write("unmeasured_faces", f"{measured} of {measured + most}", time, result.frame, "mien")

    def _end(self, id: int, last: Frame, when: float) -> None:
        del self._seen[id]
        self._write("face_ended", f"face {id}", when, last, "mien", id)

    def _write(
        self, kind: str, text: str, at: float, frame: Frame, origin: str, face: int | None = None,
        cancels: int | None = None, wall: float | None = None,
    ) -> Event:  # fmt: skip
        wall = frame.wall if wall is None else wall
        event = Event(at, kind, text, self._count + 1, wall, frame.index, origin, face, cancels)
        written = line(event)
        self._bytes += len(written.encode())
        if self._count < MOST_EVENTS and self._bytes <= MOST_EVENT_BYTES:  # else it could not be read again
            self._count += 1
            self._file.append(written)
        return event
