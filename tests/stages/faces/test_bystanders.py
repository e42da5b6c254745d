"""Who is seen but not measured: looked at again in turn, moved where a detector sees them, or gone."""

import numpy as np

from app.stages.faces import region
from app.stages.faces.bystanders import Bystanders
from app.stages.faces.region import Regions


def at(*places: float, side: float = 150.0) -> Regions:
    count = len(places)
    middles = np.array([[x, 200.0] for x in places]).reshape(-1, 2)
    return Regions(middles, np.full(count, side), np.tile([1.0, 0.0], (count, 1)))


def places(regions: Regions) -> list[float]:
    return regions.middles[:, 0].tolist()


def test_the_box_of_a_bystander_is_the_face_and_not_the_room_around_it():
    bystanders = Bystanders()
    assert bystanders.boxes == ()
    bystanders.add(at(300), region.NONE)
    (box,) = bystanders.boxes
    assert box.dtype == np.float32 and box.tolist() == [250, 150, 350, 250]


def test_who_was_looked_at_longest_ago_comes_first():
    bystanders = Bystanders()
    bystanders.add(at(100, 400, 700), region.NONE)
    assert places(bystanders.take(2)) == [100, 400] and len(bystanders) == 1
    bystanders.add(at(110), region.NONE)  # the other one has left
    assert places(bystanders.take(9)) == [700, 110] and len(bystanders) == 0


def test_a_detector_moves_bystanders_and_finds_strangers():
    bystanders = Bystanders()
    assert places(bystanders.strangers(at(120))) == [120] and len(bystanders) == 0
    bystanders.add(at(100, 400), region.NONE)
    assert places(bystanders.strangers(at(800, 120))) == [800]
    assert places(bystanders.take(2)) == [120, 400]


def test_who_is_followed_is_no_bystander_and_nobody_is_one_twice():
    bystanders = Bystanders()
    bystanders.add(at(100, 400), region.NONE)
    bystanders.add(at(110, 900), at(410))
    assert places(bystanders.take(9)) == [110, 900]
