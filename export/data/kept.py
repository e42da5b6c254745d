"""What takes minutes to find in pictures, kept on the disk with a digest of what it was found in."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np


def read(path: Path, digest: str, *names: str) -> tuple[np.ndarray, ...] | None:
    """The arrays called `names`; None where there are none, or they are of something else, or damaged."""
    try:
        with path.open("rb") as file, np.load(file) as kept:
            return tuple(kept[name] for name in names) if str(kept["digest"]) == digest else None
    except (FileNotFoundError, EOFError, KeyError, ValueError, zipfile.BadZipFile):
        return None


def write(path: Path, digest: str, **arrays: np.ndarray) -> None:
    """Beside the file and then renamed, so that a stop on the way leaves the old or the new, never half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part.npz")  # savez would append .npz to any other name
    np.savez(part, digest=digest, **arrays)
    part.replace(path)
