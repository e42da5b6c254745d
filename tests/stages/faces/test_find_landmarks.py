"""The landmark network: its crops, what it finds in them, and the way back to the picture's pixels."""

from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from app.stages.faces.find_landmarks import TOO_FAR_RIGHT, LandmarkFinder, in_picture
from app.stages.faces.region import Regions, around_faces
from app.stages.faces.thresholds import PRESENCE, TURNED_MARGIN, TURNED_PRESENCE
from app.stages.models import load
from app.stages.side_by_side import TRIALS
from tests.conftest import ROOT, new_detector


@pytest.fixture(scope="module")
def finder() -> LandmarkFinder:
    return LandmarkFinder(load(ROOT / "models" / "landmarks.toml", "face-landmarks"))


@pytest.fixture(scope="module")
def portrait(clips) -> tuple[np.ndarray, Regions]:
    """A picture with one face, and its region."""
    image = cv2.imread(str(clips / "one-face.jpg"))
    return image, around_faces(new_detector(1, still=True).detect(image))


def faces_in(finder: LandmarkFinder, image: np.ndarray, regions: Regions) -> np.ndarray:
    """The landmarks in those of the regions that hold a face."""
    landmarks, presence = finder.find(image, regions)
    return landmarks[presence > PRESENCE]


def test_landmarks_come_back_to_the_picture_with_z_in_the_scale_of_x():
    landmarks = np.arange(2 * 478 * 3, dtype=np.float32).reshape(2, 478, 3) % 192
    turned = Regions(np.array([[30.0, 40], [7, 9]]), np.array([96.0, 384]), np.array([[0.6, 0.8], [0, 1]]))
    to_picture = turned.to_picture(192)
    found = in_picture(landmarks, to_picture, turned.sides / 192)
    for i, scale in enumerate((0.5, 2.0)):
        moved = landmarks[i, :, :2] @ to_picture[i][:, :2].T + to_picture[i][:, 2]
        assert found[i, :, :2] == pytest.approx(moved, abs=1e-3)
        assert (found[i, :, 2] == landmarks[i, :, 2] * scale).all()
    assert found.dtype == np.float32


def test_all_faces_are_found_in_one_batch_as_each_alone(finder, portrait):
    image, one = portrait
    three = Regions(
        one.middles + np.array([[0, 0], [3, 2], [2000, 2000]]), one.sides.repeat(3), one.across.repeat(3, 0)
    )
    together = faces_in(finder, image, three)
    assert together.shape == (2, 478, 3)  # the third holds nobody
    for i in range(2):
        (alone,) = faces_in(finder, image, three.part(np.array([i])))
        assert together[i] == pytest.approx(alone, abs=0.01)


def test_one_thread_finds_the_same_as_two(finder, portrait):
    """Within 2 * TRIALS pictures both ways are tried."""
    image, one = portrait
    three = Regions(
        one.middles + np.array([[0, 0], [3, 2], [5, 1]]), one.sides.repeat(3), one.across.repeat(3, 0)
    )
    found = {faces_in(finder, image, three).tobytes() for _ in range(2 * TRIALS)}
    assert len(found) == 1


def test_nobody_is_found_in_grey(finder, portrait):
    assert faces_in(finder, np.full((300, 300, 3), 128, np.uint8), portrait[1]).shape == (0, 478, 3)


@pytest.mark.parametrize("shift", [(2, 0), (0, 2), (-2, 0), (0, -2), (1.5, -1.5), (0.5, 0.5)])
def test_a_region_that_moves_a_little_finds_the_same_place(finder, portrait, shift):
    """In pixels of the crop: what the network sees differently is a third of one."""
    image, one = portrait
    scale = one.sides[0] / 192
    (here,) = faces_in(finder, image, one)
    (there,) = faces_in(
        finder, image, Regions(one.middles + np.array([shift]) * scale, one.sides, one.across)
    )
    assert np.abs((there - here)[:, :2].mean(0)).max() < 0.33 * scale


def test_a_picture_shifted_or_enlarged_gives_landmarks_shifted_or_enlarged(finder, portrait):
    image, one = portrait
    (here,) = faces_in(finder, image, one)
    for scale, shift in ((1.0, (8, 5)), (0.5, (0, 0)), (2.0, (-7, 11))):
        # whole numbers are pixel centres: the corner at -0.5 stays where it is
        move = np.array([[scale, 0, 0.5 * scale - 0.5 + shift[0]], [0, scale, 0.5 * scale - 0.5 + shift[1]]])
        size = (round(image.shape[1] * scale) + 20, round(image.shape[0] * scale) + 20)
        picture = cv2.warpAffine(image, move, size, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
        there = Regions(one.middles @ move[:, :2].T + move[:, 2], one.sides * scale, one.across)
        (found,) = faces_in(finder, picture, there)
        off = found[:, :2] - (here[:, :2] @ move[:, :2].T + move[:, 2])
        assert np.abs(off.mean(0)).max() < 0.15 * scale * one.sides[0] / 192


def test_a_mirrored_crop_gives_mirrored_landmarks(finder, portrait):
    """If TOO_FAR_RIGHT were not taken off, twice that would be between them."""
    image, one = portrait
    mirrored = np.ascontiguousarray(image[:, ::-1])
    width, scale = image.shape[1], one.sides[0] / 192
    # the crops are mirror images of each other to the pixel: their middles lie half a pixel from the region's
    there = Regions(
        np.array([width - 1, 0]) + one.middles * [-1, 1] + [scale, 0], one.sides, one.across * [1, -1]
    )
    a, b = faces_in(finder, image, one)[0], faces_in(finder, mirrored, there)[0]
    nose = [10, 152, 1, 168, 6]  # landmarks on the line that halves a face
    apart = (a[nose, 0] + b[nose, 0] - (width - 1)) / scale
    assert abs(apart.mean()) < TOO_FAR_RIGHT


class Upright:
    """A network that sees a face where the picture is bright above, with the logit `sure`.

    All its landmarks are at the upper left corner of the crop.
    """

    card = SimpleNamespace(size=8, shape=(8, 8, 3))

    def __init__(self, sure: float) -> None:
        self.sure = sure

    def run(self, crops):
        bright = crops[:, :4].mean((1, 2, 3)) > crops[:, 4:].mean((1, 2, 3)) + 50
        return np.zeros((len(crops), 478, 3), np.float32), np.where(bright, self.sure, 0.0)


@pytest.mark.parametrize(
    ("sure", "presence", "turned"),
    [
        (TURNED_PRESENCE + 1, TURNED_PRESENCE + 1 - TURNED_MARGIN - 0.1, True),
        (TURNED_PRESENCE + 1, TURNED_PRESENCE + 1 - TURNED_MARGIN + 0.1, False),  # not so much surer
        (TURNED_PRESENCE - 0.1, 0.0, False),  # not sure enough
    ],
)
def test_a_new_face_is_set_upright_where_the_network_is_much_surer(sure, presence, turned):
    image = np.zeros((100, 100, 3), np.uint8)
    image[50:] = 255  # upside down: bright below
    region = Regions(np.array([[50.0, 50.0]]), np.array([40.0]), np.array([[1.0, 0.0]]))
    before = np.full((1, 478, 3), 7, np.float32)
    finder = LandmarkFinder(Upright(sure))
    (after,) = finder.set_upright(image, region, before, np.array([presence]))
    finder.close()
    if turned:  # the crop's upper left corner is the region's lower right one
        assert after[0, :2] == pytest.approx([70, 70], abs=5 * TOO_FAR_RIGHT + 0.01)
    else:
        assert (after == before[0]).all()
