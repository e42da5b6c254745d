"""Each dependency has a line in CONTRIBUTING.md that says what it is for."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ASKED = (
    *PROJECT["dependencies"],
    *(line for extra in PROJECT["optional-dependencies"].values() for line in extra),
)
NAMES = sorted({re.split(r"[^\w.-]", line)[0] for line in ASKED} - {PROJECT["name"]})
SAID = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("## Dependencies", 1)[1]


@pytest.mark.parametrize("name", NAMES)
def test_each_dependency_has_its_line(name):
    words = {name, re.sub(r"^types-.*", "types-*", name), re.sub(r"^pyobjc-.*", "pyobjc", name)}
    assert any(f"`{word}`" in SAID for word in words), f"say in CONTRIBUTING.md what {name} is for"
