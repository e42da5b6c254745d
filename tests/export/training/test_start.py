"""A training that goes on from an earlier one: what the deeper network answers at first, and wrong starts."""

from __future__ import annotations

from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed; install the extra [export]")

from export.nets.residual import Residual  # noqa: E402
from export.train import train  # noqa: E402
from export.training import start  # noqa: E402
from export.training.start import begin  # noqa: E402
from export.training.task import Recipe, RecipeError, smoked  # noqa: E402

SMALL = {"stem": 4, "widths": (8, 8), "strides": (2, 1)}


@pytest.fixture
def first(tmp_path: Path, monkeypatch) -> Residual:
    """A small network that runs/first/best.pt holds."""
    monkeypatch.setattr(start, "RUNS", tmp_path)
    torch.manual_seed(0)
    net = Residual(**SMALL, blocks=(1, 1))
    for parameter in net.parameters():  # also the norms' scales, which are drawn as 0
        torch.nn.init.normal_(parameter, 0, 0.5)
    (tmp_path / "first").mkdir()
    torch.save({"weights": net.state_dict()}, tmp_path / "first" / "best.pt")
    return net.eval()


def test_a_deeper_network_starts_as_the_function_that_was_learnt(first: Residual):
    deeper = Residual(**SMALL, blocks=(3, 2))
    begin(deeper, "first")
    crops = torch.randn(2, 1, 12, 12)
    with torch.no_grad():
        assert deeper.eval()(crops).features.allclose(first(crops).features, atol=1e-5)
        assert deeper(crops).logits.allclose(first(crops).logits, atol=1e-5)


def test_a_start_that_is_not_trained_yet_is_refused(first: Residual):
    with pytest.raises(RecipeError, match=r"start second is not trained yet; run python -m export\.train"):
        begin(first, "second")


@pytest.mark.parametrize(
    ("options", "layer"),
    [
        ({"stem": 8, "blocks": (1, 1)}, r"trunk\.0\.weight of shape \(4, 1, 3, 3\)"),
        ({"widths": (8,), "strides": (2,), "blocks": (1,)}, r"trunk\.4\.0"),
    ],
)
def test_a_start_of_another_shape_is_refused(options, layer, first: Residual):
    with pytest.raises(RecipeError, match=rf"start first has a layer {layer}.*which this network lacks"):
        begin(Residual(**{**SMALL, **options}), "first")


class Still:
    """A task that learns nothing from anything."""

    best = "figure"
    steps = 1

    def __init__(self) -> None:
        self.model = torch.nn.Linear(1, 1)

    def order(self, rng):
        return rng.permutation(4).reshape(1, 4)

    def batch(self, rows, rng):
        return (torch.zeros(4, 1),)

    def loss(self, model, batch):
        return model(batch[0]).sum() * 0, {}

    def validate(self, model):
        return {"figure": model.bias.item()}


def test_the_trainer_starts_there_once_and_a_smoke_run_does_without(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(start, "RUNS", tmp_path)
    recipe = Recipe("still", "affect", epochs=1, batch=4, rate=0.0, start="first")
    with pytest.raises(RecipeError, match="start first is not trained yet"):
        train(recipe, Still(), tmp_path / "still")
    (tmp_path / "first").mkdir()
    kept = tmp_path / "first" / "best.pt"
    torch.save({"weights": {"weight": torch.ones(1, 1), "bias": torch.tensor([7.0])}}, kept)
    train(recipe, Still(), tmp_path / "still")
    assert (tmp_path / "still" / "log.csv").read_text().splitlines()[1].endswith(",7.0")
    kept.unlink()
    train(recipe, Still(), tmp_path / "still")  # resumes
    assert not smoked(recipe).start
