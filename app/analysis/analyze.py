"""Analyses videos without a window: one session folder each, the same bytes for the same file every time."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from app.analysis.explain import FOLDER, StrongestMoments
from app.sessions.header import SessionHeader, SourceFile
from app.sessions.recorder import Recorder
from app.sources.source import Source, SourceError
from app.sources.video import VideoFile
from app.stages.pipeline import Pipeline
from app.system.errors import UserError
from app.types import DEFAULT_SMOOTHING, Frame, Result

Load = Callable[[bool], Pipeline]  # with True for a single picture

NOBODY = "no face was found: use a clip where a face looks towards the camera and is at least 60 pixels wide"


@dataclass(frozen=True, slots=True)
class Loader:
    """Makes the pipeline for one file; as a value it can be sent to another process."""

    models: Path
    max_faces: int
    affect: str = "affect"  # name of that network's card

    def __call__(self, still: bool) -> Pipeline:
        return Pipeline.load(self.models, self.max_faces, still=still, affect=(self.affect,))


class Summary:
    """What is said at the end of a file; it keeps counts, not rows."""

    def __init__(self) -> None:
        self.frames = self.frames_with_faces = self.rows = self.most_at_once = 0
        self.seconds = 0.0  # that the analysis took
        self._valence = self._arousal = 0.0
        self._expressions: Counter[str] = Counter()
        self._ids: set[int] = set()

    def add(self, result: Result) -> None:
        self.frames += 1
        self.frames_with_faces += bool(result.faces)
        self.most_at_once = max(self.most_at_once, len(result.faces))
        for face in result.faces:
            self.rows += 1
            self._ids.add(face.id)
            self._expressions[face.raw.expression] += 1
            self._valence += face.raw.valence
            self._arousal += face.raw.arousal

    def text(self, name: str, csv: Path) -> str:
        """A few lines for the terminal."""
        each = 1e3 * self.seconds / max(1, self.frames)
        noun = "frame" if self.frames == 1 else "frames"
        lines = [f"{name}: {self.frames} {noun} in {self.seconds:.1f} s, {each:.1f} ms a frame"]
        if self.rows:
            expression, count = self._expressions.most_common(1)[0]
            lines += [
                f"  faces       {len(self._ids)}, at most {self.most_at_once} at once, "
                f"in {self.frames_with_faces} of {self.frames} frames",
                f"  expression  {expression} ({count / self.rows:.0%} of the rows with a face)",
                f"  valence     {self._valence / self.rows:+.2f} in the mean",
                f"  arousal     {self._arousal / self.rows:+.2f} in the mean",
            ]
        return "\n".join([*lines, f"  written to  {csv}"])


def analyze(files: Sequence[Path], out: Path, load: Load, max_faces: int, *, explained: bool = False) -> int:
    """Analyses `files` in a row and prints what was found; the exit code: 0, or 1 when one failed.

    With `explained` each session gets the pictures of `app.analysis.explain`, in a folder of its own.
    Raises UserError where the network cannot be explained, RecordError when `out` cannot be written,
    ModelError, and KeyboardInterrupt: rows up to then are whole, and it was said where they are.
    """
    failed = []
    for path in files:
        try:
            print(analyze_one(path, out, load, max_faces, explained=explained))
        except SourceError as error:
            print(error, file=sys.stderr)
            failed.append(path)
    return say_failures(failed, len(files))


def say_failures(failed: Sequence[Path], files: int) -> int:
    """Names what failed, last of all so that it is seen; the exit code."""
    if failed:
        names = ", ".join(str(path) for path in failed)
        print(f"{len(failed)} of {files} files failed: {names}", file=sys.stderr)
    return 1 if failed else 0


def analyze_one(
    path: Path, out: Path, load: Load, max_faces: int, *, progress: bool = True, explained: bool = False,
    interrupted: Callable[[], bool] = lambda: False,
) -> str:  # fmt: skip
    """Analyses one file and says in a few lines what was found; `interrupted` is asked before each frame.

    Raises SourceError also when the file is cut off or shows no face: then its rows are kept. Otherwise as
    `analyze`.
    """
    source = VideoFile(path)
    try:
        if interrupted():
            raise KeyboardInterrupt
        source.open()
        file = SourceFile.of(path, hashed=True)
        pipeline = load(source.frames == 1)  # a fresh one: no face of the file before is remembered
        try:
            moments = StrongestMoments(pipeline.affect.model.card) if explained else None
            session = SessionHeader(
                source.name, False, source.mode, pipeline.cards, max_faces, DEFAULT_SMOOTHING, file=file
            )
            recorder = Recorder(out, session, latency=False)
        except UserError:
            pipeline.close()
            raise
        summary = _analyze(source, pipeline, recorder, moments, progress, interrupted)
        said = summary.text(source.name, recorder.csv)
        if moments is not None:  # also where nobody was seen: its folder says that this is done
            count = moments.write(pipeline.affect, recorder.folder / FOLDER)
            noun = "picture" if count == 1 else "pictures"
            said += f"\n  explained   {count} {noun} in {recorder.folder / FOLDER}"
        if not summary.rows:
            print(said)
            raise SourceError(f"{source.name}: {NOBODY}.")
        return said
    finally:
        source.close()


def _analyze(
    source: VideoFile, pipeline: Pipeline, recorder: Recorder, moments: StrongestMoments | None,
    progress: bool, interrupted: Callable[[], bool],
) -> Summary:  # fmt: skip
    summary, ended_by, begun = Summary(), "stop", time.perf_counter()
    try:
        for frame in _with_progress(source) if progress else read(source):
            if interrupted():
                raise KeyboardInterrupt
            result = pipeline.process(frame)
            recorder.append(result)
            summary.add(result)
            if moments is not None:
                moments.add(result)
        ended_by = "end of file"
    except UserError as error:
        ended_by = str(error)
        raise
    except KeyboardInterrupt:
        print(
            f"Stopped. The rows of the first {summary.frames} frames are in {recorder.csv}", file=sys.stderr
        )
        raise
    finally:
        pipeline.close()
        recorder.close(ended_by)
    summary.seconds = time.perf_counter() - begun
    return summary


def read(source: Source) -> Iterator[Frame]:
    """The frames of an open file up to its end. Raises SourceError."""
    while (frame := source.read()) is not None:
        yield frame


def _with_progress(source: VideoFile) -> Iterator[Frame]:
    """The frames, with a bar that shows the time left; written seldom where nobody watches it live."""
    often = 0.1 if sys.stderr.isatty() else 5.0
    with tqdm(
        total=source.frames, desc=source.name, unit=" frames", mininterval=often, dynamic_ncols=True
    ) as bar:
        for frame in read(source):
            yield frame
            bar.update()
        bar.total = bar.n  # containers promise a few frames too many
