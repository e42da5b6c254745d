"""`mien verify`: whether a session is what was recorded, and whether its rows come out again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import numpy as np

from app.analysis.analyze import read
from app.sessions.header import STDIN, SourceFile, sha256
from app.sessions.info import SessionError, unreadable
from app.sessions.mkv import index, picture
from app.sessions.original import is_file, is_on_strange_computer
from app.sessions.reading import RecordedSession
from app.sessions.rows import rows
from app.sessions.schema.faces import NAMES
from app.sessions.schema.files import EVENTS_FILE, INFO_FILE, ROWS_FILE, VIDEO_FILE
from app.sessions.schema.limits import LONGEST_LINE, MOST_ROWS
from app.sessions.video_recorder import VideoKind
from app.sources.selection import SelectedFrames
from app.sources.source import SourceError
from app.sources.video import VideoFile
from app.stages.actions.card import ActionCard
from app.stages.cards import read_card
from app.stages.detectors import recorded_detector, require_detector
from app.stages.pipeline import Pipeline
from app.stages.smooth import parse_smoothing
from app.system.extras import MissingExtra
from app.system.plain_file import is_there, plain_text
from app.types import Eyes, Floats, Frame, Result

Interrupted = Callable[[], bool]

# A recorded video was compressed again, and dropped frames are missing: its rows agree, but are not the same.
# The limits are several times what the clips of the tests show; another network or person is far beyond.
MEDIAN_PIXELS = 1.5  # between the eye centres, as a median over the rows
MEDIAN_AFFECT = 0.05  # of valence and arousal
SHARE_OF_FACES = 0.9  # of the rows with a face, in which a face is found again


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check, as a sentence; `good` where nothing differs.

    A note is good, too, but nothing was `checked`: it says why, or what is looked at.
    """

    good: bool
    text: str
    checked: bool = True

    @property
    def word(self) -> str:
        """What the outcome is called: ok, DIFFERS or note."""
        return ("ok" if self.checked else "note") if self.good else "DIFFERS"


def note(text: str) -> Finding:
    """What is to be said where nothing was checked."""
    return Finding(True, text, checked=False)


def verify(folder: Path, models: Path, interrupted: Interrupted = lambda: False) -> Iterator[Finding]:
    """Checks the session in `folder` against its hashes, the networks in `models`, and its video.

    `interrupted` is asked before each frame; where it says so, KeyboardInterrupt is raised. Raises
    SessionError and ModelError.
    """
    session = RecordedSession(folder)
    file, video = session.info.file, session.info.video
    if not session.info.finished:
        yield Finding(False, f"The session was never finished: mien recover {folder} closes it.")
    yield from _rows_file(session)
    yield from _events_file(session)
    same_models = True
    for finding in _models(session, models):
        same_models &= finding.good
        yield finding
    if not same_models:
        yield note("Without the same networks the rows are not computed again.")
    elif missing := _detector_missing(session):
        yield note(f"The rows are not computed again. {missing}")
    elif file is not None and file.path == STDIN:
        yield note("The video came over standard input and was not kept: no row is computed again.")
    elif file is not None and not file.kept:
        yield note(f"The video came from {file.path} and was not kept: no row is computed again.")
    elif file is not None and file.sha256:
        yield from _analysis(session, Path(file.path), file.sha256, models, interrupted)
    elif is_there(folder / VIDEO_FILE) and (video is None or video.kind == VideoKind.CLEAN.value):
        yield from _video(session, models, interrupted)
    else:
        yield note("There is no clean video, so the rows cannot be computed again.")


def _rows_file(session: RecordedSession) -> Iterator[Finding]:
    expected = session.info.rows_sha256
    if not expected:
        yield note(f"{ROWS_FILE}: no hash was kept of it.")
    elif sha256(session.csv, plain=True) == expected:
        yield Finding(True, f"{ROWS_FILE}: unchanged since it was recorded.")
    else:
        yield Finding(False, f"{ROWS_FILE}: changed since it was recorded (its hash differs).")


def _events_file(session: RecordedSession) -> Iterator[Finding]:
    """The events as they were recorded, and whether those of replays can be read."""
    expected, path = session.info.events_sha256, session.folder / EVENTS_FILE
    if not expected:
        yield note(f"{EVENTS_FILE}: no hash was kept of it.")
    elif not is_there(path):
        yield Finding(False, f"{EVENTS_FILE}: it is no longer there.")
    else:
        try:
            same = sha256(path, plain=True) == expected
        except OSError as error:
            raise unreadable(path, error) from error
        said = (
            "unchanged since it was recorded."
            if same
            else "changed since it was recorded (its hash differs)."
        )
        yield Finding(same, f"{EVENTS_FILE}: {said}")
    try:
        session.events()
    except SessionError as error:
        yield Finding(False, str(error))


