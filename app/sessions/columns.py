"""The columns of `faces.csv`: for each its name, what it means, and how it is written.

Rows are plain: comma, dot, UTF-8, an empty value where something is missing. A fixed number of decimals makes
the same file give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from app.stages.eyelids import CLOSED
from app.stages.quality import MEANING
from app.types import EXPRESSIONS, Face, Gaze, Result, Signals


@dataclass(frozen=True, slots=True)
class RowContext:
    """What the rows of one frame have in common."""

    frame: int
    time: float  # s, see the column time_s
    wall: float  # s since 1970 UTC, NaN where there is none
    dropped: int
    latency: float | None  # ms, None in an analysis


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    meaning: str
    unit: str  # "" for a name or a count
    range: str
    missing: str  # when the value is empty
    write: Callable[[RowContext, Face | None], str]


def rows(result: Result, time: float, latency: float | None) -> str:
    """The lines of one frame: one for each face, or one that says that there is none."""
    frame = result.frame
    context = RowContext(frame.index, time, frame.wall, frame.dropped, latency)
    return "".join(
        ",".join([column.write(context, face) for column in COLUMNS]) + "\n"
        for face in result.faces or (None,)
    )


def utc(seconds: float) -> str:
    """ISO 8601 with milliseconds; "" for NaN."""
    if np.isnan(seconds):
        return ""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _of_moment(
    name: str, meaning: str, unit: str, missing: str, write: Callable[[RowContext], str]
) -> Column:
    return Column(name, meaning, unit, "0.." if name != "wall_utc" else "", missing, lambda m, _: write(m))


def _of_face(name: str, meaning: str, unit: str, range: str, write: Callable[[Face], str]) -> Column:
    missing = "empty when no face is in sight"
    return Column(name, meaning, unit, range, missing, lambda _, face: "" if face is None else write(face))


def _number(
    name: str, meaning: str, unit: str, range: str, decimals: int, read: Callable[[Face], float]
) -> Column:
    return _of_face(name, meaning, unit, range, lambda face: f"{read(face):.{decimals}f}")


def _at(values: Callable[[Face], np.ndarray], *index: int) -> Callable[[Face], float]:
    return lambda face: float(values(face)[index])


def _box(axis: str, edge: str, i: int) -> Column:
    meaning = f"{edge} edge of the face's box in the frame"
    return _number(f"box_{axis}", meaning, "pixels", "may lie outside the frame", 2, _at(lambda f: f.box, i))


def _eye(side: str, i: int, suffix: str, note: str, of: Callable[[Face], Signals]) -> tuple[Column, ...]:
    meaning = f"centre of the subject's own {side} eye in the frame, {{}}{note}"
    outside = "may lie outside the frame"
    x = _at(lambda face: of(face).eyes, i, 0)
    y = _at(lambda face: of(face).eyes, i, 1)
    return (
        _number(f"{side}_eye_x{suffix}", meaning.format("to the right"), "pixels", outside, 2, x),
        _number(f"{side}_eye_y{suffix}", meaning.format("down"), "pixels", outside, 2, y),
    )


def _confidence(side: str, i: int) -> Column:
    meaning = f"how sure the {side} eye's centre is; low where the eye is closed"
    return _number(f"{side}_eye_confidence", meaning, "", "0..1", 3, _at(lambda f: f.eye_confidence, i))


def _affect(suffix: str, note: str, of: Callable[[Face], Signals]) -> tuple[Column, ...]:
    names = ", ".join(EXPRESSIONS)
    return (
        _of_face(
            f"expression{suffix}",
            f"the most probable expression{note}",
            "",
            names,
            lambda f: of(f).expression,
        ),
        *(
            _number(
                f"p_{e}{suffix}", f"probability of {e}{note}", "", "0..1", 4, _at(lambda f: of(f).probs, i)
            )
            for i, e in enumerate(EXPRESSIONS)
        ),
        _number(f"valence{suffix}", f"unpleasant to pleasant{note}", "", "-1..1", 4, lambda f: of(f).valence),
        _number(f"arousal{suffix}", f"calm to excited{note}", "", "-1..1", 4, lambda f: of(f).arousal),
    )


def _from_baseline(name: str, i: int) -> Column:
    meaning = f"{name} minus that of the person's own neutral face (baseline)"
    missing = "empty when no face is in sight, or before a baseline of this person was taken"

    def write(_: RowContext, face: Face | None) -> str:
        return "" if face is None or face.baseline is None else f"{face.from_baseline(face.raw)[i]:.4f}"

    return Column(f"{name}_from_baseline", meaning, "", "-2..2", missing, write)


def _gaze(axis: str, sign: str, read: Callable[[Gaze], float]) -> Column:
    def write(_: RowContext, face: Face | None) -> str:
        return "" if face is None or face.gaze is None else f"{read(face.gaze):.2f}"

    meaning = f"an estimate of where both eyes look, {sign}; 0 is straight out of the picture"
    missing = "empty when no face is in sight or both eyes are closed"
    return Column(f"gaze_{axis}_deg", meaning, "degrees", "-180..180", missing, write)


def _raw(face: Face) -> Signals:
    return face.raw


def _smooth(face: Face) -> Signals:
    return face.smooth


TIME = (
    "camera: capture time on the monotonic clock since this session's first frame; file: the time in its "
    "container; strictly increasing from frame to frame"
)
NUMBER = "number of the frame in its source, from 0; dropped frames are counted"
LATENCY = "from the moment the frame entered the program until its values were ready"
ANALYSIS = "empty in an analysis, which does not run in real time"
FILE = "empty for a file, which has no such clock"
YAW = "turn of the head, positive to the subject's left"
ROLL = "tilt of the head, positive when the subject's left eye is the lower one"
OPENNESS = f"how far the subject's own {{}} eye is open; below {CLOSED} it is closed"
TURN, SMOOTHED = "-180..180", ", smoothed over time"

COLUMNS = (
    _of_moment("frame", NUMBER, "", "never", lambda m: str(m.frame)),
    _of_moment("time_s", TIME, "seconds", "never", lambda m: f"{m.time:.6f}"),
    _of_moment("wall_utc", "wall clock at capture, ISO 8601, UTC", "", FILE, lambda m: utc(m.wall)),
    _of_moment("dropped", "frames lost just before this one", "frames", "never", lambda m: str(m.dropped)),
    _of_face("face", "id of the face; a person in sight keeps it", "", "1..", lambda f: str(f.id)),
    Column(
        "status", "why values are there or missing", "", ", ".join(MEANING), "never",
        lambda _, face: "no_face" if face is None else face.status,
    ),
    _box("x0", "left", 0), _box("y0", "top", 1), _box("x1", "right", 2), _box("y1", "bottom", 3),
    *_eye("left", 0, "", "", _raw), _confidence("left", 0),
    *_eye("right", 1, "", "", _raw), _confidence("right", 1),
    _number("yaw_deg", YAW, "degrees", TURN, 2, lambda f: f.pose.yaw),
    _number("pitch_deg", "nod of the head, positive upwards", "degrees", TURN, 2, lambda f: f.pose.pitch),
    _number("roll_deg", ROLL, "degrees", TURN, 2, lambda f: f.pose.roll),
    _number("left_eye_open", OPENNESS.format("left"), "", "0..1", 3, lambda f: f.openness[0]),
    _number("right_eye_open", OPENNESS.format("right"), "", "0..1", 3, lambda f: f.openness[1]),
    _gaze("yaw", "positive to the subject's left", lambda gaze: gaze.yaw),
    _gaze("pitch", "positive upwards", lambda gaze: gaze.pitch),
    *_affect("", "", _raw),
    *_eye("left", 0, "_smooth", SMOOTHED, _smooth),
    *_eye("right", 1, "_smooth", SMOOTHED, _smooth),
    *_affect("_smooth", SMOOTHED, _smooth),
    _from_baseline("valence", 0),
    _from_baseline("arousal", 1),
    _of_moment(
        "latency_ms", LATENCY, "milliseconds", ANALYSIS,
        lambda m: "" if m.latency is None else f"{m.latency:.1f}"
    ),
)  # fmt: skip
HEADER = ",".join(column.name for column in COLUMNS) + "\n"
