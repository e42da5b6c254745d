"""The comparison: rows that are trained once, and the tables made of them."""

from __future__ import annotations

import csv
import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed; install the extra [export]")

from export import compare  # noqa: E402
from export.affect.comparison import Budget, integers  # noqa: E402
from export.data.places import RECIPES  # noqa: E402
from export.shipping import card  # noqa: E402
from export.training.task import RecipeError  # noqa: E402

COMMAND = ["affect", "--short", "--smoke", "--seed", "1", "2", "--only", "light_cnn", "loss_smoothed"]
SMALL = """\
task = "affect"
epochs = 9
batch = 64
rate = 1e-3

[net]
name = "light_cnn"
widths = [64, 64]
convolutions = [1, 1]

[loss.{loss}]
"""
KERNELS = 64 * 9 + 64 * 64 * 9  # of the two convolutions; each has a norm of two numbers a channel
PARAMETERS = KERNELS + 2 * 2 * 64 + 64 * (8 + 2) + 8 + 2
BUDGET = "4 epochs on 25% of the training faces in batches of 32, seeds 1, 2"
BUDGET_OF_TWO = Budget(0.2, 3, 16, (5, 6))


@pytest.fixture(scope="module")
def runs(tmp_path_factory) -> Iterator[Path]:
    """runs/ after a short smoke comparison of two recipes of small networks, of three that there are."""
    folder, recipes = tmp_path_factory.mktemp("runs"), tmp_path_factory.mktemp("recipes")
    for name, loss in (("light_cnn", "votes"), ("loss_smoothed", "smoothed"), ("loss_focal", "focal")):
        (recipes / f"{name}.toml").write_text(SMALL.format(loss=loss))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compare, "RUNS", folder)
        patch.setattr(compare, "RECIPES", recipes)
        assert compare.main(COMMAND) == 0
        yield folder


def test_each_row_holds_every_figure_and_says_that_it_is_short(runs):
    with (runs / "affect-comparison-short.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["recipe"] for row in rows] == ["light_cnn", "loss_smoothed"]
    assert all(row["budget"] == BUDGET for row in rows)
    assert rows[0]["parameters"] == str(PARAMETERS)
    assert float(rows[0]["MB"]) == pytest.approx(4 * PARAMETERS / 1e6, abs=0.1)  # float32, and the graph
    assert all(value for row in rows for value in row.values())
    folders = [runs / f"short-0.25x4-batch-32-seed-{seed}" / "light_cnn" for seed in (1, 2)]
    right = [card.read(f / "light_cnn.toml")["measured"]["accuracy"] for f in folders]
    assert float(rows[0]["accuracy %"]) == pytest.approx(sum(right) / 2, abs=0.051)
    assert float(rows[0]["accuracy +/-"]) == pytest.approx(abs(right[0] - right[1]) / 2**0.5, abs=0.051)
    whole = card.read(integers(folders[0] / "light_cnn.toml"))
    assert whole["precision"] == "int8" and "accuracy" in whole["measured"]
    page = (runs / "affect-comparison-short.md").read_text()
    assert f"**Short runs**, each {BUDGET}" in page
    networks, losses = page.split("## Losses")
    assert (
        "| light_cnn |" in networks and "| loss_smoothed |" not in networks and "| loss_smoothed |" in losses
    )


def test_a_measured_row_is_kept_and_one_that_is_not_is_named(runs, monkeypatch):
    monkeypatch.setattr(compare, "train", lambda *_: pytest.fail("trained again"))
    assert compare.main(COMMAND) == 0
    assert compare.main([*COMMAND, "loss_focal", "--table"]) == 0
    page = (runs / "affect-comparison-short.md").read_text()
    assert "Not run: loss_focal." in page and "--table" not in page
    assert compare.main([*COMMAND[:-1], "--table"]) == 0
    assert "## Losses" not in (runs / "affect-comparison-short.md").read_text()


def test_weights_without_a_checkpoint_are_measured_as_they_are(runs, monkeypatch):
    folder = runs / "short-0.25x4-batch-32-seed-1" / "light_cnn"
    (folder / "checkpoint.pt").unlink()
    (folder / "light_cnn.toml").unlink()
    monkeypatch.setattr(compare, "train", lambda *_: pytest.fail("trained again"))
    assert compare.main(COMMAND) == 0
    assert "measured" in card.read(folder / "light_cnn.toml")


def test_valence_and_arousal_that_nothing_taught_are_no_figures(runs):
    path = runs / "short-0.25x4-batch-32-seed-1" / "light_cnn" / "light_cnn.toml"
    assert "valence" not in card.read(path)["measured"]
    table = (runs / "affect-comparison-short.md").read_text()
    assert "| light_cnn |" in table and " | - | - | - | - | " in table


def test_a_table_of_nothing_is_refused(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(compare, "RUNS", tmp_path)
    assert compare.main([*COMMAND, "--table"]) == 2
    assert "Nothing is measured yet" in capsys.readouterr().err


def test_a_share_keeps_the_budget_and_a_name_must_fit(monkeypatch):
    monkeypatch.setattr(compare, "RECIPES", RECIPES)
    names = [recipe.name for recipe in compare.recipes(["*"])]
    assert "se_resnet50" in names and "eyes" not in names and "affectnet" not in names
    assert "mobilenet_fer2013" in names
    (recipe,) = compare.recipes(["loss_centre"])
    short = compare.shortened(recipe, BUDGET_OF_TWO, seed=5, smoke=False)
    assert (short.data["share"], short.epochs, short.batch, short.seed) == (0.2, 3, 16, 5)
    assert (short.loss, short.net, short.rate) == (recipe.loss, recipe.net, recipe.rate)
    going_on = dataclasses.replace(recipe, start="affect", frozen=("net.trunk",))
    assert not compare.shortened(going_on, BUDGET_OF_TWO, seed=5, smoke=False).start
    found = [r.name for r in compare.recipes(["affect_distilled", "loss_votes", "residual", "affect"])]
    assert found == ["residual", "loss_votes", "affect", "affect_distilled"]
    with pytest.raises(RecipeError, match="No recipe is called loss_triplet"):
        compare.recipes(["loss_triplet"])
