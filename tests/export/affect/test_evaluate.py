"""The command that measures affect, on a tiny network of its own making."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from app.stages.align import CropShape
from app.stages.cards import ModelError
from app.types import EXPRESSIONS
from export import evaluate
from export.affect import evaluate as evaluate_affect
from export.affect import page
from export.affect.ensemble import Ensemble
from export.data import fer, ratings
from export.data.faces import made_up
from export.shipping import card


def test_a_network_that_learnt_ratings_is_held_against_ratings_alone(models: Path, capsys):
    path = models / "affect.toml"
    card.write(path, card.read(path) | {"training": {"valence_arousal": ratings.SOURCE}})
    assert evaluate.main(["affect", "--model", str(path), "--smoke"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert f"valence_arousal: {ratings.SOURCE}" in printed
    assert not any(line.startswith(("valence ccc:", "arousal ccc:")) for line in printed)
    assert any(line.startswith("rated valence ccc:") for line in printed)


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
        "rated arousal sign:",
        "rated valence happy_correlation:",
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
    words = page.weaknesses(table)
    assert "**Do not rely on it for fear (finds 30 %).**" in words
    assert words.index("- fear taken for surprise: 5 of 10 (50%)") < words.index(
        "- fear taken for neutral: 2"
    )
    votes = np.array([[10, 0, 0], [6, 4, 0], [1, 8, 1]])
    ballots = fer.Ballots(np.array(["a", "b", "c"]), votes, ("neutral", "happiness", "sadness"))
    probs = np.full((3, 8), 0.02)
    probs[0, 1], probs[1, 2], probs[2, 1] = 0.7, 0.9, 0.8
    rows = page.mistakes(np.array([0, 0, 1]), ballots, probs).splitlines()[2:]
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


def test_several_models_are_measured_together(models: Path, capsys):
    card = str(models / "affect.toml")
    assert evaluate.main(["affect", "--model", card, "--smoke"]) == 0
    alone = capsys.readouterr().out.splitlines()
    assert evaluate.main(["affect", "--model", card, "--model", card, "--smoke"]) == 0
    together = capsys.readouterr().out.splitlines()
    same = [line for line in alone if not line.startswith(("command", "milliseconds"))]
    assert [line for line in together if not line.startswith(("command", "milliseconds"))] == same
    with pytest.raises(SystemExit) as refused:
        evaluate.main(["affect", "--model", card, "--model", card, "--smoke", "--card"])
    assert refused.value.code == 2 and "give one --model" in capsys.readouterr().err


def test_an_ensemble_says_the_mean():
    card = SimpleNamespace(outputs=("probs", "va", "maps"), crop=CropShape(48, 18.0, 17.0))
    other = SimpleNamespace(outputs=("va", "maps", "probs"), crop=card.crop)
    one = SimpleNamespace(
        card=card, run=lambda *given: (np.array([[0.2, 0.8]]), np.array([[0.5, -1.0]]), "its map")
    )
    two = SimpleNamespace(
        card=other, run=lambda *given: (np.array([[0.1, 0.0]]), "a map", np.array([[0.6, 0.4]]))
    )
    probs, va, why = Ensemble([one, two]).run(np.zeros((1, 1, 48, 48), np.uint8))
    assert probs == pytest.approx(np.array([[0.4, 0.6]])) and va == pytest.approx(np.array([[0.3, -0.5]]))
    assert why == "its map"
    elsewhere = SimpleNamespace(card=SimpleNamespace(outputs=(), crop=CropShape(64, 18.0, 17.0)))
    with pytest.raises(ModelError, match="different crops"):
        Ensemble([one, elsewhere])
