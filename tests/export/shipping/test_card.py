"""Cards survive being written and read."""

from __future__ import annotations

import numpy as np
import pytest

from export.shipping import card

CARD = {
    "name": "eyes",
    "crop": {"size": 96, "eye_distance": 44.0},
    "outputs": {"names": ["heatmaps"]},
    "measured": {"box": {"0.05": 94.25, "command": 'say "this"'}, "empty": {}, "good": True},
}


def test_a_written_card_reads_the_same(tmp_path):
    card.write(tmp_path / "a.toml", CARD)
    found = card.read(tmp_path / "a.toml")
    del CARD["measured"]["empty"]
    assert found == CARD


def test_numbers_of_numpy_are_written_as_numbers(tmp_path):
    card.write(tmp_path / "a.toml", {"share": np.float64(95.5), "ms": np.float64(1.23456789)})
    assert (tmp_path / "a.toml").read_text() == "share = 95.5\nms = 1.234568\n"


def test_what_toml_cannot_hold_is_refused(tmp_path):
    with pytest.raises(TypeError, match="cannot hold"):
        card.write(tmp_path / "a.toml", {"name": None})
