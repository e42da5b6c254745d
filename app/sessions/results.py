"""The rows of a session turned back into results, frame by frame."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from app.sessions.info import SessionError
from app.sessions.reading import RecordedSession
from app.sessions.schema.faces import measured
from app.sessions.schema.limits import MOST_REPLAYED
from app.sessions.word_codes import WordCodes
from app.stages.quality import MEANING
from app.system import clock
from app.types import Actions, Baseline, Face, Frame, Gaze, Image, Pose, Result, Signals

NO_LANDMARKS = np.zeros((478, 3), np.float32)  # rows keep none
NO_PICTURE = np.zeros((1, 1, 3), np.uint8)
ARRAYS = frozenset({"box", "eye_confidence", "openness", "from_baseline"})  # parts with an index


class SessionResults:
    """The results of a recorded session, from its rows, which are in memory with about 200 bytes each.

    Attributes: `times` (n,), those of the frames in s.
    """

    def __init__(self, session: RecordedSession) -> None:
        """Reads all rows of `session`. Raises SessionError."""
        session.refuse_above(MOST_REPLAYED, "a replay")
        columns = measured()
        words = WordCodes("status", MEANING)
        times, frames = [np.empty(0)], [np.empty(0, np.int64)]
        ids, status = [np.empty(0)], [np.empty(0, np.uint8)]
        self._values = np.empty((session.count(), len(columns)), np.float32)
        filled = 0
        for block in session.blocks(("time_s", "frame", "face", "status", *(c.name for c in columns))):
            count = min(len(block), len(self._values) - filled)  # it may grow while it is read
            times.append(block["time_s"][:count])
            frames.append(block["frame"][:count].astype(np.int64))
            ids.append(block["face"][:count])
            status.append(words.of(block["status"][:count]))
            for i, column in enumerate(columns):
                self._values[filled : filled + count, i] = block[column.name][:count]
            filled += count
        if len(words.words) > len(MEANING):
            raise SessionError(
                f"{session.csv} has the status {words.words[len(MEANING)]!r}, which is unknown here: update "
                "Mien, or restore the file."
            )
        every = np.concatenate(times)
        parts = [column.part for column in columns]
        self._places = {part: [i for i, of in enumerate(parts) if of == part] for part in parts}
        self._plain = tuple(part for part in self._places if "." not in part and part not in ARRAYS)
        self._ids = np.concatenate(ids)
        self._status, self._words = np.concatenate(status), tuple(words.words)
        self.times, first = np.unique(every, return_index=True)  # (n,) float64, s: one for each frame
        self._first = np.append(first, len(every))  # row at which each frame begins
        self._frames = np.concatenate(frames)[first]

    def __len__(self) -> int:
        """How many frames there are."""
        return len(self.times)

    def at(self, time: float) -> int:
        """The frame, 0 to len - 1, that was shown at `time` (s): the last one that is not later."""
        return int(np.clip(np.searchsorted(self.times, time, "right") - 1, 0, max(0, len(self) - 1)))

    def result(self, frame: int, image: Image | None) -> Result:
        """Frame number `frame` of the session, 0 to len - 1, over `image` when there is one."""
        rows = range(int(self._first[frame]), int(self._first[frame + 1]))
        faces = tuple(self._face(row) for row in rows if self._ids[row] == self._ids[row])
        index, at = int(self._frames[frame]), float(self.times[frame])
        picture = NO_PICTURE if image is None else image
        return Result(Frame(index, at, picture, clock.now()), faces)

    def between(self, start: int, end: int) -> Iterator[Result]:
        """Frames `start` to `end` - 1, without pictures."""
        return (self.result(frame, None) for frame in range(start, end))

    def _face(self, row: int) -> Face:
        """The face of a row. A column of a plain number of a face needs no word here."""
        raw = self._signals(row, "raw")
        gaze = self._gaze(row)
        left, right = self._array(row, "openness").tolist()
        return Face(
            id=int(self._ids[row]),
            box=self._array(row, "box"),
            landmarks=NO_LANDMARKS,
            pose=Pose(*(self._number(row, f"pose.{angle}") for angle in ("yaw", "pitch", "roll"))),
            eye_confidence=self._array(row, "eye_confidence"),
            raw=raw,
            smooth=self._signals(row, "smooth"),
            status=self._words[self._status[row]],
            baseline=self._baseline(row, raw),
            openness=(1.0, 1.0) if left != left else (left, right),  # an old session does not say
            gaze=gaze,
            gaze_smooth=gaze,  # rows keep it only as it was before smoothing
            actions=self._actions(row),
            **{part: self._number(row, part) for part in self._plain},
        )

    def _signals(self, row: int, part: str) -> Signals:
        return Signals(
            eyes=self._array(row, f"{part}.eyes").reshape(2, 2),
            probs=self._array(row, f"{part}.probs"),
            valence=self._number(row, f"{part}.valence"),
            arousal=self._number(row, f"{part}.arousal"),
        )

    def _baseline(self, row: int, raw: Signals) -> Baseline | None:
        valence, arousal = self._array(row, "from_baseline").tolist()
        return None if valence != valence else Baseline(raw.valence - valence, raw.arousal - arousal, 0)

    def _gaze(self, row: int) -> Gaze | None:
        yaw, pitch = self._number(row, "gaze.yaw"), self._number(row, "gaze.pitch")
        return None if yaw != yaw else Gaze(yaw, pitch)

    def _actions(self, row: int) -> Actions | None:
        values = self._array(row, "actions.values")  # rows keep them only as counted from the neutral face
        return None if np.isnan(values).all() else Actions(values, values, np.zeros_like(values))

    def _array(self, row: int, part: str) -> NDArray[np.float32]:
        return self._values[row, self._places[part]]

    def _number(self, row: int, part: str) -> float:
        return float(self._values[row, self._places[part][0]])
