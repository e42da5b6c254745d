"""Faces that are seen but not measured: looked at again, moved to where a detector sees them, or gone."""

import numpy as np

from app.stages.faces import region
from app.stages.faces.region import Regions
from app.stages.faces.unmeasured import Unmeasured


def at(*places: float, side: float = 150.0) -> Regions:
    count = len(places)
    middles = np.array([[x, 200.0] for x in places]).reshape(-1, 2)
    return Regions(middles, np.full(count, side), np.tile([1.0, 0.0], (count, 1)))


def places(regions: Regions) -> list[float]:
    return regions.middles[:, 0].tolist()


def test_the_box_of_an_unmeasured_face_is_the_face_and_not_the_room_around_it():
    unmeasured = Unmeasured()
    assert unmeasured.boxes == ()
    unmeasured.add(at(300), region.NONE)
    (box,) = unmeasured.boxes
    assert box.dtype == np.float32 and box.tolist() == [250, 150, 350, 250]


def test_the_face_that_was_looked_at_longest_ago_comes_first():
    unmeasured = Unmeasured()
    unmeasured.add(at(100, 400, 700), region.NONE)
    assert places(unmeasured.take(2)) == [100, 400] and len(unmeasured) == 1
    unmeasured.add(at(110), region.NONE)  # the other one has left
    assert places(unmeasured.take(9)) == [700, 110] and len(unmeasured) == 0


def test_a_detector_moves_unmeasured_faces_and_finds_new_ones():
    unmeasured = Unmeasured()
    assert places(unmeasured.new_among(at(120))) == [120] and len(unmeasured) == 0
    unmeasured.add(at(100, 400), region.NONE)
    assert places(unmeasured.new_among(at(800, 120))) == [800]
    assert places(unmeasured.take(2)) == [120, 400]


def test_a_box_of_another_size_neither_moves_an_unmeasured_face_nor_is_a_new_one():
    unmeasured = Unmeasured()
    for side in (150 * 1.4, 150 / 1.4):  # as of a box that the edge of a tile cuts
        unmeasured.add(at(100), region.NONE)
        assert len(unmeasured.new_among(at(110, side=side))) == 0
        (kept,) = unmeasured.take(1).middles.tolist()
        assert kept == [100, 200]


def test_a_followed_face_is_not_unmeasured_and_none_is_so_twice():
    unmeasured = Unmeasured()
    unmeasured.add(at(100, 400), region.NONE)
    unmeasured.add(at(110, 900), at(410))
    assert places(unmeasured.take(9)) == [110, 900]
