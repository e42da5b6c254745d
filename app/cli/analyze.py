"""`mien analyze`: video files and pictures measured without a window."""

from __future__ import annotations

import argparse
import shlex
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from app.cli.command import Command, Example
from app.cli.detector import add_detector
from app.cli.many import RESUME, add_many, addresses, check_many, tasks_of
from app.cli.values import between, clip_rate, file_or_address, frame_rate, more_than_nothing
from app.sources.address import Address, Place
from app.stages.detectors import require_detector
from app.stages.precision import CARDS
from app.system.interruption import Interruption
from app.types import DEFAULT_MAX_FACES, DEFAULT_PRECISION, MOST_FACES

if TYPE_CHECKING:
    from app.analysis.options import AnalysisOptions
    from app.runs.files import Shard
    from app.runs.run import Plan, Workers
    from app.runs.task import Task


STDIN = "-"
MOST_EVERY = 1_000_000
CLIP_RATE = 30.0  # pictures a second


class Arguments(argparse.Namespace):
    """What the options say."""

    files: list[Place]
    out: Path
    faces: int
    list: Path | None
    jobs: int | None
    shard: Shard | None
    cluster: str | None
    slurm: int | None
    resume: bool
    precision: str
    detector: str
    explain: bool
    every: int
    rate: float
    rotate: int
    seconds: float
    as_clip: float
    json: bool


def add(parser: argparse.ArgumentParser) -> None:
    """Adds the options."""
    parser.add_argument(
        "files", nargs="*", type=file_or_address, metavar="FILE",
        help="videos, pictures, or folders of them; - for one that comes over standard input; an rtsp:// or "
        "http:// address for one that comes over a network, to which Mien then connects; s3:// and the like "
        "for one that fsspec fetches",
    )  # fmt: skip
    parser.add_argument(
        "-o", "--out", type=Path, default=Path("sessions"), metavar="DIR",
        help="folder in which each file gets a session folder (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--faces", type=between(1, MOST_FACES), default=DEFAULT_MAX_FACES, metavar="N",
        help=f"how many faces of a frame are measured, at most: 1 to {MOST_FACES} (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--precision", choices=tuple(CARDS), default=DEFAULT_PRECISION,
        help="how the affect network computes; float32 takes three times as long (default: %(default)s)",
    )  # fmt: skip
    add_detector(parser)
    parser.add_argument(
        "--explain", action="store_true",
        help="also save a heat map of each person's strongest moment: what in the face speaks for the "
        "expression, and what for the runner-up (in the folder explain of the session)",
    )  # fmt: skip
    parser.add_argument(
        "--json", action="store_true",
        help="print one JSON object a line about progress and results, and nothing else on standard output",
    )  # fmt: skip
    add_many(parser)
    add_selection(parser)


def add_selection(parser: argparse.ArgumentParser) -> None:
    """Adds the options that say which frames are measured, and which way up."""
    group = parser.add_argument_group("which frames are measured (by default all, as the file says)")
    fewer = group.add_mutually_exclusive_group()
    fewer.add_argument(
        "--every", type=between(1, MOST_EVERY), default=1, metavar="N",
        help="only the first of every N frames; a face keeps its id where these are less than a second apart",
    )  # fmt: skip
    fewer.add_argument(
        "--rate", type=frame_rate, default=0.0, metavar="R",
        help="only R frames a second, by the times of the file",
    )  # fmt: skip
    group.add_argument(
        "--rotate", type=int, choices=(90, 180, 270), default=0,
        help="turn the pictures by so many degrees clockwise, on top of what the file itself says",
    )  # fmt: skip
    group.add_argument(
        "--seconds", type=more_than_nothing, default=0.0, metavar="S",
        help="only the first S seconds; a stream that does not end by itself needs this",
    )  # fmt: skip
    group.add_argument(
        "--as-clip", type=clip_rate, nargs="?", const=CLIP_RATE, default=0.0, metavar="R",
        help="each FILE is a folder, whose pictures are the frames of one clip, R a second "
        f"({CLIP_RATE:g} where R is left out), in the order of the numbers in their names",
    )  # fmt: skip


