"""Heads in empty scenes: where they are put, how high they are, and what counts as found."""

import cv2
import numpy as np
import pytest

from app.types import Detection
from export.data.errors import DataError
from export.limits.faces import heads, measure, scenes

BOX = np.array([80.0, 70.0, 180.0, 190.0])  # 100 wide, 120 high


def head() -> heads.Head:
    """A grey head, in the middle of whose face is a white spot."""
    image = np.full((260, 260, 3), 128, np.uint8)
    cv2.circle(image, (130, 130), 9, (255, 255, 255), -1)
    found = heads.head_of(image, BOX)
    assert found is not None
    return found


def test_the_whole_head_is_cut_out_with_a_soft_edge():
    opacity = head().opacity
    assert opacity[130, 130] == opacity[75, 130] == opacity[189, 130] == 1  # from forehead to chin
    assert opacity[40, 130] == 1 and opacity[0].max() == opacity[:, 0].max() == 0  # hair; the picture's edge
    assert ((opacity > 0) & (opacity < 1)).sum() > 1000
    assert heads.head_of(np.zeros((200, 260, 3), np.uint8), BOX) is None  # the chin is at the edge


@pytest.mark.parametrize("angle", [0, 45, 90, 180])
@pytest.mark.parametrize("height", [30, 60, 200])
def test_a_head_is_where_it_is_said_to_be(height, angle):
    scene = np.zeros((720, 1280, 3), np.uint8)
    placed = heads.place(scene, head(), height, angle, np.random.default_rng(height + angle))
    white = placed.image[..., 0].astype(float).clip(160) - 160
    y, x = (float((np.indices(white.shape)[axis] * white).sum() / white.sum()) for axis in (0, 1))
    assert (x, y) == pytest.approx(placed.centre, abs=0.02 * height)
    rows, columns = np.nonzero(placed.image[..., 0] > 64)  # half of its grey: the outline of the head
    lengths = (np.ptp(columns) + 1, np.ptp(rows) + 1)
    if angle != 45:
        wide, high = lengths if angle in (0, 180) else lengths[::-1]
        assert high == pytest.approx(height * (1 + heads.ABOVE + heads.BELOW), abs=2)
        assert wide == pytest.approx(height * (1 + 2 * heads.ASIDE) * 100 / 120, abs=2)
    assert not scene.any()


def test_a_head_turned_clockwise_has_its_hair_on_the_right():
    image = np.zeros((260, 260, 3), np.uint8)
    image[:70] = 255  # hair
    lying = heads.head_of(image, BOX)
    placed = heads.place(np.zeros((400, 400, 3), np.uint8), lying, 100, 90, np.random.default_rng(0))
    _, columns = np.nonzero(placed.image[..., 0] > 128)
    assert columns.min() > placed.centre[0] + 40


def detection(x: float, y: float, height: float) -> Detection:
    box = np.array([x - height / 2, y - height / 2, x + height / 2, y + height / 2], np.float32)
    return Detection(np.zeros((478, 3), np.float32), box, np.zeros((2, 2), np.float32))


@pytest.mark.parametrize(
    ("found", "right"),
    [((100, 200, 50), True), ((114, 200, 50), True), ((116, 200, 50), False), ((100, 200, 85), False),
     ((100, 200, 30), False)],
)  # fmt: skip
def test_a_face_counts_as_found_where_it_is(found, right):
    placed = heads.Placed(np.zeros((9, 9, 3), np.uint8), np.array([100.0, 200.0]), 50)
    assert measure.is_found(detection(*found), placed) is right


def test_scenes_take_turns_and_come_again_with_their_seed():
    part = np.full((60, 50, 3), (10, 20, 30), np.uint8)

    def made(seed: int) -> list:
        maker = scenes.Scenes((320, 180), seed, [part], [])
        return [maker.next() for _ in range(8)]

    first, again, other = made(1), made(1), made(2)
    assert all(scene.shape == (180, 320, 3) and scene.dtype == np.uint8 for scene in first)
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not np.array_equal(first[0], other[0])
    assert len(np.unique(first[3].reshape(-1, 3), axis=0)) == 1  # the fourth of four kinds: the part, lit


def test_a_picture_that_is_too_small_is_mirrored():
    step = np.repeat(np.arange(50, dtype=np.uint8)[None], 40, 0)
    tiled = scenes.filled(np.stack([step] * 3, 2), (400, 300), np.random.default_rng(0)).astype(int)
    assert tiled.shape == (300, 400, 3) and np.abs(np.diff(tiled, axis=1)).max() <= 2  # no edge in it


def test_a_clip_that_is_none_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nobody\.mp4"):
        scenes.frames(tmp_path / "nobody.mp4")
    (tmp_path / "text.mp4").write_text("no video")
    with pytest.raises(DataError, match="cannot be read"):
        scenes.frames(tmp_path / "text.mp4")
