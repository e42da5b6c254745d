"""Prints the requirements of one extra in pyproject.toml, a line each: `extra.py export`."""

import sys
import tomllib
from pathlib import Path

project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))["project"]
print("\n".join(project["optional-dependencies"][sys.argv[1]]))
