"""What takes minutes to find in pictures, kept on the disk with a digest of the pictures."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.system.atomic import replacing

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

    A stop on the way leaves the old file or the new one, never half of it.
    """
    members: dict[str, Any] = {"digest": digest, **arrays}
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as draft, draft.open("wb") as file:
        np.savez(file, **members)
