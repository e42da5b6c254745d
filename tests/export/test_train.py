"""The training loop on a task of one line: a straight line through made-up points."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed; install the extra [export]")

from export.train import average, main, rate_at, train  # noqa: E402
from export.training.device import choose, machine  # noqa: E402
from export.training.loader import batches  # noqa: E402
from export.training.task import Recipe, RecipeError, read_recipe  # noqa: E402

RECIPE = Recipe(name="line", task="eye-centres", epochs=4, batch=4, rate=0.1, warmup=1, ema=0.5)


CPU = torch.device("cpu")


class Line:
    """Learns y = 2 x from noisy points around the numbers of rows; some outputs are dropped."""

    best = "closeness"
    steps = 5

    def __init__(self) -> None:
        torch.manual_seed(0)
        self.model = torch.nn.Linear(1, 1, bias=False)

    def order(self, rng):
        return rng.permutation(20).reshape(5, 4)

    def batch(self, rows, rng):
        x = torch.from_numpy((rows / 20 + rng.normal(size=4)).astype(np.float32)[:, None])
        return x, 2 * x

    def loss(self, model, batch):
        x, y = batch
        error = torch.nn.functional.dropout(model(x) - y, 0.1).square().mean()
        return error, {"error": error}

    def validate(self, model):
        return {"closeness": -abs(model.weight.item() - 2)}


def test_a_stopped_training_goes_on_as_if_it_had_not_been_stopped(tmp_path):
    train(RECIPE, Line(), tmp_path / "whole")

    def stop_in_third_epoch(model):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return {"closeness": -abs(model.weight.item() - 2)}

    calls: list[int] = []
    task = Line()
    task.validate = stop_in_third_epoch
    with pytest.raises(KeyboardInterrupt):
        train(RECIPE, task, tmp_path / "stopped")
    train(RECIPE, Line(), tmp_path / "stopped")
    names = ("whole", "stopped")
    whole, stopped = (torch.load(tmp_path / n / "checkpoint.pt", weights_only=True) for n in names)
    assert torch.equal(whole["model"]["weight"], stopped["model"]["weight"])
    assert torch.equal(whole["averaged"]["weight"], stopped["averaged"]["weight"])
    assert len((tmp_path / "stopped" / "log.csv").read_text().splitlines()) == 5


@pytest.mark.filterwarnings("ignore:This DataLoader will create", "ignore:This process .* multi-threaded")
def test_workers_make_the_same_batches_and_the_same_training(tmp_path):
    alone, helped = (list(batches(Line(), 7, range(3, 12), CPU, workers)) for workers in (0, 2))
    assert len(alone) == len(helped) == 9
    assert all(
        torch.equal(a, b)
        for one, two in zip(alone, helped, strict=True)
        for a, b in zip(one, two, strict=True)
    )
    for workers in (0, 2):
        train(RECIPE, Line(), tmp_path / str(workers), CPU, workers)
    one, two = (torch.load(tmp_path / n / "checkpoint.pt", weights_only=True) for n in ("0", "2"))
    assert torch.equal(one["model"]["weight"], two["model"]["weight"])
    assert torch.equal(one["averaged"]["weight"], two["averaged"]["weight"])


def test_no_two_batches_and_no_order_draw_the_same_numbers():
    class Drawn(Line):
        def order(self, rng):
            drawn.append(rng.random())
            return super().order(rng)

        def batch(self, rows, rng):
            drawn.append(rng.random())
            return super().batch(rows, rng)

    drawn: list[float] = []
    list(batches(Drawn(), 1, range(15), CPU))
    assert len(drawn) == len(set(drawn)) == 18


def test_a_device_that_is_not_there_is_one_sentence(capsys):
    assert choose("cpu") == CPU and "CPU cores" in machine(CPU)
    for name in ("cuda:99", "abacus"):
        assert main(["affect", "--smoke", "--device", name]) == 2
        assert f"torch cannot use the device {name} here" in capsys.readouterr().err


@pytest.mark.parametrize(("keep", "epoch", "figure"), [("best", 2, 5.0), ("last", 4, 3.0)])
def test_best_holds_the_averaged_weights_of_the_epoch_to_keep(tmp_path, keep, epoch, figure):
    task = Line()
    scores = iter([1.0, 5.0, 2.0, 3.0])
    task.validate = lambda model: {"closeness": next(scores)}
    train(dataclasses.replace(RECIPE, keep=keep), task, tmp_path)
    best = torch.load(tmp_path / "best.pt", weights_only=True)
    assert best["row"]["epoch"] == epoch and best["row"]["closeness"] == figure


def test_another_recipe_does_not_resume_the_old_run(tmp_path):
    train(RECIPE, Line(), tmp_path)
    with pytest.raises(RecipeError, match="remove it"):
        train(dataclasses.replace(RECIPE, rate=0.2), Line(), tmp_path)


def test_rate_rises_in_the_warm_up_and_falls_to_nothing():
    rates = [rate_at(RECIPE, step, 20, 5) for step in range(20)]
    assert rates[0] == pytest.approx(0.02)
    assert max(rates) == pytest.approx(0.1, rel=0.1)
    assert rates[-1] < 0.001


def test_rate_falls_by_steps():
    steps = dataclasses.replace(RECIPE, schedule="steps", warmup=0.0, drops=[1, 2.4], drop=0.5)
    rates = [rate_at(steps, step, 20, 5) for step in range(20)]
    assert rates == pytest.approx([0.1] * 5 + [0.05] * 7 + [0.025] * 8)
    flat = dataclasses.replace(RECIPE, schedule="flat", warmup=0.0, drops=[1])
    assert {rate_at(flat, step, 20, 5) for step in range(20)} == {0.1}


def test_a_run_from_before_a_field_existed_goes_on(tmp_path):
    train(RECIPE, Line(), tmp_path)
    path = tmp_path / "checkpoint.pt"
    saved = torch.load(path, weights_only=True)
    del saved["recipe"]["drops"]
    torch.save(saved, path)
    train(RECIPE, Line(), tmp_path)


def test_average_is_a_weighted_mean():
    old, new = torch.nn.Linear(1, 1, bias=False), torch.nn.Linear(1, 1, bias=False)
    old.weight.data.fill_(1.0)
    new.weight.data.fill_(3.0)
    average(old, new, 0.75)
    assert old.weight.item() == pytest.approx(1.5)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("epochs = ", "not valid TOML"),
        ('task = "eye-centres"\nepochs = 1\nbatch = 1\nrate = 1.0\nspeed = 3', "unknown field speed"),
        ('task = "eye-centres"', "lacks"),
        ('task = "noses"\nepochs = 1\nbatch = 1\nrate = 1.0', "names the task noses"),
    ],
)
def test_a_bad_recipe_is_refused_with_the_reason(tmp_path, text, says):
    path = tmp_path / "bad.toml"
    path.write_text(text)
    with pytest.raises(RecipeError, match=says):
        read_recipe(path)


@pytest.mark.parametrize("words", [["affect", "--stop", "5"], ["lgp_gan", "--stop", "0"]])
def test_only_a_recipe_that_counts_updates_can_stop_after_some(words, capsys):
    assert main([*words, "--smoke"]) == 2
    assert capsys.readouterr().err.startswith("--stop takes a number of updates from 1 on")
