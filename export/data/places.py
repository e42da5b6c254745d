"""Where things lie."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODELS = ROOT / "models"
RECIPES = ROOT / "export" / "recipes"
RUNS = ROOT / "runs"  # checkpoints, reports and caches; git ignores it
DATA = ROOT.parent / "shared" / "data"  # the training data; never part of the project
