"""Eye networks in integers beside the one in floats."""

from __future__ import annotations

import csv

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is not installed; install the extra [export]")

from export.eyes import integers


def test_a_share_has_its_difference_and_the_standard_error_over_the_same_faces():
    before = np.array([0.02, 0.02, 0.04, 0.04])
    after = np.array([0.02, 0.03, 0.04, 0.04])
    cells = integers.figures(after, before)
    spread = 100 * np.sqrt((0.25 - 0.25**2) / 4)  # of -1, 0, 0, 0
    assert cells[0] == f"25.00 (-25.00 ± {spread:.2f})"
    assert cells[1] == cells[2] == "100.00"
    assert cells[3].startswith("3.500 (+0.500 ± ")


def test_without_a_difference_there_is_only_the_figure():
    errors = np.array([0.02, 0.03, 0.2])
    assert integers.figures(errors, errors) == ["33.33", "66.67", "66.67", "3.000"]


def test_every_choice_is_measured_on_every_input(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(integers, "RUNS", tmp_path)
    assert integers.main(["--smoke"]) == 0
    with (tmp_path / "smoke-integers" / "table.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = ["nothing (float32)", *integers.CHOICES]
    assert [row["in integers"] for row in rows] == [name for name in names for _ in range(3)]
    assert all(float(row["shake, %"]) > 0 for row in rows if row["input"] == "whole picture")
    assert "| all but the first | face box in 8 views |" in capsys.readouterr().out
