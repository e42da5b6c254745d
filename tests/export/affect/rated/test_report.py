"""The command that holds exported networks against ratings, on a tiny network."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from app.stages.models import load
from export.affect.rated import report as rated_report
from export.data.faces import made_up


def test_it_prints_both_for_the_part_that_one_chooses_by(models: Path, capsys, monkeypatch):
    asked = []

    def rated(data, part, cache):
        asked.append(part)
        faces = made_up(16)
        return replace(faces, va=np.linspace(-0.9, 0.9, 32, dtype=np.float32).reshape(16, 2))

    monkeypatch.setattr(rated_report.rated, "test", rated)
    monkeypatch.setattr(rated_report.fer, "load", lambda part, data, cache: made_up(24))
    assert rated_report.main(["--model", str(models / "affect.toml")]) == 0
    printed = capsys.readouterr().out
    assert asked == ["PublicTest"] and "16 rated faces, 24 with votes" in printed
    assert "valence: CCC" in printed and "arousal: CCC" in printed and "mean recall" in printed


def test_a_card_says_how_many_faces_who_rated_them_and_how_it_agrees(models: Path):
    table = rated_report.table(load(models / "affect.toml"), made_up(16))
    assert table["faces"] == 16 and "not by people" in table["ratings"]
    assert set(table["valence"]) == set(table["arousal"]) >= {"ccc", "rmse", "sign", "happy_correlation"}


def test_missing_ratings_are_one_sentence(models: Path, tmp_path: Path, capsys):
    assert rated_report.main(["--model", str(models / "affect.toml"), "--data", str(tmp_path)]) == 2
    assert "is not in" in capsys.readouterr().err
