"""The places that speak for an expression, on a network whose map is the brightness."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from app.__main__ import main
from app.explain import SIZE, overlay, reasons
from app.stages.affect import AffectReader
from app.stages.models import load
from app.types import EXPRESSIONS, Detection

EYES = np.array([[107, 100], [93, 100]], np.float32)
FACE = Detection(np.zeros((478, 3), np.float32), np.zeros(4, np.float32), EYES)
HAPPY, SAD = EXPRESSIONS.index("happy"), EXPRESSIONS.index("sad")


@pytest.fixture
def half_bright():
    image = np.full((200, 200, 3), 60, np.uint8)
    image[:, 100:] = 255  # bright speaks for happy, dark for sad
    return image


def test_the_map_is_high_where_the_expression_is_seen(models, half_bright):
    found = reasons(AffectReader(load(models / "affect.toml")), half_bright, FACE)
    assert found.maps.shape == (8, 4, 4) and found.maps.sum(0) == pytest.approx(np.zeros((4, 4)), abs=1e-5)
    assert found.maps[HAPPY, :, 3].min() > 0 > found.maps[HAPPY, :, 0].max()
    assert found.maps[SAD] == pytest.approx(-found.maps[HAPPY], abs=1e-5)
    assert found.best[0] == HAPPY


def test_the_overlay_is_warm_where_the_map_is_high_and_blue_where_it_is_low(models, half_bright):
    shape = load(models / "affect.toml").card.crop
    drawn = overlay(half_bright, FACE, shape, np.array([[-1.0, 1.0]]))
    assert drawn.shape == (SIZE, SIZE, 3)
    left, right = drawn[SIZE // 2, 20].astype(int), drawn[SIZE // 2, -20].astype(int)
    assert left[0] > left[2] and right[2] > right[0]
    flat = overlay(half_bright, FACE, shape, np.zeros((4, 4)))
    assert (flat == flat[..., :1]).all()  # nothing speaks: the grey face


def test_a_network_without_maps_gives_no_reasons(models, half_bright):
    card = models / "affect.toml"
    card.write_text(card.read_text().replace(', "maps"]', "]"))
    assert reasons(AffectReader(load(card)), half_bright, FACE) is None


def test_the_command_draws_winner_and_runner_up(media, tmp_path, capsys):
    assert main(["explain", str(media / "one-face.mp4"), "-o", str(tmp_path / "why.png")]) == 0
    assert cv2.imread(str(tmp_path / "why.png")).shape == (SIZE, 2 * SIZE, 3)
    assert "%" in capsys.readouterr().out


def test_nobody_and_nowhere_are_one_sentence(media, tmp_path, capsys):
    cv2.imwrite(str(tmp_path / "grey.png"), np.full((64, 64, 3), 128, np.uint8))
    assert main(["explain", str(tmp_path / "grey.png"), "-o", str(tmp_path / "why.png")]) == 2
    assert "no face was found" in capsys.readouterr().err
    assert main(["explain", str(media / "one-face.mp4"), "-o", str(tmp_path / "no" / "why.png")]) == 2
    assert "cannot be written" in capsys.readouterr().err