def run(arguments: Arguments) -> int:
    """Analyses the files. Settings of the window play no part: the same command gives the same rows."""
    interruption = Interruption()
    interruption.install()  # before anything is loaded
    from app.analysis.options import AnalysisOptions
    from app.runs.run import Plan
    from app.sources.selection import Selection
    from app.system import paths

    if arguments.resume:
        print(RESUME, file=sys.stderr)
    require_detector(arguments.detector)
    selection = Selection(
        arguments.every, arguments.rate, arguments.rotate, arguments.seconds, arguments.as_clip
    )
    options = AnalysisOptions(
        arguments.out, paths.models(), arguments.faces, CARDS[arguments.precision], arguments.explain,
        arguments.detector, selection, arguments.json,
    )  # fmt: skip
    with spooled(arguments.files) as (files, standard_input):
        options = replace(options, spooled=standard_input)
        tasks = tasks_of(arguments, files, options.out, as_clip=bool(arguments.as_clip))
        for address in addresses(tasks):
            print(address.sentence, file=sys.stderr)
        if arguments.slurm is not None:
            return write_slurm(tasks, options, arguments.slurm)
        plan = Plan(arguments.shard.part(tasks) if arguments.shard else tasks, options, arguments.shard)
        if arguments.shard:
            print(f"Shard {arguments.shard}: {len(plan.tasks)} of {len(tasks)} files.", file=sys.stderr)
        return analyze_files(plan, arguments.jobs, arguments.cluster, interruption)


@contextmanager
def spooled(files: list[Place]) -> Iterator[tuple[list[Place], Path | None]]:
    """`files` with a file in the place of -, and that file: all of standard input, while the block runs.

    A video is read from there, since many have to be sought in. Raises UserError.
    """
    from app.system.errors import UserError

    if STDIN not in map(str, files):
        yield files, None
        return
    with TemporaryDirectory(prefix="mien-") as folder:
        whole = Path(folder) / "stdin"
        try:
            with whole.open("wb") as file:
                shutil.copyfileobj(sys.stdin.buffer, file, 1 << 20)
        except OSError as error:
            raise UserError(
                f"Standard input cannot be kept in {folder} ({error.strerror}): make room, or name a file."
            ) from error
        yield [whole if str(path) == STDIN else path for path in dict.fromkeys(files)], whole


def check(arguments: Arguments) -> str:
    """One sentence about options that do not go together, or ""."""
    if STDIN in map(str, arguments.files) and sys.stdin is not None and sys.stdin.isatty():
        return (
            "- reads a video from standard input, which is a terminal: send one, as in mien analyze - < a.mp4"
        )
    endless = next((each for each in arguments.files if isinstance(each, Address) and each.streams), None)
    if endless is not None and not arguments.seconds:
        return f"{endless} does not end by itself: say how long with --seconds"
    if arguments.as_clip and any(isinstance(each, Address) or str(each) == STDIN for each in arguments.files):
        return "--as-clip takes folders of pictures only"
    return check_many(arguments)


def analyze_files(
    plan: Plan, processes: int | None = None, cluster: str | None = None,
    interruption: Interruption | None = None,
) -> int:  # fmt: skip
    """Analyses the files of `plan`: here one after the other, in `processes`, or on a `cluster`.

    Gives the exit code. Raises UserError.
    """
    from app.runs.run import run

    interruption = interruption or Interruption()
    try:
        return run(plan, _workers(plan, processes, cluster, interruption), interruption)
    except KeyboardInterrupt:  # it has been said where the rows are
        return interruption.end()


def _workers(plan: Plan, processes: int | None, cluster: str | None, interruption: Interruption) -> Workers:
    from app.runs.processes import Processes
    from app.runs.run import InTurn

    if cluster is not None:
        from app.runs.cluster import Cluster

        return Cluster(plan.options, cluster, processes, interruption)
    if (processes or 1) > 1:
        return Processes(plan.options, processes or 1, None, interruption)
    return InTurn(plan.options, None, interruption)


def write_slurm(tasks: Sequence[Task], options: AnalysisOptions, shards: int) -> int:
    """Writes the script for SLURM, and says how it is submitted. Raises UserError."""
    from app.runs.slurm import script

    path = script(tasks, options, shards, sys.argv)
    print(f"sbatch {shlex.quote(str(path))}")
    return 0


COMMAND = Command(
    "analyze",
    "analyse videos and pictures without a window",
    "Writes a session folder for each file: faces.csv with a row for each face in each frame, events.csv, "
    "and session.json, which describes every column; run.csv has a line for each file. The same file and "
    "options give the same bytes on the same machine, so a file that is done is left out the next time. The "
    "exit code is 1 when a file fails; the other files are analysed all the same. A file that shows no face "
    "is no failure.",
    (
        Example("mien analyze a.mp4 b.mp4 -o out", "a folder for each in out"),
        Example("mien analyze videos --jobs 4 -o out", "all in a folder; the same again goes on with it"),
        Example("mien analyze --list files.csv --shard 3/40 -o out", "the third fortieth"),
        Example("mien analyze a.mp4 --explain", "with heat maps"),
        Example("mien analyze a.mp4 --rate 5 --rotate 90", "5 frames a second, turned"),
        Example("mien analyze pictures --as-clip 25", "the pictures of a folder as one clip"),
        Example("mien analyze rtsp://camera/live --seconds 60", "a minute of a stream"),
        Example("mien analyze *.mp4 --json", "for other programs"),
    ),
    add,
    run,
    check,
)
