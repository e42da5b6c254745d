"""The folder of a data set: its part files are replaced, and whatever else lies in it stays."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from app.system.atomic import WriteError, replacing_folder, sync_folder

MARK = "_mien.json"  # in the folder of a data set; readers of data sets leave out names that begin with _
PART = "part-{:05}.parquet"  # its number; in the folder of a participant
PARTS = "*/part-[0-9][0-9][0-9][0-9][0-9]*.parquet"


@contextmanager
def data_set_folder(target: Path) -> Iterator[Path]:
    """An empty folder, whose files take the place of those of the data set `target` when all is well.

    The block puts parts and MARK into it. Raises WriteError, also where `target` is no data set of Mien.
    """
    if target.exists() and not (target / MARK).is_file():
        raise WriteError(f"{target} exists and is no data set of Mien: choose another name with -o.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists() or not _of_others(target):
            with replacing_folder(target) as draft:
                yield draft
            return
        draft = Path(mkdtemp(prefix=f"{target.name[:60]}.", suffix=".tmp", dir=target.parent))
        try:
            yield draft
            _exchange(draft, target)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    except OSError as error:
        raise WriteError(
            f"{target} cannot be written ({error.strerror or error}): choose another place with -o."
        ) from error


def _of_others(target: Path) -> bool:
    """Whether there is anything in `target` that Mien did not put there."""
    ours = {target / MARK, *_parts(target)}
    return any(path not in ours for path in target.rglob("*") if path.is_symlink() or not path.is_dir())


def _parts(target: Path) -> list[Path]:
    """The part files in `target`, none of them behind a link."""
    return [path for path in target.glob(PARTS) if path.is_file() and not path.parent.is_symlink()]


def _exchange(draft: Path, target: Path) -> None:
    """Puts the parts in `draft` in place of those in `target`. Raises OSError.

    What may fail because of a file of somebody else comes first, so that the old parts stay then.
    """
    new, old = [path.relative_to(draft) for path in _parts(draft)], _parts(target)
    for path in new:
        (target / path.parent).mkdir(exist_ok=True)
    for path in old:
        path.unlink()
    for path in (*new, Path(MARK)):
        (draft / path).replace(target / path)
    for folder in {path.parent for path in old}:
        if not any(folder.iterdir()):
            folder.rmdir()
    sync_folder(target)
