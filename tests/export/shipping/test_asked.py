"""What the commands that make models are asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="torch is not installed; install the extra [export]")

from export.data.places import MODELS
from export.shipping import asked


def test_a_model_goes_where_it_is_asked_to_and_a_smoke_run_keeps_its_own_in_its_folder(tmp_path: Path):
    plain = asked.read("to_onnx", "", ["affect"])
    assert (plain.to, plain.name, plain.smoke) == (MODELS, "affect", False)
    given = asked.read("to_onnx", "", ["affect", "--name", "other", "--to", str(tmp_path)])
    assert (given.to, given.name, given.run) == (tmp_path, "other", plain.run)
    smoke = asked.read("to_onnx", "", ["affect", "--smoke", "--to", str(tmp_path)])
    assert smoke.to == smoke.run and smoke.recipe.epochs == 2
