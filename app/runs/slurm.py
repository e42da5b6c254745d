"""`mien analyze --slurm`: a script for SLURM, whose array has a task for each shard of the files."""

from __future__ import annotations

import math
import shlex
import time
from collections.abc import Sequence
from pathlib import Path

from app.analysis.options import AnalysisOptions
from app.runs.once import cannot_write
from app.runs.task import Task
from app.runs.throughput import program
from app.sources.source import SourceError
from app.sources.video import VideoFile
from app.system import paths
from app.system.atomic import replace_text
from app.system.errors import UserError

ANALYZE, SHORTEST = "analyze", "--sl"  # the command, and the least of --slurm that means no other option
LOOKED_AT = 20  # files whose frames are counted, of all
TRIED = 5.0  # s for which frames are measured, to learn how fast this computer is
HOUR = 3600.0  # s that a task should take, where its number is not given
SLACK = 2.0  # a node may be half as fast as this computer
STARTING, STEP = 300.0, 600.0  # s: for the start of a task; the limit is a multiple of the step
MOST_TASKS = 1000  # of an array, where its number is not given: many clusters take no more
SECONDS = 10.0  # assumed of a file whose length cannot be told from here
MEMORY = 2  # GB a task; 0.2 are needed, and files of high resolution take more


def script(tasks: Sequence[Task], options: AnalysisOptions, shards: int, argv: Sequence[str]) -> Path:
    """Writes `mien.sbatch` into the folder of the run, for `argv`, the command with --slurm; gives its path.

    With `shards` 0 there are as many as let each take about an hour. Raises RecordError, UserError.
    """
    log = _log(options.out.absolute())
    frames = _frames(tasks, options)
    each = _seconds_a_frame(tasks, options)
    total = frames * each
    count = max(1, min(len(tasks), shards or min(MOST_TASKS, math.ceil(total * SLACK / HOUR))))
    share = math.ceil(len(tasks) / count) / max(1, len(tasks))
    limit = math.ceil((STARTING + SLACK * total * share) / STEP) * STEP
    path = options.out.absolute() / "mien.sbatch"
    text = _text(count, limit, log, _command(argv, count), len(tasks), frames, each)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_text(path, text)
    except OSError as error:
        raise cannot_write(options.out, error) from error
    return path


def _log(out: Path) -> str:
    """Where each task writes what it says, as sbatch reads it: % begins a name for its number.

    Raises UserError where a comment of a script cannot name the folder.
    """
    folder = out.as_posix()
    if "\n" in folder or "\\" in folder:
        raise UserError(f"SLURM cannot write into {str(out)!r}: choose a folder without \\ and line breaks.")
    quoted = folder.replace("%", "%%").replace('"', '\\"')
    return f'"{quoted}/slurm-%A_%a.log"'


def _text(count: int, limit: float, log: str, command: str, files: int, frames: float, each: float) -> str:
    hours, minutes = divmod(round(limit / 60), 60)
    return f"""#!/bin/sh
# {files} files, about {frames:.0f} frames; {1e3 * each:.1f} ms a frame where this was written.
# Submitted again, it measures only what is not done yet.
#SBATCH --job-name=mien
#SBATCH --array=1-{count}
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=1
#SBATCH --mem={MEMORY}G
#SBATCH --time={hours:02}:{minutes:02}:00
#SBATCH --signal=TERM@60
#SBATCH --output={log}
cd {shlex.quote(str(Path.cwd()))} || exit
exec {command}
"""


def _command(argv: Sequence[str], count: int) -> str:
    """The command of one task: as it was given, with a shard in place of --slurm and its number."""
    at = argv.index(ANALYZE) + 1
    words, rest = list(argv[1:at]), iter(argv[at:])
    given = list[str]()
    for word in rest:
        if word == "--":  # behind it there are files only
            given += [word, *rest]
        elif not _is_slurm(word):
            given.append(word)
        elif "=" not in word:
            following = next(rest, "")
            if following == "--":
                given += [following, *rest]
            elif following.startswith("-"):
                given.append(following)
    return " ".join(
        (
            *map(shlex.quote, (*program(), *words)),
            f'--shard "$SLURM_ARRAY_TASK_ID/{count}"',
            *map(shlex.quote, given),
        )
    )


def _is_slurm(word: str) -> bool:
    """Whether `word` is --slurm, which may be shortened, perhaps with its number behind an =."""
    name = word.partition("=")[0]
    return name.startswith(SHORTEST) and "--slurm".startswith(name)


def _frames(tasks: Sequence[Task], options: AnalysisOptions) -> float:
    """About how many frames all files have: some are opened, the others are taken to be like them."""
    some = tasks[:: max(1, len(tasks) // LOOKED_AT)][:LOOKED_AT]
    counts = [_count(task, options) for task in some]
    return sum(counts) / max(1, len(counts)) * len(tasks)


def _count(task: Task, options: AnalysisOptions) -> float:
    if not isinstance(task.place, Path):
        return SECONDS * 30
    from app.sources.selection import SelectedFrames

    source = SelectedFrames(VideoFile(task.place, options.selection.as_clip), options.selection)
    try:
        source.open()
        return source.frames or SECONDS * source.mode.rate
    except SourceError:  # the task that gets it says what is wrong
        return 0.0
    finally:
        source.close()


def _seconds_a_frame(tasks: Sequence[Task], options: AnalysisOptions) -> float:
    """How long a frame takes here, measured on the first file that can be read, else on the sample clip."""
    load = options.pipelines()
    for place in [
        *(task.place for task in tasks[:LOOKED_AT] if isinstance(task.place, Path)),
        paths.sample_clip(),
    ]:
        try:
            video = VideoFile(place, options.selection.as_clip if place.is_dir() else 0.0)
            video.open()
        except SourceError:
            continue
        pipeline = load(False)
        count, begun = 0, time.perf_counter()
        try:
            while time.perf_counter() - begun < TRIED and (frame := video.read()) is not None:
                pipeline.process(frame)
                count += 1
        except SourceError:
            continue
        finally:
            pipeline.close()
            video.close()
        if count:
            return (time.perf_counter() - begun) / count
    raise UserError("No file could be measured here, so no time limit can be told: name a video that plays.")
