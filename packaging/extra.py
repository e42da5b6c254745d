"""Prints the requirements of one extra in pyproject.toml, a line each: `extra.py export`.

Without the other extras of Mien that it names: these are locked, and pip, which reads that MediaPipe wants
NumPy 1, would replace what the lock has installed.
"""

import sys
import tomllib
from pathlib import Path

PROJECT = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))["project"]
ASKED = PROJECT["optional-dependencies"][sys.argv[1]]
print("\n".join(line for line in ASKED if not line.startswith(f"{PROJECT['name']}[")))
