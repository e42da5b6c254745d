"""The command that measures affect, on a tiny network of its own making."""

from __future__ import annotations

from pathlib import Path

import cv2

from export import evaluate, evaluate_affect


def test_a_smoke_run_prints_every_figure_and_leaves_the_card_alone(models: Path, capsys, monkeypatch):
    monkeypatch.setattr(evaluate_affect, "RUNS", models)
    path = models / "affect.toml"
    before = path.read_text()
    assert evaluate.main(["affect", "--model", str(path), "--smoke", "--card", "--pictures"]) == 0
    printed = capsys.readouterr().out
    for name in (
        "accuracy:",
        "mean_recall:",
        "calibration_error:",
        "valence ccc:",
        "fer2013_labels accuracy:",
    ):
        assert name in printed
    assert path.read_text() == before
    pictures = {p.stem: cv2.imread(str(p)) for p in (models / "evaluate-affect").glob("*.png")}
    assert set(pictures) == {"confusion", "reliability", "worst", "maps"}
    assert all(picture.std() > 5 for name, picture in pictures.items() if name != "maps")


def test_a_missing_model_or_missing_data_is_one_sentence(models: Path, tmp_path: Path, capsys):
    assert evaluate.main(["affect", "--model", str(tmp_path / "no.toml")]) == 2
    assert "no.toml cannot be read" in capsys.readouterr().err
    arguments = ["--model", str(models / "affect.toml"), "--data", str(tmp_path)]
    assert evaluate.main(["affect", *arguments]) == 2
    assert "fer2013plus-PrivateTest.npz is not in" in capsys.readouterr().err
