"""The command that measures affect, on a tiny network of its own making."""

from __future__ import annotations

from pathlib import Path

from export import evaluate


def test_a_smoke_run_prints_every_figure_and_leaves_the_card_alone(models: Path, capsys):
    path = models / "affect.toml"
    before = path.read_text()
    assert evaluate.main(["affect", "--model", str(path), "--smoke", "--card"]) == 0
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


def test_a_missing_model_or_missing_data_is_one_sentence(models: Path, tmp_path: Path, capsys):
    assert evaluate.main(["affect", "--model", str(tmp_path / "no.toml")]) == 2
    assert "no.toml cannot be read" in capsys.readouterr().err
    arguments = ["--model", str(models / "affect.toml"), "--data", str(tmp_path)]
    assert evaluate.main(["affect", *arguments]) == 2
    assert "fer2013plus-PrivateTest.npz is not in" in capsys.readouterr().err
