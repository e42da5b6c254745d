"""The names of a session's files are written in one place."""

import ast
from pathlib import Path

import pytest

from app.sessions.schema import files

ROOT = Path(__file__).parents[3]
NAMES = {value for name, value in vars(files).items() if name.endswith("_FILE")}


def test_it_knows_all_files():
    assert {
        "session.json",
        "faces.csv",
        "events.csv",
        "events-added.csv",
        "events-edited.csv",
        "video.mkv",
        "recording.lock",
    } == NAMES


@pytest.mark.parametrize(
    "path", sorted((ROOT / "app").rglob("*.py")), ids=lambda p: p.relative_to(ROOT).as_posix()
)
def test_no_other_file_builds_a_path_from_a_name(path):
    """Sentences, help and docstrings may name a file; a string that is a name, or ends in one, may not."""
    if path == Path(files.__file__):
        return
    texts = [
        node.value
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert not [text for text in texts if text in NAMES or text.endswith(tuple(f"/{name}" for name in NAMES))]
