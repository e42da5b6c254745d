"""Which files a run measures: named ones, all in a folder, those of a shard."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.runs.ledger import file_of
from app.runs.task import Task
from app.sessions.schema.files import INFO_FILE
from app.sources.kinds import PICTURES
from app.system.errors import UserError

# In a folder the name tells what is a video; a file that is named itself may have any.
VIDEOS = {
    ".3gp", ".asf", ".avi", ".flv", ".m2ts", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".mts", ".mxf",
    ".ogv", ".ts", ".vob", ".webm", ".wmv",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shard:
    """One of several equal parts of the files: the third of forty is Shard(3, 40)."""

    number: int  # from 1
    of: int

    def __str__(self) -> str:
        return f"{self.number} of {self.of}"

    def part(self, tasks: Sequence[Task]) -> list[Task]:
        """Every file of this shard: of the files in the order of their paths, one in `of`.

        The same on every computer that sees the same files, so that no two need to talk.
        """
        return sorted(tasks, key=lambda task: file_of(task.place))[self.number - 1 :: self.of]


def expanded(tasks: Iterable[Task], out: Path, *, as_clip: bool) -> list[Task]:
    """`tasks` with the videos and pictures in a folder, and in those inside it, in the place of the folder.

    Each file comes once. With `as_clip` a folder is a clip itself. What lies in `out` is left out, and so are
    sessions. Raises UserError where a folder holds nothing, or where two tasks of one file say different
    things of it.
    """
    found: dict[str, Task] = {}
    for task in tasks:
        for one in _inside(task, out) if not as_clip else (task,):
            before = found.setdefault(file_of(one.place), one)
            if before.details != one.details:
                raise UserError(
                    f"{one.place} is named twice with different details: leave one of the two lines out."
                )
    return list(found.values())


def _inside(task: Task, out: Path) -> Iterator[Task]:
    place = task.place
    if not isinstance(place, Path) or not _is_folder(place):
        yield task
        return
    count = 0
    for path in _files(place, out.absolute()):
        count += 1
        yield replace(task, place=path)
    if not count:
        raise UserError(f"{place} holds no videos and no pictures: name another folder.")


def _files(folder: Path, out: Path) -> Iterator[Path]:
    """The videos and pictures in `folder` and below, in the order of their names; hidden ones left out."""
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and (Path(here) / name).absolute() != out
        )
        if INFO_FILE in names:  # a session, and what is in it
            folders.clear()
            continue
        for name in sorted(names):
            if Path(name).suffix.lower() in PICTURES | VIDEOS and not name.startswith("."):
                yield Path(here) / name


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False