def _models(session: RecordedSession, models: Path) -> Iterator[Finding]:
    for used in session.info.models:
        fitted = used.task == ActionCard.task
        kind = "file" if fitted else "network"
        card = models / (ActionCard.file if fitted else f"{used.name}.toml")
        if not card.exists() or not (file := card if fitted else models / read_card(card).file).exists():
            yield Finding(False, f"{used.name}: this {kind} is no longer here.")
        elif sha256(file) == used.sha256:
            yield Finding(True, f"{used.name}: the same {kind}.")
        else:
            yield Finding(False, f"{used.name}: the {kind} here is another one (its hash differs).")


def _detector_missing(session: RecordedSession) -> str:
    """One sentence where the detector that the session was measured with is not installed; else ""."""
    try:
        require_detector(recorded_detector(session.info.settings))
    except MissingExtra as error:
        return str(error)
    return ""


def _analysis(
    session: RecordedSession, path: Path, expected: str, models: Path, interrupted: Interrupted
) -> Iterator[Finding]:
    """Of an analysis every byte must come out again."""
    as_clip = session.info.selection.as_clip > 0
    if is_on_strange_computer(path, session.folder) or not is_file(path, folder=as_clip):
        yield Finding(False, f"{path}: the video is no longer there.")
        return
    length = session.info.file.bytes if session.info.file is not None else -1
    another = Finding(False, f"{path}: the video is another one (its hash differs).")
    # Another length is another video; then nothing has to be read.
    if length >= 0 and SourceFile.of(path, hashed=False).bytes != length:
        yield another
        return
    yield note(f"{path} is read, since {INFO_FILE} names it as the video that was analysed.")
    if SourceFile.of(path, hashed=True).sha256 != expected:
        yield another
        return
    yield Finding(True, f"{path.name}: the same video.")
    differing, number = 0, 0
    first = ""
    both = [name for name in session.names if name in NAMES]
    if session.names != NAMES:
        yield Finding(False, f"{ROWS_FILE} has other columns than this version of Mien writes.")
    recorded, written = ([names.index(name) for name in both] for names in (session.names, NAMES))
    session.refuse_above(MOST_ROWS, "Mien")
    with plain_text(session.csv, newline="") as file:
        file.readline(LONGEST_LINE)
        lines = iter(lambda: file.readline(LONGEST_LINE), "")
        fresh = _fresh(session, path, models, interrupted)
        for number, (old, new) in enumerate(zip_longest(lines, fresh), start=1):
            if session.names != NAMES:
                old, new = _cells(old, recorded), _cells(new, written)
            if old != new:
                differing += 1
                first = first or _difference(both, old, new, number)
    compared = "" if session.names == NAMES else f" in the {len(both)} columns that both have"
    if differing:
        yield Finding(False, f"{differing} of {number} rows come out differently{compared}; {first}")
    else:
        rows_same = "The one row comes" if number == 1 else f"All {number} rows come"
        yield Finding(True, f"{rows_same} out the same{compared}, byte for byte.")


def _cells(line: str | None, places: Sequence[int]) -> str | None:
    """A line with only the cells at `places`; as it is where it has too few."""
    cells = [] if line is None else line.rstrip("\n").split(",")
    return ",".join(cells[i] for i in places) + "\n" if max(places) < len(cells) else line


def _fresh(session: RecordedSession, path: Path, models: Path, interrupted: Interrupted) -> Iterator[str]:
    """The lines of an analysis done now."""
    selection = session.info.selection
    source = SelectedFrames(VideoFile(path, selection.as_clip), selection)
    source.open()
    pipeline = _pipeline(session, models, still=source.frames == 1)
    try:
        for frame in read(source):
            if interrupted():
                raise KeyboardInterrupt
            yield from rows(pipeline.process(frame), frame.time, None).splitlines(keepends=True)
    except SourceError:
        return  # the video ends early, as it did then: the rows up to there are compared
    finally:
        pipeline.close()
        source.close()


