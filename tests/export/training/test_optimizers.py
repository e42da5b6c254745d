"""The optimizers by name; Muon is held to its definition by singular value decomposition."""

from __future__ import annotations

import copy
import dataclasses

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed; install the extra [export]")

from export.training.optimizers import as_matrix, make_optimizer  # noqa: E402
from export.training.task import Recipe, RecipeError  # noqa: E402

RECIPE = Recipe(name="made", task="affect", epochs=1, batch=4, rate=0.01, optimizer="muon", weight_decay=0.1)


def net() -> torch.nn.Module:
    """A stem of one input channel, a kernel, a norm and a linear layer, with gradients."""
    torch.manual_seed(0)
    made = torch.nn.Sequential(
        torch.nn.Conv2d(1, 8, 3, padding=1, bias=False),
        torch.nn.Conv2d(8, 12, 3, padding=1, bias=False),
        torch.nn.BatchNorm2d(12),
        torch.nn.Flatten(),
        torch.nn.Linear(12 * 25, 2),
    ).to(memory_format=torch.channels_last)
    learn(made)
    return made


def learn(made: torch.nn.Module) -> None:
    made.zero_grad()
    made(torch.randn(4, 1, 5, 5)).square().sum().backward()


def test_a_kernels_first_step_is_its_gradient_with_singular_values_of_about_one():
    made = net()
    kernel = made[1].weight
    before, grad = kernel.detach().clone(), as_matrix(kernel.grad)
    make_optimizer(RECIPE, made).step()
    taken = as_matrix((before * (1 - 0.01 * 0.1) - kernel).detach()) / (0.01 * 0.2 * 72**0.5)
    u, _, v = torch.linalg.svd(grad, full_matrices=False)
    inner = u.T @ taken @ v.T  # diagonal, if it has the gradient's singular vectors
    assert (inner - inner.diag().diag()).abs().max() < 0.03
    assert all(0.6 < value < 1.3 for value in inner.diag())  # Newton-Schulz ends between these


def test_all_but_kernels_of_several_input_channels_step_as_adamw_does():
    made, other = net(), net()
    make_optimizer(RECIPE, made).step()
    make_optimizer(dataclasses.replace(RECIPE, optimizer="adamw"), other).step()
    same = [torch.equal(a, b) for a, b in zip(made.parameters(), other.parameters(), strict=True)]
    assert same == [True, False, True, True, True, True]


def test_muon_goes_on_from_its_state_as_if_it_had_not_been_stopped():
    made = net()
    optimizer = make_optimizer(RECIPE, made)
    optimizer.step()
    again = copy.deepcopy(made)
    resumed = make_optimizer(RECIPE, again)
    resumed.load_state_dict(copy.deepcopy(optimizer.state_dict()))
    for one, its in ((made, optimizer), (again, resumed)):
        torch.manual_seed(1)
        learn(one)
        for group in its.param_groups:
            group["lr"] = 0.005
        its.step()
    assert all(torch.equal(a, b) for a, b in zip(made.parameters(), again.parameters(), strict=True))


def test_muon_refuses_kernels_that_it_could_not_change():
    with pytest.raises(ValueError, match="channels_last order only"):
        make_optimizer(RECIPE, torch.nn.Conv2d(8, 12, 3))


def test_sgd_carries_nine_tenths_of_the_step_before_on():
    made = torch.nn.Linear(1, 1, bias=False)
    made.weight.data.fill_(1.0)
    optimizer = make_optimizer(dataclasses.replace(RECIPE, optimizer="sgd", weight_decay=0.0), made)
    for expected in (1 - 0.01, 1 - 0.01 - 0.019):
        made.zero_grad()
        made(torch.ones(1, 1)).sum().backward()
        optimizer.step()
        assert made.weight.item() == pytest.approx(expected)


def test_rmsprop_forgets_as_tensorflow_does_by_default():
    made = torch.nn.Linear(1, 1, bias=False)
    made.weight.data.fill_(0.0)
    optimizer = make_optimizer(dataclasses.replace(RECIPE, optimizer="rmsprop", weight_decay=0.0), made)
    made(torch.ones(1, 1)).sum().backward()
    optimizer.step()
    assert made.weight.item() == pytest.approx(-0.01 / 0.1**0.5, rel=1e-5)  # the mean square is a tenth


def test_an_unknown_optimizer_is_named():
    unknown = dataclasses.replace(RECIPE, optimizer="lion")
    with pytest.raises(
        RecipeError, match="made names the optimizer lion; choose adamw, muon, rmsprop or sgd"
    ):
        make_optimizer(unknown, net())
