"""The arrows of the architecture: who may import what."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# From the top down: a file imports only files of lower rows (and of its own package).
LAYERS = (
    ("__main__",),
    ("ui",),
    ("arguments",),
    ("commands", "start"),
    ("jobs", "soak", "verify", "selftest"),
    ("analyze", "bench", "streams", "report"),
    ("explain",),
    ("formats",),
    ("engine", "settings", "transport"),
    ("sessions",),
    ("history", "tuned"),
    ("tune",),
    ("sources",),
    ("pipeline", "heat"),
    ("stages", "words", "circumplex"),
    ("crash", "extras", "files", "mailbox", "native", "paths", "precision", "quiet"),
    ("types", "errors", "__init__"),
)
QT = {"PySide6", "pyqtgraph"}


def imports(path: Path) -> Iterator[str]:
    """The full names of all modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def files() -> list[Path]:
    return sorted((ROOT / "app").rglob("*.py"))


def part(path: Path) -> str:
    inside = path.relative_to(ROOT / "app")
    return inside.parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", files(), ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_point_down(path):
    level = {name: row for row, names in enumerate(LAYERS) for name in names}
    assert part(path) in level, f"give {part(path)} a row in LAYERS"
    roots = {name.split(".")[0] for name in imports(path)}
    assert not roots & {"torch", "export", "tests"}
    if part(path) not in {"ui", "__main__"}:
        assert not roots & QT
    if path.stem != "facemesh":
        assert "mediapipe" not in roots
    for name in imports(path):
        target = name.split(".")[1] if name.startswith("app.") else ""
        if target in level and target != part(path):
            assert level[target] >= level[part(path)], f"{path.name} imports {name}, which stands above it"
