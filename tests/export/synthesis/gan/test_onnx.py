"""A generator as ONNX: what is exported, and what is measured of it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import cv2
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed; install the extra [export]")

from app.stages.cards import ModelError  # noqa: E402
from app.types import EXPRESSIONS  # noqa: E402
from export import to_onnx  # noqa: E402
from export.evaluate import main as evaluate  # noqa: E402
from export.shipping import card  # noqa: E402
from export.synthesis.gan.eight_bits import round_weights  # noqa: E402
from export.synthesis.gan.grid import levels, signed  # noqa: E402
from export.synthesis.gan.maker import Maker  # noqa: E402
from export.synthesis.gan.onnx import Deployed, export  # noqa: E402
from export.synthesis.gan.sheet import contact_sheet  # noqa: E402
from export.synthesis.gan.sides import sides  # noqa: E402
from export.train import as_plain, save  # noqa: E402
from export.training.task import read_recipe  # noqa: E402

WHOLE = read_recipe(Path("lgp_gan"))
RECIPE = dataclasses.replace(WHOLE, net={**WHOLE.net, "base": 2, "local": 1, "whole": 1})
CROPS = np.random.default_rng(0).integers(0, 256, (3, 1, 48, 48), np.uint8)
WANTED = np.array([1, 6, 3])


@pytest.fixture(scope="module")
def exported(tmp_path_factory) -> tuple[Path, torch.nn.Module]:
    """The card of an untrained generator, and the generator with weights of 8 bits."""
    folder = tmp_path_factory.mktemp("run")
    torch.manual_seed(0)
    generator, _ = sides(RECIPE)
    row = {"update": 7, "seconds": 1.0, "rate": 0.1, "cycle": 0.25}
    kept = {"weights": generator.state_dict(), "row": row, "machine": "a machine", "recipe": as_plain(RECIPE)}
    save(kept, folder / "best.pt")
    assert export(RECIPE, folder, folder, "tiny") < 1e-5
    round_weights(generator)  # as those of the file are
    return folder / "tiny.toml", generator


def test_the_card_says_how_it_was_trained_and_what_it_takes(exported):
    said = card.read(exported[0])
    assert said["task"] == "synthesis" and said["outputs"]["labels"] == list(EXPRESSIONS)
    assert said["crop"] == {"size": 48, "eye_distance": 18.0, "eye_row": 17.0}
    assert said["training"]["updates"] == 7
    assert said["training"]["figures_at_last_update"] == {"cycle": 0.25}
    assert said["training"]["parameters"] == sum(p.numel() for p in exported[1].parameters())


def test_the_file_makes_what_the_generator_makes(exported):
    path, generator = exported
    made, masks = Maker(path).make(CROPS, WANTED)
    with torch.no_grad():
        expected = generator(signed(CROPS), torch.eye(8)[WANTED])
    assert made.dtype == np.uint8 and masks.shape == (3, 1, 48, 48)
    assert np.abs(made.astype(int) - levels(expected.face)).max() <= 1


def test_the_mask_is_the_share_of_the_crop_in_the_face(exported):
    _, generator = exported
    net = Deployed(generator)
    wanted = torch.eye(8)[WANTED]
    with torch.no_grad():
        _, mask = net(torch.from_numpy(CROPS), wanted)
        masks = generator(signed(CROPS), wanted).masks
    eyes, mouth = generator.regions
    assert torch.allclose(eyes.of(mask), eyes.of(masks[0]) * masks[1])
    assert torch.allclose(mouth.of(mask), mouth.of(masks[0]) * masks[2])
    assert torch.equal(mask[:, :, 27], masks[0][:, :, 27])  # between both


def test_halfway_between_two_expressions_differs_from_both(exported):
    maker = Maker(exported[0])
    half = np.full((1, 8), 0.0)
    half[0, [1, 6]] = 0.5
    between, _ = maker.mix(CROPS[:1], half)
    for wanted in (1, 6):
        assert not np.array_equal(between, maker.make(CROPS[:1], np.array([wanted]))[0])


def test_a_card_that_cannot_be_used_is_one_sentence(exported, tmp_path):
    said = card.read(exported[0])
    with pytest.raises(ModelError, match="is missing; train and export"):
        Maker(tmp_path / "none.toml")
    card.write(tmp_path / "other.toml", said | {"task": "affect"})
    with pytest.raises(ModelError, match="not the card of a generator"):
        Maker(tmp_path / "other.toml")
    card.write(tmp_path / "lost.toml", said)
    with pytest.raises(ModelError, match="export it again"):
        Maker(tmp_path / "lost.toml")


def test_the_sheet_has_a_row_a_face_and_a_column_an_expression(exported, tmp_path):
    path = contact_sheet(Maker(exported[0]), CROPS, tmp_path / "sheet.png")
    assert cv2.imread(str(path)).shape == (2 * 18 + 3 * 98, 9 * 98, 3)


def test_a_recipe_that_is_not_trained_is_one_sentence(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("export.training.task.RUNS", tmp_path)
    assert to_onnx.main(["lgp_gan", "--to", str(tmp_path)]) == 2
    assert "run python -m export.train lgp_gan first" in capsys.readouterr().err


def test_all_is_measured_by_a_network_that_had_no_part(exported, capsys):
    assert evaluate(["synthesis", "--smoke", "--model", str(exported[0])]) == 0
    said = capsys.readouterr().out
    assert "judge: affect\n" in said
    for name in (*(f"read_as_wanted {word}" for word in EXPRESSIONS), "read_as_wanted mean_of_strong"):
        assert f"{name}: " in said
    for name in ("frechet_distance unchanged", "inception_score made", "identity recognised"):
        assert f"{name}: " in said
