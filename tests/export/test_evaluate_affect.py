"""The command that measures affect, on a tiny network of its own making."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from app.types import EXPRESSIONS
from export import affect_page, evaluate, evaluate_affect
from export.data import fer
from export.data.faces import made_up


def test_a_smoke_run_prints_every_figure_and_leaves_the_card_alone(models: Path, capsys, monkeypatch):
    monkeypatch.setattr(evaluate_affect, "RUNS", models)
    path = models / "affect.toml"
    before = path.read_text()
    assert evaluate.main(["affect", "--model", str(path), "--smoke", "--card", "--page", "--pictures"]) == 0
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
    page = models / "evaluate-affect" / "affect.md"
    assert "| **fear** |" in page.read_text() and "affect-reliability.svg" in page.read_text()
    pictures = {p.stem: cv2.imread(str(p)) for p in (models / "evaluate-affect").glob("*.png")}
    assert set(pictures) == {"confusion", "reliability", "worst", "maps"}
    assert all(picture.std() > 5 for name, picture in pictures.items() if name != "maps")
    assert cv2.imread(str(page.with_name("affect-maps.jpg"))) is not None


def test_the_page_says_what_not_to_rely_on_and_names_the_worst_mistakes():
    table = {
        "confusion": {name: [0] * 8 for name in EXPRESSIONS} | {"fear": [2, 0, 0, 5, 3, 0, 0, 0]},
        "recall": dict.fromkeys(EXPRESSIONS, 90.0) | {"fear": 30.0},
    }
    words = affect_page.weaknesses(table)
    assert "**Do not rely on it for fear (finds 30 %).**" in words
    assert words.index("- fear taken for surprise: 5 of 10 (50%)") < words.index(
        "- fear taken for neutral: 2"
    )
    votes = np.array([[10, 0, 0], [6, 4, 0], [1, 8, 1]])
    ballots = fer.Ballots(np.array(["a", "b", "c"]), votes, ("neutral", "happiness", "sadness"))
    probs = np.full((3, 8), 0.02)
    probs[0, 1], probs[1, 2], probs[2, 1] = 0.7, 0.9, 0.8
    rows = affect_page.mistakes(np.array([0, 0, 1]), ballots, probs).splitlines()[2:]
    assert rows == ["| b | 6 neutral, 4 happiness | sad 0.90 |", "| a | 10 neutral | happy 0.70 |"]
    assert ballots.agreed().tolist() == [True, True, True]
    even = fer.Ballots(ballots.names, np.array([[4, 4, 1], [5, 3, 2], [6, 3, 1]]), ballots.columns)
    assert even.agreed().tolist() == [False, False, True]


def test_another_set_is_measured_by_its_own_loader(models: Path, tmp_path: Path, capsys, monkeypatch):
    command = ["affect", "--model", str(models / "affect.toml"), "--set", "rafdb", "--data", str(tmp_path)]
    assert evaluate.main(command) == 2
    assert "RAF-DB" in capsys.readouterr().err
    monkeypatch.setattr(evaluate_affect.sets, "part", lambda name, *_: {"rafdb": made_up(16)}[name])
    assert evaluate.main(command) == 0
    printed = capsys.readouterr().out
    assert "test_set: RAF-DB" in printed and "faces: 16" in printed and "arousal rmse:" in printed


def test_a_missing_model_or_missing_data_is_one_sentence(models: Path, tmp_path: Path, capsys):
    assert evaluate.main(["affect", "--model", str(tmp_path / "no.toml")]) == 2
    assert "no.toml cannot be read" in capsys.readouterr().err
    arguments = ["--model", str(models / "affect.toml"), "--data", str(tmp_path)]
    assert evaluate.main(["affect", *arguments]) == 2
    assert "fer2013plus-PrivateTest.npz is not in" in capsys.readouterr().err
