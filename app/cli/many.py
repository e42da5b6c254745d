"""Options of `mien analyze` for many files: lists, shards, processes, clusters."""

from __future__ import annotations

import argparse
from argparse import ArgumentTypeError
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.cli.values import at_least
from app.sources.address import Address, Place

if TYPE_CHECKING:
    from app.runs.files import Shard
    from app.runs.task import Task

MOST_SHARDS = 100_000
RESUME = "--resume has no effect any more: the same command always goes on with what is not done."


class ManyFiles(Protocol):
    """What the options say, beside others."""

    files: list[Place]
    list: Path | None
    jobs: int | None
    shard: Shard | None
    cluster: str | None
    slurm: int | None
    resume: bool


def add_many(parser: argparse.ArgumentParser) -> None:
    """Adds the options."""
    group = parser.add_argument_group("many files")
    group.add_argument(
        "--list", type=Path, metavar="FILE",
        help="a text file with a path or an address a line; or a table (CSV) with a column file, whose other "
        "columns, such as participant and condition, go into each session",
    )  # fmt: skip
    group.add_argument(
        "--jobs", type=at_least(1), metavar="N",
        help="how many files are analysed at the same time, each in a process of its own (default: 1; with "
        "--cluster local: as many as there are processors)",
    )  # fmt: skip
    group.add_argument(
        "--shard", type=shard, metavar="K/N",
        help="only the Kth of N equal parts of the files: 3/40. The N commands need not know of each other",
    )  # fmt: skip
    group.add_argument(
        "--cluster", type=scheduler, metavar="WHERE",
        help="let the workers of a Dask cluster analyse: local starts some on this computer, "
        "tcp://COMPUTER:8786 is the scheduler of one that runs (extra cluster)",
    )  # fmt: skip
    group.add_argument(
        "--slurm", type=at_least(1), nargs="?", const=0, metavar="N",
        help="analyse nothing: write a script for SLURM into DIR, an array of N tasks (default: about an "
        "hour each), with a time limit from how fast this computer is",
    )  # fmt: skip
    parser.add_argument("--resume", action="store_true", help=argparse.SUPPRESS)  # old scripts have it


def shard(text: str) -> Shard:
    """The part of the files that "3/40" names. Raises ArgumentTypeError."""
    from app.runs.files import Shard

    number, _, of = text.partition("/")
    if not number.isdecimal() or not of.isdecimal() or not 1 <= int(number) <= int(of) <= MOST_SHARDS:
        raise ArgumentTypeError(f"{text!r} is no part such as 3/40, the third of 40")
    return Shard(int(number), int(of))


def scheduler(text: str) -> str:
    """Where a Dask cluster is. Raises ArgumentTypeError."""
    if text != "local" and not text.startswith(("tcp://", "tls://", "ws://", "wss://")):
        raise ArgumentTypeError(f"{text!r} is neither local nor an address such as tcp://COMPUTER:8786")
    return text


def check_many(arguments: ManyFiles) -> str:
    """One sentence about options that do not go together, or ""."""
    if not arguments.files and arguments.list is None:
        return "name a file, or a list of files with --list"
    elsewhere = arguments.cluster is not None or arguments.slurm is not None
    standard_input = any(str(each) == "-" for each in arguments.files)
    if standard_input and (elsewhere or arguments.shard):
        return "- is one file of this computer alone: leave out --shard, --cluster and --slurm"
    if arguments.slurm is not None and (arguments.cluster or arguments.shard):
        return "--slurm writes a script that names the shards itself: leave out --shard and --cluster"
    if arguments.cluster and arguments.shard:
        return "--cluster gives the files to workers one by one: leave out --shard"
    if arguments.cluster and arguments.cluster != "local" and arguments.jobs:
        return "--jobs is for this computer: how many work on a cluster is the cluster's choice"
    return ""


def tasks_of(arguments: ManyFiles, files: list[Place], out: Path, *, as_clip: bool) -> list[Task]:
    """The files that are to be measured. Raises UserError."""
    from app.runs.file_list import read_list
    from app.runs.files import expanded
    from app.runs.task import Task

    named = [Task(each) for each in files]
    if arguments.list is not None:
        named += read_list(arguments.list)
    return expanded(named, out, as_clip=as_clip)


def addresses(tasks: list[Task]) -> list[Address]:
    """Those of the files that come over a network; one of each computer is named to the user."""
    found = {task.place.host: task.place for task in reversed(tasks) if isinstance(task.place, Address)}
    return list(reversed(found.values()))
