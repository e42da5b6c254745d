"""Parts of a network that rest while others learn."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed; install the extra [export]")

from export.training import frozen  # noqa: E402
from export.training.optimizers import make_optimizer  # noqa: E402
from export.training.task import Recipe, RecipeError  # noqa: E402

RECIPE = Recipe("made", "affect", epochs=1, batch=4, rate=0.1, optimizer="sgd", frozen=("net.trunk",))


def model() -> torch.nn.Module:
    trunk = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3), torch.nn.BatchNorm2d(2), torch.nn.Flatten())
    net = torch.nn.Sequential()
    net.add_module("trunk", trunk)
    net.add_module("heads", torch.nn.Linear(8, 2))
    whole = torch.nn.Sequential()
    whole.add_module("net", net)
    return whole


def test_a_frozen_trunk_keeps_its_weights_and_its_statistics_while_the_heads_learn():
    made = model()
    before = {name: value.clone() for name, value in made.state_dict().items()}
    parts = frozen.parts(made, RECIPE)
    optimizer = make_optimizer(RECIPE, made)
    made.train()
    frozen.rest(parts)
    made(torch.randn(4, 1, 4, 4)).square().sum().backward()
    optimizer.step()
    same = {name for name, value in made.state_dict().items() if torch.equal(value, before[name])}
    assert same == {name for name in before if name.startswith("net.trunk")}


def test_what_the_network_lacks_cannot_be_frozen():
    wrong = Recipe("made", "affect", epochs=1, batch=4, rate=0.1, frozen=("net.body",))
    with pytest.raises(RecipeError, match=r"freezes net\.body.*choose from: net\.trunk, net\.heads"):
        frozen.parts(model(), wrong)
