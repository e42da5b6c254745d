"""Made faces as training data: which faces a network is shown, and the comparison that measures it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed; install the extra [export]")

from app.types import EXPRESSIONS  # noqa: E402
from export.affect import augmentation  # noqa: E402
from export.affect.augmentation import Budget, split  # noqa: E402
from export.affect.made_faces import RARE, SHARE, WithMadeFaces, made_of  # noqa: E402
from export.affect.task import AffectTask  # noqa: E402
from export.data.faces import made_up  # noqa: E402
from export.synthesis.gan.pictures import GREY  # noqa: E402
from export.training import task as training  # noqa: E402
from export.training.task import Recipe  # noqa: E402

SMALL = """\
task = "affect"
epochs = 9
batch = 64
rate = 1e-3

[net]
name = "light_cnn"
widths = [64, 64]
convolutions = [1, 1]

[loss.votes]
"""
NET = {"name": "light_cnn", "widths": [64, 64], "convolutions": [1, 1]}


class Brighter:
    """In place of a generator: every face becomes 10 grey levels brighter."""

    crop = GREY

    def make(self, crops, wanted):
        return crops + np.uint8(10), np.zeros((len(crops), 1, 48, 48), np.float32)


def a_recipe(power: float) -> Recipe:
    return Recipe("made", "affect", 1, 8, 1e-3, net=NET, loss={"votes": {}}, data={"balance": power})


def test_made_faces_are_the_neutral_ones_with_what_the_generator_changes_and_the_wanted_label():
    faces = made_up(32)
    made = made_of(faces, Brighter())
    neutral = faces.images[faces.labels == 0]
    assert len(made) == len(neutral) * len(RARE)
    assert [EXPRESSIONS[k] for k in made.labels[:: len(neutral)]] == list(RARE)
    middle = slice(18, 30)
    for start in range(0, len(made), len(neutral)):
        part = made.images[start : start + len(neutral), middle, middle].astype(int)
        assert (part - neutral[:, middle, middle] == 10).all()
    np.testing.assert_array_equal(made.votes.argmax(1), made.labels)


def test_faces_that_are_in_doubt_or_were_not_found_are_not_made_anew():
    faces = made_up(32)
    votes = faces.votes.copy()
    votes[0] = [0.4, 0.3, 0.3, 0, 0, 0, 0, 0]
    found = faces.found.copy()
    found[8] = False
    assert len(made_of(replace(faces, votes=votes, found=found), Brighter())) == 2 * len(RARE)


def test_a_quarter_of_the_rare_faces_is_made_and_all_other_draws_are_as_without():
    faces = made_up(4000)
    made = made_of(faces.take(np.arange(64)), Brighter())
    plain = AffectTask(a_recipe(0.0), faces, faces.take(np.arange(8)), smoke=False)
    mixed = WithMadeFaces(a_recipe(0.0), faces, faces.take(np.arange(8)), False, made)
    before, after = (task.order(np.random.default_rng(3)) for task in (plain, mixed))
    assert before.shape == after.shape == (500, 8)
    replaced = after >= len(faces)
    np.testing.assert_array_equal(before[~replaced], after[~replaced])
    rare = np.isin(faces.labels[before], [EXPRESSIONS.index(name) for name in RARE])
    assert not (replaced & ~rare).any()
    assert replaced[rare].mean() == pytest.approx(SHARE, abs=0.03)  # 1,500 draws: three standard errors
    np.testing.assert_array_equal(mixed.train.labels[after], faces.labels[before])
    crops = mixed.batch(after[replaced][:4], np.random.default_rng(0)).crops
    assert crops.shape == (4, 1, 48, 48)


def test_no_face_is_learnt_from_and_measured_on_and_each_is_measured_on_once():
    budget = Budget(0.5, 1, (4, 7, 9))
    parts = [split(100, budget, seed) for seed in budget.seeds]
    for learn, kept in parts:
        assert len(learn) == round(0.5 * (100 - len(kept))) and not set(learn) & set(kept)
    assert sorted(np.concatenate([kept for _, kept in parts])) == list(range(100))


@pytest.fixture
def runs(tmp_path: Path, monkeypatch) -> Path:
    """A folder for the runs of a small network."""
    (tmp_path / "light_small.toml").write_text(SMALL)
    monkeypatch.setattr(training, "RECIPES", tmp_path)
    monkeypatch.setattr(augmentation, "RUNS", tmp_path)
    return tmp_path


def test_the_table_has_each_way_and_what_it_gains_and_is_printed_again_without_training(
    runs, monkeypatch, capsys
):
    command = ["--smoke", "--seed", "1", "2"]
    assert augmentation.main(command) == 0
    said = capsys.readouterr()
    assert "made, seed 2: run 6 of 6" in said.err
    rows = [line for line in said.out.splitlines() if line.startswith("|")]
    assert len(rows) == 2 + 3 + 2 and all(line.count("|") == 7 for line in rows)
    assert "80 others; seeds 1, 2" in said.out
    monkeypatch.setattr(augmentation, "train", lambda *_: pytest.fail("It was trained already."))
    assert augmentation.main(command) == 0
    assert capsys.readouterr().out == said.out
