"""Where the files of training are: the data, the recipes, the runs, the models."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODELS = ROOT / "models"
RECIPES = ROOT / "export" / "recipes"
RUNS = ROOT / "runs"  # checkpoints, reports and caches; git ignores it


def data_folder(root: Path, environment: Mapping[str, str]) -> Path:
    """The folder of the training data, which need not exist.

    That is $MIEN_DATA where `environment` has it; else ../shared/data beside the checkout `root`, if that
    folder exists; else data/ in the checkout, which git ignores. docs/data.md says what belongs there.
    """
    if environment.get("MIEN_DATA"):
        return Path(environment["MIEN_DATA"]).expanduser()
    beside = root.parent / "shared" / "data"
    return beside if beside.is_dir() else root / "data"


DATA = data_folder(ROOT, os.environ)


def missing(name: str, folder: Path, remedy: str) -> FileNotFoundError:
    """The error for a file or folder `name` of a data set that is not in `folder`; `remedy` says what to
    do."""
    return FileNotFoundError(
        f"{name} is not in {folder}; {remedy}, or set MIEN_DATA to the folder that has it."
    )
