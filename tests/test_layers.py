"""The arrows of the architecture: which room may import which, and how many entries a room's door shows."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# From the top down: a file imports only from lower rows, and from its own room.
APP = (
    ("__main__",),
    ("cli",),
    ("ui.tools",),
    ("ui.run",),
    ("ui.screenshot",),
    ("ui.window",),
    ("ui.flows",),
    ("ui.stimuli",),
    ("ui.panels",),
    ("ui.controls",),
    ("ui.look",),
    ("runs",),
    ("analysis",),
    ("study",),
    ("streams", "exports"),
    ("playing",),
    ("sessions",),
    ("sources",),
    ("stages",),
    ("system",),
    ("types", "__init__"),
)
EXPORT = (
    ("compare", "evaluate"),
    ("limits",),
    ("affect", "eyes"),
    ("synthesis",),
    ("to_onnx", "train"),
    ("shipping",),
    ("training",),
    ("losses",),
    ("nets",),
    ("data",),
    ("__init__",),
)
LAYERS = {"app": APP, "export": EXPORT}
NESTED = {"app.ui"}  # packages whose own rooms are rows
QT = {"PySide6", "pyqtgraph", "shiboken6"}
FEW = 15  # files and folders that one look takes in


def files() -> list[Path]:
    return sorted(path for package in LAYERS for path in (ROOT / package).rglob("*.py"))


def module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def room(name: str) -> str:
    """The row's name of a module: `app.ui.look.theme` is in `ui.look`, `app.stages.smooth` in `stages`."""
    parts = name.split(".")
    depth = 2 if ".".join(parts[:2]) in NESTED and len(parts) > 2 else 1
    return ".".join(parts[1 : 1 + depth]) if len(parts) > 1 else "__init__"


def imports(path: Path) -> Iterator[str]:
    """The full names of all modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", files(), ids=module)
def test_imports_point_down(path):
    package = path.relative_to(ROOT).parts[0]
    level = {name: row for row, names in enumerate(LAYERS[package]) for name in names}
    own = room(module(path))
    if own == "ui.__init__":
        return
    assert own in level, f"give {own} a row in LAYERS"
    for name in imports(path):
        target = room(name) if name.startswith(f"{package}.") else ""
        if target in level and target != own:
            assert level[target] > level[own], f"{module(path)} imports {name}, which stands above it"


@pytest.mark.parametrize("path", sorted((ROOT / "app").rglob("*.py")), ids=module)
def test_the_program_knows_no_training_and_only_its_window_knows_qt(path):
    roots = {name.split(".")[0] for name in imports(path)}
    assert not roots & {"torch", "export", "tests"}
    if not room(module(path)).startswith("ui"):
        assert not roots & QT
    if path.stem != "facemesh":
        assert "mediapipe" not in roots


def test_nothing_outside_the_export_folder_knows_torch():
    for path in [*(ROOT / "packaging").rglob("*.py"), *(ROOT / "app").rglob("*.py")]:
        assert "torch" not in {name.split(".")[0] for name in imports(path)}


@pytest.mark.parametrize("folder", ["app", "export", "app/ui"])
def test_one_look_takes_in_the_top_of_a_package(folder):
    shown = [entry for entry in (ROOT / folder).iterdir() if entry.name != "__pycache__"]
    assert len(shown) <= FEW, f"{folder} has {len(shown)} entries"


@pytest.mark.parametrize("path", [path for path in files() if path.name == "__init__.py"], ids=module)
def test_each_room_says_in_one_sentence_what_lives_there(path):
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    first = text.split("\n\n")[0]
    assert first.endswith(".") and len(first) <= 200, f"{module(path)} needs a sentence"
