"""The README is short, and each of its figures has a command and stands on a card."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
LINES = 120
README = (ROOT / "README.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in README.split("## Accuracy and speed", 1)[1].split("\n## ", 1)[0].splitlines()
    if line.startswith("|")
][2:]


def measured(name: str) -> Mapping[str, Any]:
    return tomllib.loads((ROOT / "models" / f"{name}.toml").read_text(encoding="utf-8"))["measured"]


def test_it_is_short():
    assert len(README.splitlines()) <= LINES


def test_each_figure_has_its_command():
    assert 8 <= len(ROWS) <= 10
    for what, figure, command in ROWS:
        assert re.search(r"\d", figure), what
        assert re.fullmatch(r"`(python -m export\.|mien )[^`]+`", command), what


# The beginning of a row, and its figure as the card gives it.
CARDS: Mapping[str, Callable[[], str]] = {
    "eye centres": lambda: f"{measured('eyes')['whole_picture']['e_0.05']:.1f} %",
    "expression": lambda: f"{measured('affect')['accuracy']:.1f} %",
    "the same, where more than half": lambda: (
        f"{measured('affect')['where_more_than_half_agree']['accuracy']:.1f} %"
    ),
    "fear, disgust, contempt": lambda: (
        ", ".join(f"{measured('affect')['recall'][e]:.0f}" for e in ("fear", "disgust", "contempt")) + " %"
    ),
    "valence, arousal": lambda: ", ".join(
        f"{measured('affect')['rated'][name]['ccc']:.2f}" for name in ("valence", "arousal")
    ),
}


@pytest.mark.parametrize("row", CARDS)
def test_accuracy_is_that_of_the_cards(row):
    figures = [figure for what, figure, _ in ROWS if what.startswith(row)]
    assert figures == [CARDS[row]()]
