"""The mean of several trainings: exact weights, its figures, and what cannot be mixed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed; install the extra [export]")

from export.training import soup  # noqa: E402
from export.training.soup import mix  # noqa: E402
from export.training.task import Recipe, RecipeError, smoked  # noqa: E402

RECIPE = Recipe("both", "eye-centres", epochs=0, batch=4, rate=0.0, mean=("one", "other"))


class Normed:
    """A task whose network has weights, running statistics and a counter."""

    best = "weight"

    def __init__(self) -> None:
        self.model = torch.nn.BatchNorm1d(1)

    def validate(self, model):
        assert not model.training
        return {"weight": model.weight.item()}


def kept(folder: Path, name: str, number: float, **other: torch.Tensor) -> None:
    """A training that kept a network whose numbers all are `number`."""
    net = torch.nn.BatchNorm1d(1)
    weights = {key: torch.full_like(value, number) for key, value in net.state_dict().items()} | other
    (folder / name).mkdir()
    row = {"epoch": 3, "seconds": 10.0 * number, "weight": number}
    torch.save({"weights": weights, "row": row, "machine": "a machine"}, folder / name / "best.pt")


@pytest.fixture
def runs(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.setattr(soup, "RUNS", tmp_path)
    kept(tmp_path, "one", 1.0)
    return tmp_path


def test_each_weight_is_the_mean_and_the_figures_are_of_the_mean(runs: Path):
    kept(runs, "other", 4.0)
    best = mix(RECIPE, Normed())
    assert {k: v.item() for k, v in best["weights"].items()} == {
        "weight": 2.5,
        "bias": 2.5,
        "running_mean": 2.5,
        "running_var": 2.5,
        "num_batches_tracked": 1,  # a counter has no mean
    }
    assert best["row"] == {"epoch": 0, "seconds": 50.0, "weight": 2.5}
    assert best["machine"] == "a machine"


def test_a_part_that_is_named_twice_counts_twice(runs: Path):
    kept(runs, "other", 4.0)
    best = mix(replace(RECIPE, mean=("one", "other", "one")), Normed())
    assert best["row"] == {"epoch": 0, "seconds": 50.0, "weight": 2.0}


def test_a_part_that_is_not_trained_yet_is_named(runs: Path):
    with pytest.raises(
        RecipeError, match=r"^other, a part of the mean, is not trained yet; run .*export\.train other"
    ):
        mix(RECIPE, Normed())


def test_networks_of_other_layers_have_no_mean(runs: Path):
    kept(runs, "other", 4.0, weight=torch.zeros(2))
    with pytest.raises(RecipeError, match="same layers have a mean"):
        mix(RECIPE, Normed())
    with pytest.raises(RecipeError, match=r"networks of both differ from its table \[net\]"):
        mix(replace(RECIPE, mean=("other",)), Normed())


def test_a_smoke_run_does_without_the_parts():
    assert not smoked(RECIPE).mean
