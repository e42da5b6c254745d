"""A network back out of its exported file: the same answers, and what cannot be recovered."""

from __future__ import annotations

from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed; install the extra [export]")

from export import to_onnx, train  # noqa: E402
from export.affect import recover  # noqa: E402
from export.training import task  # noqa: E402
from export.training.task import Recipe, read_recipe  # noqa: E402

SMALL = """task = "affect"
epochs = 1
batch = 8
rate = 1e-2

[net]
name = "light_cnn"
widths = [4, 8]
convolutions = [1, {depth}]

[loss.votes]

[loss.mse]
"""


@pytest.fixture
def small(tmp_path: Path, monkeypatch) -> Recipe:
    """A recipe of a small network, trained and exported into runs/smoke-small."""
    monkeypatch.setattr(task, "RUNS", tmp_path)
    path = tmp_path / "small.toml"
    path.write_text(SMALL.format(depth=2))
    assert train.main([str(path), "--smoke"]) == 0
    assert to_onnx.main([str(path), "--smoke"]) == 0
    return read_recipe(path)


def smoke_build(recipe: Recipe):
    """The recipe's task on made-up faces, whose weights are drawn anew."""
    return task.build(recipe, smoke=True)


def test_the_weights_that_were_recovered_give_the_same_answers(small: Recipe, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(recover, "build", smoke_build)
    held = tmp_path / "smoke-small"
    assert recover.main([str(held / "small.toml"), str(tmp_path / "small.toml")]) == 0
    before = torch.load(held / "best.pt", weights_only=True)
    found = torch.load(tmp_path / "small" / "best.pt", weights_only=True)
    assert {k: v.shape for k, v in found["weights"].items()} == {
        k: v.shape for k, v in before["weights"].items()
    }
    assert found["row"]["seconds"] == before["row"]["seconds"]
    made = smoke_build(small)
    crops = torch.from_numpy(made.crops(16)).float()
    answers = []
    for weights in (before["weights"], found["weights"]):
        made.model.load_state_dict(weights)
        with torch.no_grad():
            answers.append(made.model.eval()(crops))
    for one, other in zip(*answers, strict=True):
        assert one.allclose(other, atol=1e-4)
    with torch.no_grad():  # the norms' statistics are those of the crops
        trained = made.model.train()(crops)
    assert trained.features.allclose(answers[1].features, atol=1e-2)


def test_what_cannot_be_recovered_is_refused(small: Recipe, tmp_path: Path, monkeypatch, capsys):
    monkeypatch.setattr(recover, "build", smoke_build)
    held = tmp_path / "smoke-small" / "small.toml"
    other = tmp_path / "other.toml"
    other.write_text(SMALL.format(depth=1))
    assert recover.main([str(held), str(other)]) == 2
    assert "another network than the recipe" in capsys.readouterr().err
    assert recover.main([str(tmp_path / "none.toml"), str(other)]) == 2
    assert "none.toml is missing; name a card" in capsys.readouterr().err
    held.write_text(
        held.read_text().replace('licence = "Apache-2.0"', 'licence = "Apache-2.0"\nprecision = "int8"')
    )
    assert recover.main([str(held), str(tmp_path / "small.toml")]) == 2
    assert "not of a light CNN in float32" in capsys.readouterr().err
    assert recover.main([str(held), "residual"]) == 2
    assert "not of a light CNN in float32" in capsys.readouterr().err
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "best.pt").touch()
    assert recover.main([str(held), str(other)]) == 2
    assert "is there already; remove it" in capsys.readouterr().err
