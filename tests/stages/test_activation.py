"""The places that speak for an expression, on networks whose maps are known, back in the picture's pixels."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from onnx import helper

from app.stages.activation import Reasons, crop_eyes, reasons
from app.stages.affect import AffectReader
from app.stages.align import similarity
from app.stages.cards import read_card
from app.stages.landmarks import LEFT_EYE, RIGHT_EYE
from app.stages.models import load
from app.types import EXPRESSIONS, Detection
from tests.conftest import SIZE, network, write_model
from tests.fakes import face

EYES = np.array([[107, 100], [93, 100]], np.float32)  # as far apart as in the crop
TURNED = np.array([[330, 260], [278, 230]], np.float32)  # larger, and the head is tilted
HAPPY, SAD = EXPRESSIONS.index("happy"), EXPRESSIONS.index("sad")


def with_one_hot_cell(folder, row: int, column: int, cells: int = 4):
    """A network that says happy because of one cell of its map, whatever it is shown."""
    maps = np.zeros((1, 8, cells, cells), np.float32)
    maps[0, HAPPY, row, column] = 8
    maps[0, SAD, cells - 1 - row, cells - 1 - column] = 4
    nodes = [
        helper.make_node("ReduceMean", ["x"], ["level"], axes=[2, 3], keepdims=1),
        helper.make_node("Mul", ["level", "nothing"], ["features"]),
        helper.make_node("Add", ["features", "hot"], ["maps"]),
        helper.make_node("ReduceMean", ["maps"], ["logits"], axes=[2, 3], keepdims=0),
        helper.make_node("Softmax", ["logits"], ["probs"], axis=1),
        helper.make_node("ReduceMean", ["features"], ["zero"], axes=[2, 3], keepdims=0),
        helper.make_node("Concat", ["zero", "zero"], ["va"], axis=1),
    ]
    shapes = {"probs": ["n", 8], "va": ["n", 2], "features": ["n", 1, 1, 1], "maps": ["n", 8, cells, cells]}
    content = network(nodes, {"nothing": np.float32(0), "hot": maps}, shapes)
    return AffectReader(load(write_model(folder, "affect", "affect", content)))


def half_bright():
    image = np.full((200, 200, 3), 60, np.uint8)
    image[:, 100:] = 255  # bright speaks for happy, dark for sad
    return image


@pytest.mark.parametrize("eyes", [EYES, TURNED])
@pytest.mark.parametrize(("row", "column"), [(1, 2), (2, 1), (0, 0), (3, 1)])
def test_a_hot_cell_lands_on_the_pixels_that_it_was_read_from(tmp_path, eyes, row, column):
    reader = with_one_hot_cell(tmp_path, row, column)
    found = reasons(reader, np.zeros((480, 640, 3), np.uint8), eyes)
    assert found.best[0] == HAPPY
    heat = found.over(HAPPY, (640, 480))
    assert heat.shape == (480, 640) and heat.max() == pytest.approx(1, abs=0.05)
    # The middle of the cell, by hand: crop pixels from the eyes' middle, scaled, turned, moved.
    cell = SIZE / 4
    from_eyes = np.array([(column + 0.5) * cell - 0.5 - (SIZE - 1) / 2, (row + 0.5) * cell - 0.5 - 12])
    across = (eyes[0] - eyes[1]) / 14.0  # of the picture, for a crop pixel to the right
    down = np.array([-across[1], across[0]])
    wanted = eyes.mean(0) + from_eyes[0] * across + from_eyes[1] * down
    hot = heat > 0.85 * heat.max()
    middle = np.argwhere(hot).mean(0)[::-1]
    # At the rim OpenCV's interpolation repeats the last cell, so that the middle moves outwards a little.
    inner = {row, column} <= {1, 2}
    assert middle == pytest.approx(wanted, abs=float((0.6 if inner else 2.0) * np.hypot(*across)))
    other = found.over(SAD, (640, 480))
    assert 0.3 < other.max() < 0.7  # half as loud, on the same scale


def test_nothing_is_said_outside_of_what_the_network_saw(tmp_path):
    found = reasons(with_one_hot_cell(tmp_path, 1, 1), np.zeros((480, 640, 3), np.uint8), TURNED)
    seen, heat = found.seen((640, 480)), found.over(HAPPY, (640, 480))
    inside = np.zeros((480, 640), bool)
    across = (TURNED[0] - TURNED[1]) / 14.0
    rows, columns = np.mgrid[:480, :640]
    offset = np.stack([columns, rows], -1) - TURNED.mean(0)
    scale = across @ across
    x, y = offset @ across / scale, offset @ np.array([-across[1], across[0]]) / scale + 12
    inside = (abs(x) < SIZE / 2 + 0.6) & (y > -1.1) & (y < SIZE + 0.1)
    assert not heat[~inside].any() and not seen[~inside].any()
    assert seen[inside].mean() > 0.7 and seen.min() >= 0 and seen.max() == pytest.approx(1)
    corners = found.corners
    assert np.hypot(*(corners[1] - corners[0])) == pytest.approx(SIZE * np.sqrt(scale))
    assert corners.mean(0) == pytest.approx(corners[[0, 2]].mean(0))


def test_the_map_is_high_where_the_expression_is_seen(models):
    found = reasons(AffectReader(load(models / "affect.toml")), half_bright(), EYES)
    assert found.maps.shape == (8, 4, 4) and found.maps.sum(0) == pytest.approx(np.zeros((4, 4)), abs=1e-5)
    assert found.maps[HAPPY, :, 3].min() > 0 > found.maps[HAPPY, :, 0].max()
    assert found.maps[SAD] == pytest.approx(-found.maps[HAPPY], abs=1e-5)
    assert found.best[0] == HAPPY
    assert found.probs == pytest.approx(found.probs / found.probs.sum())


def test_a_second_look_from_another_thread_disturbs_nothing(models):
    reader = AffectReader(load(models / "affect.toml"))
    faces = tuple(Detection(np.zeros((478, 3)), np.zeros(4), EYES + i) for i in range(4))
    before, alone = reader.read(half_bright(), faces), reasons(reader, half_bright(), EYES)
    with ThreadPoolExecutor(2) as pool:
        looks = [pool.submit(reasons, reader, half_bright(), EYES) for _ in range(40)]
        meanwhile = [reader.read(half_bright(), faces) for _ in range(40)]
    for probs, va in meanwhile:
        assert (probs == before[0]).all() and (va == before[1]).all()
    for look in looks:
        assert (look.result().maps == alone.maps).all() and (look.result().probs == alone.probs).all()


def test_a_network_without_maps_gives_no_reasons(models):
    card = models / "affect.toml"
    card.write_text(card.read_text().replace(', "maps"]', "]"))
    assert reasons(AffectReader(load(card)), half_bright(), EYES) is None


def test_maps_that_say_nothing_stay_nothing(models):
    card = read_card(models / "affect.toml")
    flat = Reasons(np.full(8, 0.125), np.zeros((8, 4, 4)), similarity(EYES, card.crop), card)
    assert not flat.over(HAPPY, (200, 200)).any()


def test_a_face_is_aligned_as_the_pipeline_did_and_by_its_recorded_eyes_in_a_replay():
    one = face()
    assert crop_eyes(one) is one.raw.eyes  # no landmarks are recorded
    one.landmarks[list(LEFT_EYE), :2] = 40, 20
    one.landmarks[list(RIGHT_EYE), :2] = 10, 21
    assert crop_eyes(one).tolist() == [[40, 20], [10, 21]]
