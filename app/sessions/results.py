"""The rows of a session turned back into results, frame by frame."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np

from app.sessions.info import SessionError
from app.sessions.reading import RecordedSession
from app.stages.quality import MEANING
from app.types import EXPRESSIONS, Baseline, Face, Frame, Gaze, Pose, Result, Signals

NO_LANDMARKS = np.zeros((478, 3), np.float32)  # rows keep none
NO_PICTURE = np.zeros((1, 1, 3), np.uint8)
BOX = ("box_x0", "box_y0", "box_x1", "box_y1")
EYES = ("left_eye_x", "left_eye_y", "right_eye_x", "right_eye_y")
CONFIDENCE = ("left_eye_confidence", "right_eye_confidence")
POSE = ("yaw_deg", "pitch_deg", "roll_deg")
AFFECT = (*(f"p_{name}" for name in EXPRESSIONS), "valence", "arousal")
ORIGIN = ("valence_from_baseline", "arousal_from_baseline")  # these and the next are newer than the rest
LOOK = ("left_eye_open", "right_eye_open", "gaze_yaw_deg", "gaze_pitch_deg")
MEASURED = (*BOX, *EYES, *CONFIDENCE, *POSE, *AFFECT, *(f"{name}_smooth" for name in (*EYES, *AFFECT)))


class SessionResults:
    """All rows in memory as float32, about 200 bytes each; nothing else of the session."""

    def __init__(self, recording: RecordedSession) -> None:
        """Raises SessionError."""
        newer = tuple(name for name in (*ORIGIN, *LOOK) if name in recording.names)
        times, frames, ids, status, values = [], [], [], [], []
        for block in recording.blocks(("time_s", "frame", "face", "status", *MEASURED, *newer)):
            times.append(block["time_s"])
            frames.append(block["frame"].astype(np.int64))
            ids.append(block["face"])
            status += block["status"].tolist()
            values.append(np.stack([block[n] for n in (*MEASURED, *newer)], 1).astype(np.float32))
        if strange := sorted(set(status) - set(MEANING)):
            raise SessionError(
                f"{recording.csv} has the status {strange[0]!r}, which is unknown here: update Mien, or "
                "restore the file."
            )
        every = np.concatenate(times) if times else np.empty(0)
        self._place = {name: i for i, name in enumerate((*MEASURED, *newer))}
        self._values = np.concatenate(values) if values else np.empty((0, len(self._place)), np.float32)
        self._ids = np.concatenate(ids) if ids else np.empty(0)
        self._status = np.array(status)
        self.times, first = np.unique(every, return_index=True)  # (n,) float64, s: one for each frame
        self._first = np.append(first, len(every))  # row at which each frame begins
        self._frames = np.concatenate(frames)[first] if frames else np.empty(0, np.int64)

    def __len__(self) -> int:
        return len(self.times)

    def at(self, time: float) -> int:
        """The frame that was shown at `time`: the last one that is not later."""
        return int(np.clip(np.searchsorted(self.times, time, "right") - 1, 0, max(0, len(self) - 1)))

    def result(self, frame: int, image: np.ndarray | None) -> Result:
        """Frame number `frame` of the session, 0 to len - 1, over `image` when there is one."""
        rows = range(int(self._first[frame]), int(self._first[frame + 1]))
        faces = tuple(self._face(row) for row in rows if self._ids[row] == self._ids[row])
        index, at = int(self._frames[frame]), float(self.times[frame])
        picture = NO_PICTURE if image is None else image
        return Result(Frame(index, at, picture, time.perf_counter()), faces)

    def between(self, start: int, end: int) -> Iterator[Result]:
        """Frames `start` to `end` - 1, without pictures."""
        return (self.result(frame, None) for frame in range(start, end))

    def _face(self, row: int) -> Face:
        raw, smooth = self._signals(row, ""), self._signals(row, "_smooth")
        yaw, pitch, roll = self._read(row, POSE).tolist()
        return Face(
            int(self._ids[row]), self._read(row, BOX), NO_LANDMARKS, Pose(yaw, pitch, roll),
            self._read(row, CONFIDENCE), raw, smooth, str(self._status[row]), self._baseline(row, raw),
            *self._look(row),
        )  # fmt: skip

    def _signals(self, row: int, suffix: str) -> Signals:
        eyes = self._read(row, tuple(name + suffix for name in EYES)).reshape(2, 2)
        *probs, valence, arousal = self._read(row, tuple(name + suffix for name in AFFECT))
        return Signals(eyes, np.array(probs, np.float32), float(valence), float(arousal))

    def _baseline(self, row: int, raw: Signals) -> Baseline | None:
        if ORIGIN[0] not in self._place:
            return None
        valence, arousal = self._read(row, ORIGIN).tolist()
        return None if valence != valence else Baseline(raw.valence - valence, raw.arousal - arousal, 0)

    def _look(self, row: int) -> tuple[tuple[float, float], Gaze | None, Gaze | None]:
        """How far each eye is open, and the gaze: rows keep it only as it was before smoothing."""
        if not set(LOOK) <= set(self._place):
            return (1.0, 1.0), None, None
        left, right, yaw, pitch = self._read(row, LOOK).tolist()
        gaze = None if yaw != yaw else Gaze(yaw, pitch)
        return (left, right), gaze, gaze

    def _read(self, row: int, names: tuple[str, ...]) -> np.ndarray:
        return self._values[row, [self._place[name] for name in names]]
