"""The columns of `faces.csv`: one line for each face in each frame, or one that says that there is none.

To add a column, add one entry to `COLUMNS`, with `newer=True`. A fixed number of decimals makes the same file
give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter

from app.sessions.schema.column import ANYWHERE, NEVER, Column, Kind
from app.sessions.wall_time import utc
from app.stages.actions.blinks import LONGEST
from app.stages.actions.names import ACTIONS, HONEST
from app.stages.actions.names import words as action_words
from app.stages.actions.turned import MAX_YAW, doubted
from app.stages.eyelids import CLOSED
from app.stages.quality import MEANING
from app.types import EXPRESSIONS, Face


@dataclass(frozen=True, slots=True)
class Row:
    """One line of `faces.csv`: a face in a frame, or a frame without a face."""

    frame: int  # its number in the source
    time: float  # s, see the column time_s
    wall: float  # s since 1970 UTC; NaN where there is none
    dropped: int  # frames lost just before this one
    latency: float | None  # ms; None in an analysis
    face: Face | None


FaceColumn = Column[Row]

NO_FACE = "empty when no face is in sight"
HIDDEN = f", or while the head is turned {MAX_YAW:.0f} degrees or more to a side"
NO_GAZE = "empty when no face is in sight or both eyes are closed"
NO_BASELINE = "empty when no face is in sight, or before a baseline of this person was taken"
NO_CLOCK = "empty for a file, which has no such clock"
ANALYSIS = "empty in an analysis, which does not run in real time"
ANGLE, SHARE = "-180..180", "0..1"
SMOOTHED = ", smoothed over time"


def _of_frame(
    name: str, meaning: str, unit: str, missing: str, write: Callable[[Row], str],
    kind: Kind = Kind.WHOLE, *, range: str = "0..", needed: bool = False, newer: bool = False,
) -> FaceColumn:  # fmt: skip
    """A column that is the same for every face in a frame.

    `write` gives its cell from a `Row`; a value that `Row` lacks needs a field there, which `rows` in
    `app/sessions/rows.py` fills.
    """
    return Column(name, kind, meaning, missing, write, unit, range, needed=needed, newer=newer, of_frame=True)


def _of_face(
    name: str, meaning: str, range: str, write: Callable[[Face], str], kind: Kind, part: str = "",
    *, needed: bool = False, newer: bool = False,
) -> FaceColumn:  # fmt: skip
    """A column of a face that is not a measured number, such as a text.

    It is recorded, exported and read by `RecordedSession.rows`. A replay shows it only if `SessionResults` in
    `app/sessions/results.py` reads it and puts it back into the `Face`.
    """

    def cell(row: Row) -> str:
        return "" if row.face is None else write(row.face)

    return Column(name, kind, meaning, NO_FACE, cell, "", range, part, needed=needed, newer=newer)


def _number(
    name: str, part: str, meaning: str, unit: str, range: str, decimals: int, index: int | None = None,
    missing: str = NO_FACE, *, newer: bool = False,
) -> FaceColumn:  # fmt: skip
    """The number that a face has as its attribute `part`, or at `index` of the flat array that this is.

    The cell is empty where what has the attribute is None, as a gaze is while both eyes are closed,
    and where the number is NaN.

    A plain attribute of `Face` is read back by itself. In `app/sessions/results.py`, an array, whose columns
    all have the same `part`, must be named in `ARRAYS` and put back in `_face`; so must the owner of a dotted
    part, such as the `Pose` of "pose.yaw". Both then say what an older session without the column gives.
    """
    path, _, attribute = part.rpartition(".")
    owner = attrgetter(path) if path else None
    own = attrgetter(attribute)
    in_decimals = f"{{:.{decimals}f}}".format

    def cell(row: Row) -> str:
        of = row.face if owner is None or row.face is None else owner(row.face)
        if of is None:
            return ""
        value = own(of)
        if index is not None:
            value = value[index] if isinstance(value, tuple) else value.item(index)
        return "" if value != value else in_decimals(value)

    return Column(name, Kind.NUMBER, meaning, missing, cell, unit, range, part, newer=newer)


def _box(edge: str, name: str, index: int) -> FaceColumn:
    return _number(name, "box", f"{edge} edge of the face's box in the frame", "pixels", ANYWHERE, 2, index)


def _eye(side: str, index: int, part: str, suffix: str = "", note: str = "") -> tuple[FaceColumn, ...]:
    """The centre of an eye; `index` is that of its x in the flat array of both eyes."""
    meaning = f"centre of the person's own {side} eye in the frame, "
    return (
        _number(f"{side}_eye_x{suffix}", part, f"{meaning}to the right{note}", "pixels", ANYWHERE, 2, index),
        _number(f"{side}_eye_y{suffix}", part, f"{meaning}down{note}", "pixels", ANYWHERE, 2, index + 1),
    )


def _confidence(side: str, index: int) -> FaceColumn:
    meaning = f"how sure the {side} eye's centre is; low where the eye is closed"
    return _number(f"{side}_eye_confidence", "eye_confidence", meaning, "", SHARE, 3, index)


def _openness(side: str, index: int) -> FaceColumn:
    meaning = f"how far the person's own {side} eye is open; below {CLOSED} it is closed"
    return _number(f"{side}_eye_open", "openness", meaning, "", SHARE, 3, index, newer=True)


def _gaze(axis: str, sign: str) -> FaceColumn:
    meaning = f"an estimate of where both eyes look, {sign}; 0 is straight out of the picture"
    name = f"gaze_{axis}_deg"
    return _number(name, f"gaze.{axis}", meaning, "degrees", ANGLE, 2, None, NO_GAZE, newer=True)


def _affect(part: str, suffix: str = "", note: str = "") -> tuple[FaceColumn, ...]:
    expression = attrgetter(f"{part}.expression")
    best, words = f"the most probable expression{note}", ", ".join(EXPRESSIONS)
    return (
        _of_face(f"expression{suffix}", best, words, expression, Kind.TEXT),
        *(
            _number(f"p_{word}{suffix}", f"{part}.probs", f"probability of {word}{note}", "", SHARE, 4, i)
            for i, word in enumerate(EXPRESSIONS)
        ),
        _number(f"valence{suffix}", f"{part}.valence", f"unpleasant to pleasant{note}", "", "-1..1", 4),
        _number(f"arousal{suffix}", f"{part}.arousal", f"calm to excited{note}", "", "-1..1", 4),
    )


def _from_baseline(name: str, index: int) -> FaceColumn:
    # A replay reads it back: sessions/results.py has the inverse of what is written here.
    meaning = f"raw {name} minus that of the person's own neutral face (baseline)"

    def cell(row: Row) -> str:
        face = row.face
        return "" if face is None or face.baseline is None else f"{face.from_baseline(face.raw)[index]:.4f}"

    return Column(
        f"{name}_from_baseline", Kind.NUMBER, meaning, NO_BASELINE, cell, range="-2..2", part="from_baseline",
        newer=True,
    )  # fmt: skip


def _action(name: str, index: int) -> FaceColumn:
    meaning = f"how far, compared with the person's own neutral face: {action_words(name)}; {HONEST}"
    missing = NO_FACE + (HIDDEN if doubted(name) else "")
    return _number(name, "actions.values", meaning, "", SHARE, 3, index, missing, newer=True)


def _blink_rate() -> FaceColumn:
    def write(face: Face) -> str:
        return "" if face.blink_rate != face.blink_rate else f"{face.blink_rate:.1f}"

    meaning = f"blinks in the last minute: both eyes closed for at most {LONGEST} s"
    return Column("blink_rate", Kind.NUMBER, meaning, "until the face was seen for 10 s",
                  lambda row: "" if row.face is None else write(row.face), "blinks a minute", "0..",
                  "blink_rate", newer=True)  # fmt: skip


TIME = (
    "camera: capture time since this session's first frame, on a clock that nobody sets and that counts the "
    "sleep of the computer; file: the time in its container; strictly increasing from frame to frame"
)
NUMBER = "number of the frame in its source, from 0; dropped frames are counted"
ROLL = "tilt of the head, positive when the person's left eye is the lower one"
STATUS = "whether this row's values can be believed, and if not, why"
LATENCY = "from the moment the frame entered the program until its values were ready"

COLUMNS: tuple[FaceColumn, ...] = (
    _of_frame("frame", NUMBER, "", NEVER, lambda row: str(row.frame), needed=True),
    _of_frame("time_s", TIME, "seconds", NEVER, lambda row: f"{row.time:.6f}", Kind.NUMBER, needed=True),
    _of_frame("wall_utc", "wall clock at capture, ISO 8601, UTC", "", NO_CLOCK, lambda row: utc(row.wall),
              Kind.UTC, range=""),
    _of_frame("dropped", "frames lost just before this one", "frames", NEVER, lambda row: str(row.dropped)),
    _of_face("face", "id of the face; a person in sight keeps it", "1..", lambda face: str(face.id),
             Kind.WHOLE, "id", needed=True),
    Column("status", Kind.TEXT, STATUS, NEVER,
           lambda row: "no_face" if row.face is None else row.face.status,
           range=", ".join(MEANING), part="status", needed=True),
    _box("left", "box_x0", 0), _box("top", "box_y0", 1),
    _box("right", "box_x1", 2), _box("bottom", "box_y1", 3),
    *_eye("left", 0, "raw.eyes"), _confidence("left", 0),
    *_eye("right", 2, "raw.eyes"), _confidence("right", 1),
    _number("yaw_deg", "pose.yaw", "turn of the head, positive to the person's left", "degrees", ANGLE, 2),
    _number("pitch_deg", "pose.pitch", "nod of the head, positive upwards", "degrees", ANGLE, 2),
    _number("roll_deg", "pose.roll", ROLL, "degrees", ANGLE, 2),
    _openness("left", 0), _openness("right", 1),
    _gaze("yaw", "positive to the person's left"), _gaze("pitch", "positive upwards"),
    *_affect("raw"),
    *_eye("left", 0, "smooth.eyes", "_smooth", SMOOTHED),
    *_eye("right", 2, "smooth.eyes", "_smooth", SMOOTHED),
    *_affect("smooth", "_smooth", SMOOTHED),
    _from_baseline("valence", 0), _from_baseline("arousal", 1),
    *(_action(name, index) for index, name in enumerate(ACTIONS)), _blink_rate(),
    _of_frame("latency_ms", LATENCY, "milliseconds", ANALYSIS,
              lambda row: "" if row.latency is None else f"{row.latency:.1f}", Kind.NUMBER),
)  # fmt: skip
NAMES = tuple(column.name for column in COLUMNS)
HEADER = ",".join(NAMES) + "\n"  # the first line of the file
BY_NAME = {column.name: column for column in COLUMNS}


def known(name: str) -> FaceColumn:
    """The column `name`; of one that is unknown here, as of a newer Mien, only that it holds numbers."""
    return BY_NAME.get(name) or Column(name, Kind.NUMBER, "", "", lambda row: "")


def measured() -> tuple[FaceColumn, ...]:
    """The columns of numbers that are read back into a `Face`, in the order of the file."""
    return tuple(column for column in COLUMNS if column.part and column.kind is Kind.NUMBER)
