"""`events.csv`: what happened when. Markers of people, and what Mien noticed by itself.

Nothing is ever deleted or changed: an undo is one more line, which names the marker that it cancels.
"""

from __future__ import annotations

import csv
import io
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from app.sessions.columns import utc
from app.sessions.row_file import RowFile
from app.types import Frame, Result

ADDED = "events-added.csv"  # the markers of a replay, kept apart from the live ones
OUT_OF_SIGHT = 1.0  # s after which a face counts as gone; as long as the tracker remembers it
GAP = 1.0  # s between two frames of a camera that are one frame too many

COLUMNS = {
    "event": "number of the event in this file, from 1",
    "kind": "marker; undo; face_appeared; face_ended; camera_gap; baseline_started; baseline_set; warning; "
    "tuned (how often new faces are looked for); smoothing (from then on, 0 off to 1); "
    "picture_size (the camera came back with another: pictures and places are scaled into the first)",
    "text": "name or free text of a marker; what is to be said of the others",
    "time_s": "as in faces.csv, seconds; of a marker when it was set, in a file that of the newest frame",
    "wall_utc": "wall clock, ISO 8601, UTC; empty in a file",
    "frame": "the newest frame at that moment, as in faces.csv",
    "origin": "who set it: key, replay, udp, lsl; mien for what it noticed itself",
    "face": "id of the face that it is about; empty when it is about none",
    "cancels": "number of the marker that an undo takes back; empty otherwise",
}
HEADER = ",".join(COLUMNS) + "\n"


@dataclass(frozen=True, slots=True)
class Written:
    """A line of the file."""

    event: int
    kind: str
    text: str
    time: float  # s
    wall: float  # s since 1970 UTC; NaN where there is none
    frame: int
    origin: str
    face: int | None = None
    cancels: int | None = None

    def line(self) -> str:
        cells = (
            self.event, self.kind, " ".join(self.text.split()), f"{self.time:.6f}", utc(self.wall),
            self.frame, self.origin, self.face, self.cancels,
        )  # fmt: skip
        row = io.StringIO()
        csv.writer(row, lineterminator="\n").writerow("" if cell is None else cell for cell in cells)
        return row.getvalue()


class EventLog:
    """Writes the events of one session; safe to use from several threads. Raises OSError as RowFile does."""

    def __init__(self, path: Path) -> None:
        """Creates the file, never overwrites one."""
        self._file = RowFile(path, HEADER)
        self._count = 0
        self._markers: list[Written] = []  # in force, oldest first
        self._frame: Frame | None = None  # the newest
        self._zero = 0.0  # s on the source's clock at which the session began
        self._live = False
        self._seen: dict[int, tuple[Frame, float]] = {}  # face id: frame and time it was last seen
        self._lock = threading.RLock()

    @property
    def markers(self) -> tuple[Written, ...]:
        """Those in force, oldest first."""
        with self._lock:
            return tuple(self._markers)

    def see(self, result: Result, time: float, *, live: bool) -> None:
        """Notes faces that appear or end, and gaps of a camera; `time` as in the rows of `result`."""
        frame = result.frame
        with self._lock:
            if live and self._frame is not None and frame.time - self._frame.time > GAP:
                lost = frame.time - self._frame.time
                self._write("camera_gap", f"no picture for {lost:.3f} s", time, frame, "mien")
            self._frame, self._zero, self._live = frame, frame.time - time, live
            for face in result.faces:
                if face.id not in self._seen:
                    self._write("face_appeared", f"face {face.id}", time, frame, "mien", face.id)
                self._seen[face.id] = frame, time
            for id, (last, when) in list(self._seen.items()):
                if time - when > OUT_OF_SIGHT:
                    self._end(id, last, when)

    def mark(self, text: str, origin: str, when: float | None = None) -> Written | None:
        """Sets a marker now, or at `when` on the clock of time.perf_counter.

        None before the first frame, when there is no clock yet.
        """
        with self._lock:
            marker = self.note("marker", text, origin, when=when)
            if marker is not None:
                self._markers.append(marker)
            return marker

    def undo(self, origin: str) -> Written | None:
        """Takes back the newest marker in force and gives it; None when there is none."""
        with self._lock:
            if not self._markers:
                return None
            marker = self._markers.pop()
            self.note("undo", marker.text, origin, cancels=marker.event)
            return marker

    def note(
        self, kind: str, text: str, origin: str = "mien", face: int | None = None,
        cancels: int | None = None, when: float | None = None,
    ) -> Written | None:  # fmt: skip
        """Any other event, now or at `when`."""
        with self._lock:
            if self._frame is None:
                return None
            now = time.perf_counter()
            when = now if when is None else when
            # A file has no clock of its own: it may be paused, or play slower than it should.
            passed = when - self._frame.captured if self._live else 0.0
            wall = time.time() - (now - when) if self._live else float("nan")
            at = max(0.0, self._frame.time - self._zero + passed)
            return self._write(kind, text, at, self._frame, origin, face, cancels, wall)

    def close(self) -> None:
        """Notes that the faces in sight end with the session, and writes what is left."""
        try:
            with self._lock:
                for id, (last, when) in list(self._seen.items()):
                    self._end(id, last, when)
        finally:
            self._file.close()

    def _end(self, id: int, last: Frame, when: float) -> None:
        del self._seen[id]
        self._write("face_ended", f"face {id}", when, last, "mien", id)

    def _write(
        self, kind: str, text: str, at: float, frame: Frame, origin: str, face: int | None = None,
        cancels: int | None = None, wall: float | None = None,
    ) -> Written:  # fmt: skip
        self._count += 1
        event = Written(
            self._count,
            kind,
            text,
            at,
            frame.wall if wall is None else wall,
            frame.index,
            origin,
            face,
            cancels,
        )
        self._file.append(event.line())
        return event