def _difference(names: Sequence[str], old: str | None, new: str | None, number: int) -> str:
    """The first difference between two lines of the columns `names`, in words."""
    if old is None or new is None:
        return f"row {number} is {'missing' if old is None else 'one too many'}."
    for name, was, now in zip(names, old.rstrip("\n").split(","), new.rstrip("\n").split(","), strict=False):
        if was != now:
            was, now = was or "empty", now or "empty"
            return f"the first is row {number}, {name}: {was} was recorded, {now} comes out."
    return f"the first is row {number}, which has another number of values."


def _video(session: RecordedSession, models: Path, interrupted: Interrupted) -> Iterator[Finding]:
    """Of a recorded video the rows must agree: the same people, nearly the same values."""
    try:
        found = index(session.folder / VIDEO_FILE)
    except OSError as error:
        yield Finding(False, f"{VIDEO_FILE} cannot be read ({error.strerror or error}).")
        return
    columns = session.rows(
        "time_s", "face", "valence", "arousal", "left_eye_x", "left_eye_y", "right_eye_x", "right_eye_y"
    )
    if len(found.times) == 0:
        yield Finding(False, f"{VIDEO_FILE} holds no picture.")
        return
    times = np.unique(columns["time_s"])
    strangers = int((~np.isin(np.round(found.times, 6), np.round(times, 6))).sum())
    if strangers:
        yield Finding(False, f"{strangers} pictures of {VIDEO_FILE} have times that no row has.")
    else:
        yield Finding(True, f"All {len(found.times)} pictures of {VIDEO_FILE} have the time of a row.")
    pipeline = _pipeline(session, models, still=False)
    pixels, affect, people, again = [], [], 0, 0
    try:
        for i, time in enumerate(found.times.tolist()):
            if interrupted():
                raise KeyboardInterrupt
            image = picture(session.folder / VIDEO_FILE, found, i)
            if image is None:
                yield Finding(False, f"Picture {i} of {VIDEO_FILE} is damaged.")
                continue
            result = pipeline.process(Frame(i, time, image, 0.0))
            here = np.flatnonzero((np.abs(columns["time_s"] - time) < 1e-6) & ~np.isnan(columns["face"]))
            for row in here:
                people += 1
                eyes = np.array(
                    [[columns[f"{side}_eye_{axis}"][row] for axis in "xy"] for side in ("left", "right")]
                )
                nearest = _nearest(result, eyes)
                if nearest is None:
                    continue
                again += 1
                values, distance = nearest
                pixels.append(distance)
                affect.append(np.abs(values - (columns["valence"][row], columns["arousal"][row])))
    finally:
        pipeline.close()
    if not people:
        yield note("No row has a face, so there is nothing to compare.")
        return
    share = again / people
    yield Finding(
        share >= SHARE_OF_FACES, f"The face was found again in {share:.0%} of the rows with a face."
    )
    if again:
        eyes_off, (valence, arousal) = float(np.median(pixels)), np.median(affect, axis=0)
        good = eyes_off <= MEDIAN_PIXELS and max(valence, arousal) <= MEDIAN_AFFECT
        yield Finding(
            good,
            f"Computed again from the video, the median difference is {eyes_off:.2f} pixels at the eyes, "
            f"{valence:.3f} in valence, {arousal:.3f} in arousal.",
        )


def _nearest(result: Result, eyes: Eyes) -> tuple[Floats, float] | None:
    """Valence and arousal of the face whose eyes are nearest to `eyes`, and how far; None if none is near."""
    apart = float(np.hypot(*(eyes[0] - eyes[1])))
    far = [(float(np.hypot(*(face.raw.eyes - eyes).T).mean()), i) for i, face in enumerate(result.faces)]
    if not far or min(far)[0] > apart:
        return None
    distance, i = min(far)
    raw = result.faces[i].raw
    return np.array([raw.valence, raw.arousal]), distance


def _pipeline(session: RecordedSession, models: Path, *, still: bool) -> Pipeline:
    settings = session.info.settings
    try:
        faces, smoothing = int(settings["max_faces"]), parse_smoothing(settings["smoothing"])
    except (KeyError, TypeError, ValueError) as error:
        said = json.dumps(dict(settings))
        raise SessionError(
            f"{INFO_FILE} names no usable settings ({said}): restore it from a copy."
        ) from error
    affect = tuple(used.name for used in session.info.models if used.task == "affect")
    return Pipeline.load(
        models, faces, smoothing=smoothing, still=still, affect=affect or ("affect",),
        detector=recorded_detector(settings),
    )  # fmt: skip
