"""A head for valence and arousal, fitted anew: exact where it can be."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed; install the extra [export]")

from export.affect.rated import refit  # noqa: E402


def made(count: int = 60):
    torch.manual_seed(0)
    pooled = torch.randn(count, 4) + 2
    true = torch.nn.Linear(4, 2)
    return pooled, torch.tanh(true(pooled)).detach(), true


def test_what_a_head_has_said_is_found_again():
    pooled, va, true = made()
    found = refit.fit(pooled, va, torch.ones(60), 0.0)
    assert found.weight.allclose(true.weight, atol=1e-3) and found.bias.allclose(true.bias, atol=3e-3)


def test_a_face_of_no_weight_is_not_heard():
    pooled, va, _ = made()
    wrong, heard = va.clone(), torch.ones(60)
    wrong[:9], heard[:9] = -0.9, 0
    found = torch.tanh(refit.fit(pooled, wrong, heard, 0.0)(pooled))
    assert found.allclose(va, atol=1e-3)


def test_a_strong_penalty_leaves_one_answer_for_all():
    pooled, va, _ = made()
    said = torch.tanh(refit.fit(pooled, va, torch.ones(60), 1e6)(pooled))
    assert said.allclose(va.mean(0).expand(60, 2), atol=1e-2)


def test_each_column_is_multiplied_by_the_gain_that_it_lacks():
    pooled, va, true = made()
    short = torch.nn.Linear(4, 2)
    lacking = torch.tensor([1.2, 1.0])
    short.load_state_dict({"weight": true.weight / lacking[:, None], "bias": true.bias / lacking})
    assert refit.gained(short, pooled, va).allclose(lacking)
    assert short.weight.allclose(true.weight, atol=1e-6) and short.bias.allclose(true.bias, atol=1e-6)


def test_a_recipe_that_is_not_trained_is_one_sentence(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(refit, "folder", lambda recipe: tmp_path)
    assert refit.main(["affect"]) == 2
    assert "affect is not trained yet" in capsys.readouterr().err
