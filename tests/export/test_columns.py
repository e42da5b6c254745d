"""Networks side by side: what they answer together, and what cannot stand side by side."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed; install the extra [export]")

from export import soup, task, train  # noqa: E402
from export.columns import fill, join  # noqa: E402
from export.nets.columns import Columns  # noqa: E402
from export.nets.light_cnn import LightCnn  # noqa: E402
from export.nets.residual import Residual  # noqa: E402
from export.task import Recipe, RecipeError, read_recipe, smoked  # noqa: E402

WIDTHS = (4, 8)
PARTS = ("one", "other")


def recipe(name: str, net: str, convolutions: tuple) -> Recipe:
    table = {"name": net, "widths": WIDTHS, "convolutions": convolutions}
    return Recipe(name, "affect", epochs=1, batch=4, rate=1e-3, net=table, loss={"votes": {}, "mse": {}})


def test_the_columns_answer_the_mean_of_what_their_networks_answer():
    torch.manual_seed(0)
    first, second = LightCnn(WIDTHS, (1, 2)).eval(), LightCnn(WIDTHS, (2, 1)).eval()
    together = Columns(((1, 2), (2, 1)), WIDTHS).eval()
    fill(together, [first, second])
    crops = torch.randn(3, 1, 12, 12)
    with torch.no_grad():
        given, one, other = together(crops), first(crops), second(crops.flip(3))
    assert given.logits.allclose((one.logits + other.logits) / 2, atol=1e-6)
    mean = (torch.atanh(one.va) + torch.atanh(other.va)) / 2
    assert given.va.allclose(torch.tanh(mean), atol=1e-6)
    assert given.features.allclose(torch.cat([one.features, other.features.flip(3)], 1))


def test_a_recipe_is_put_together_from_the_best_weights_of_its_columns(tmp_path: Path, monkeypatch):
    for module in (soup, task):
        monkeypatch.setattr(module, "RUNS", tmp_path)
    seconds = {}
    for number, name in enumerate(PARTS):
        part = recipe(name, "light_cnn", (1, 1 + number))
        train.train(smoked(part), task.build(part, smoke=True), tmp_path / name)
        seconds[name] = torch.load(tmp_path / name / "best.pt", weights_only=True)["row"]["seconds"]
    both = dataclasses.replace(recipe("both", "columns", ((1, 1), (1, 2))), columns=PARTS)
    made = task.build(both, smoke=True)
    train.learn(both, made, tmp_path / "both")
    best = torch.load(tmp_path / "both" / "best.pt", weights_only=True)
    assert best["row"]["seconds"] == pytest.approx(sum(seconds.values()))
    assert best["row"]["accuracy"] == made.validate(made.model)["accuracy"]
    theirs = torch.load(tmp_path / "other" / "best.pt", weights_only=True)["weights"]
    assert torch.equal(best["weights"]["net.trunks.1.0.weight"], theirs["net.trunk.0.weight"])
    wrong = dataclasses.replace(recipe("wrong", "columns", ((1, 1), (1, 1))), columns=PARTS)
    with pytest.raises(
        RecipeError, match=r"^The columns of wrong differ from its table \[net\]; correct that"
    ):
        join(wrong, task.build(wrong, smoke=True))
    with pytest.raises(RecipeError, match=r"^third, a column, is not trained yet; run .*export\.train third"):
        join(dataclasses.replace(both, columns=("one", "third")), made)


def test_only_as_many_light_cnns_as_there_are_columns_fit():
    small = LightCnn(WIDTHS, (1, 1))
    with pytest.raises(ValueError, match="shorter"):
        fill(Columns(((1, 1), (1, 1)), WIDTHS), [small])
    with pytest.raises(TypeError, match="only light CNNs"):
        fill(Columns(((1, 1),), WIDTHS), [Residual(stem=4, widths=(8, 8), strides=(2, 1), blocks=(1, 1))])
    with pytest.raises(TypeError, match="in a network called columns"):
        fill(small, [small])


def test_a_smoke_run_trains_the_columns_themselves():
    assert not smoked(dataclasses.replace(read_recipe(Path("light_cnn")), columns=PARTS)).columns
