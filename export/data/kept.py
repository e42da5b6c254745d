"""What takes minutes to find in pictures, kept on the disk with a digest of the pictures."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]  # of any numbers and any shape: whoever keeps it knows


def read(path: Path, digest: str, *names: str) -> tuple[Array, ...] | None:
    """The arrays called `names` in the .npz at `path`, as `write` kept them.

    None where there is no such file, where it has another `digest`, or where it is damaged.
    """
    try:
        with path.open("rb") as file, np.load(file) as kept:
            return tuple(kept[name] for name in names) if str(kept["digest"]) == digest else None
    except (FileNotFoundError, EOFError, KeyError, ValueError, zipfile.BadZipFile):
        return None


def write(path: Path, digest: str, **arrays: Array) -> None:
    """Keeps `arrays` by their names, with the `digest` of what they were found in, as .npz at `path`.

    It is written beside the file and then renamed: a stop on the way leaves the old or the new, never half.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part.npz")  # savez would append .npz to any other name
    np.savez(part, digest=digest, **arrays)
    part.replace(path)
