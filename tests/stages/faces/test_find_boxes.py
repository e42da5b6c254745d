"""What becomes of a detector network's outputs: which boxes stay, and where in the picture they lie."""

from types import SimpleNamespace

import numpy as np
import pytest

from app.stages.cards import ModelError
from app.stages.faces.find_boxes import BATCH, BoxFinder
from app.stages.faces.tiles import Tile

IMAGE = np.zeros((64, 128, 3), np.uint8)
GRIDS = ((32, 2),)  # of an input of 64 x 64: four places of two boxes, the first in its upper left quarter


class Network:
    """Gives a box of 20 x 20 pixels around the first anchor of each picture, with this logit."""

    card = SimpleNamespace(size=64, shape=(64, 64, 3), file="made.onnx")

    def __init__(self, logit: float, anchors: int = 8) -> None:
        self.logit, self.anchors, self.batches = logit, anchors, []

    def run(self, batch):
        self.batches.append(len(batch))
        raw = np.zeros((len(batch), self.anchors, 16), np.float32)
        raw[:, 0, 2:4] = 20
        scores = np.full((len(batch), self.anchors), -50, np.float32)
        scores[:, 0] = self.logit
        return raw, scores


def test_a_box_counts_from_its_probability_on():
    logit = np.log(0.6 / 0.4)
    assert len(BoxFinder(Network(logit + 0.01), GRIDS, 0.6).find(IMAGE)) == 1
    assert len(BoxFinder(Network(logit - 0.01), GRIDS, 0.6).find(IMAGE)) == 0


def test_boxes_are_in_pixels_of_the_picture():
    found = BoxFinder(Network(5.0), GRIDS, 0.6).find(IMAGE)  # two pixels of the picture in one of the input
    assert found.corners[0].tolist() == [12, -32 + 12, 52, -32 + 52]
    assert found.points[0].tolist() == [[32, 0]] * 6 and found.scores.tolist() == [5]


def test_tiles_are_seen_in_batches_and_each_has_its_boxes():
    network = Network(5.0)
    tiles = [Tile(float(left), 0.0, 64.0) for left in range(BATCH + 2)]
    found = BoxFinder(network, GRIDS, 0.6).find_in(IMAGE, tiles)
    assert network.batches == [BATCH, 2]
    assert found.corners[:, 0].tolist() == [left + 6 for left in range(BATCH + 2)]
    assert len(BoxFinder(network, GRIDS, 0.6).find_in(IMAGE, ())) == 0


def test_a_network_with_other_anchors_is_refused():
    with pytest.raises(ModelError, match=r"made\.onnx is another detector: install Mien again"):
        BoxFinder(Network(5.0, anchors=9), GRIDS, 0.6).find(IMAGE)
