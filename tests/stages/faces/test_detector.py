"""The whole stage on finders that see what they are told: who is followed, who is new, who is the same."""

import numpy as np
import pytest

from app.stages.faces import region
from app.stages.faces.boxes import NONE, Boxes, concatenate
from app.stages.faces.detector import OnnxDetector
from app.stages.faces.find_landmarks import TOO_FAR_RIGHT
from app.stages.faces.thresholds import CONFIRMED, CONFIRMED_TWICE, PRESENCE, SURE, TURNED_PRESENCE
from app.stages.faces.tiles import turned, upright

IMAGE = np.zeros((400, 800, 3), np.uint8)
FACE = np.random.default_rng(3).uniform(-0.5, 0.5, (478, 3)).astype(np.float32)  # within a square of side 1
FACE[[362, 385, 387, 263, 373, 380], 0] += 0.3


class Finds:
    """A finder of boxes, 100 pixels wide around these places, best first; `asked` counts."""

    def __init__(self, *places: float) -> None:
        self.places, self.asked = places, 0

    def find(self, image):
        self.asked += 1
        return self._boxes()

    def _boxes(self):
        corners = np.array([[x - 50, 150, x + 50, 250] for x in self.places], np.float32).reshape(-1, 4)
        points = np.zeros((len(corners), 6, 2), np.float32)
        points[:, 1, 0] = 1
        return Boxes(corners, points, np.arange(len(corners), 0, -1, dtype=np.float32))


class InTiles(Finds):
    """Sees them in every tile that has the place in it; `turns` are those in which it sees anything."""

    def __init__(self, *places: float, turns: tuple[int, ...] = (0,)) -> None:
        super().__init__(*places)
        self.turns, self.tiles = turns, []

    def find_in(self, image, tiles):
        self.tiles.append(list(tiles))
        whole, parts = self._boxes(), [NONE]
        for tile in tiles:
            inside = [tile.left < x < tile.left + tile.side for x in self.places]
            if tile.turns in self.turns and any(inside):
                parts.append(whole.part(np.array(inside)))
        return concatenate(*parts)


class Landmarks:
    """A finder of landmarks that sees a face in each region but those around `nobody`."""

    too_far_right = TOO_FAR_RIGHT / 192

    def __init__(self, *nobody: float) -> None:
        self.nobody, self.seen, self.sure = nobody, [], SURE
        # What it gives around the landmarks of a doubtful new face, and a little beside.
        self.again, self.beside, self.doubted = SURE, -9.0, False
        self.regions = region.NONE  # of the last frame

    def find(self, image, regions):
        if self.doubted:
            self.doubted = False
            looks = np.repeat([self.again, self.beside], len(regions) // 2)
            return np.zeros((len(regions), 478, 3), np.float32), looks
        self.regions = regions
        self.seen.append([round(x) for x in regions.middles[:, 0].tolist()])
        held = [all(abs(x - nobody) > 20 for nobody in self.nobody) for x in regions.middles[:, 0]]
        landmarks = [FACE * 100 + [*m, 0] for m in regions.middles.tolist()]
        return np.array(landmarks, np.float32).reshape(-1, 478, 3), np.where(held, self.sure, -9.0)

    def set_upright(self, image, regions, landmarks, presence):
        self.doubted = True
        return landmarks


def made(
    far: Finds, near: Finds, landmarks: Landmarks, faces: int = 4, *, still: bool = False,
    in_tiles: InTiles | None = None,
):  # fmt: skip
    return OnnxDetector(far, near, in_tiles or InTiles(), landmarks, faces, still=still)


def test_a_face_that_both_detectors_see_is_one():
    landmarks = Landmarks()
    assert len(made(Finds(200, 600), Finds(205), landmarks).detect(IMAGE)) == 2
    assert landmarks.seen == [[200, 600]]


def test_known_faces_are_followed_without_the_detectors():
    far, near, landmarks = Finds(), Finds(200), Landmarks()
    detector = made(far, near, landmarks)
    assert [len(detector.detect(IMAGE)) for _ in range(4)] == [1] * 4
    assert (far.asked, near.asked) == (1, 1)
    assert [len(seen) for seen in landmarks.seen] == [1] * 4


def test_a_face_is_followed_around_the_landmarks_as_the_network_gave_them():
    """The network sees the same crops as in MediaPipe's graph: the shift that is taken off is put back."""
    landmarks = Landmarks()
    detector = made(Finds(), Finds(200), landmarks)
    around = region.around_faces(detector.detect(IMAGE))
    detector.detect(IMAGE)
    right = TOO_FAR_RIGHT / 192 * around.sides[0] * around.across[0]
    assert landmarks.regions.middles[0] == pytest.approx(around.middles[0] + right, abs=1e-6)
    assert np.hypot(*right) > 0.1


def test_a_search_adds_who_is_new():
    far, near, landmarks = Finds(600, 210), Finds(200), Landmarks()
    detector = made(far, near, landmarks)
    far.places = ()
    detector.detect(IMAGE)
    far.places = (600, 210)
    for _ in range(5):
        found = detector.detect(IMAGE)
    assert far.asked == 2 and len(landmarks.seen[-1]) == 2
    assert abs(landmarks.seen[-1][0] - 200) < 60 and landmarks.seen[-1][1] == 600
    assert len(found) == 2 and found[0].box[0] > found[1].box[0]


def test_who_is_not_there_any_more_is_searched_for_at_once():
    far, near, landmarks = Finds(), Finds(200), Landmarks()
    detector = made(far, near, landmarks)
    detector.detect(IMAGE)
    landmarks.nobody = (200,)
    assert detector.detect(IMAGE) == () and near.asked == 1
    detector.detect(IMAGE)
    assert (far.asked, near.asked) == (2, 2)


def test_no_more_than_asked_for_and_the_known_stay():
    far, near, landmarks = Finds(), Finds(200, 400, 600), Landmarks()
    detector = made(far, near, landmarks, 2)
    first = detector.detect(IMAGE)
    assert [face.box[0] > 300 for face in first] == [True, False]  # the surer one is the last
    assert len(detector.unmeasured) == 1 and abs(detector.unmeasured[0][[0, 2]].mean() - 600) < 20
    assert [len(detector.detect(IMAGE)) for _ in range(12)] == [2] * 12
    assert (far.asked, near.asked) == (2, 2) and len(detector.unmeasured) == 1
    assert all(abs(seen[0] - 200) < 60 and abs(seen[1] - 400) < 60 for seen in landmarks.seen[:5])


def test_an_unmeasured_face_takes_the_place_of_one_that_leaves():
    near, landmarks = Finds(200, 400, 600), Landmarks()
    detector = made(Finds(), near, landmarks, 2)
    detector.detect(IMAGE)
    landmarks.nobody, near.places = (200,), ()
    assert len(detector.detect(IMAGE)) == 1  # only the followed are looked for in this frame
    found = detector.detect(IMAGE)
    assert sorted(round(face.box.reshape(2, 2).mean(0)[0], -2) for face in found) == [400, 600]
    assert detector.unmeasured == ()


def test_an_unmeasured_face_that_leaves_is_not_counted_any_more():
    far, near, landmarks = Finds(), Finds(200, 400, 600), Landmarks()
    detector = made(far, near, landmarks, 2)
    detector.detect(IMAGE)
    landmarks.nobody, near.places = (600,), (200, 400)
    counts = [(len(detector.detect(IMAGE)), len(detector.unmeasured)) for _ in range(6)]
    assert counts[0] == (2, 1) and counts[-1] == (2, 0)


def test_another_number_of_faces_is_measured_from_the_next_frame_on():
    detector = made(Finds(), Finds(200, 400, 600), Landmarks(), 1)
    detector.detect(IMAGE)
    assert len(detector.unmeasured) == 2
    detector.max_faces = 3
    assert len(detector.detect(IMAGE)) == 3 and detector.unmeasured == ()
    detector.max_faces = 2
    assert len(detector.detect(IMAGE)) == 2 and len(detector.unmeasured) == 1


def test_a_face_that_only_a_tile_shows_is_found_within_a_cycle():
    in_tiles = InTiles(600)
    detector = made(Finds(), Finds(), Landmarks(), in_tiles=in_tiles)
    found = [len(detector.detect(IMAGE)) for _ in range(8)]
    assert found[-1] == 1 and sum(found) == 8 - found.index(1)
    assert all(len(tiles) <= 2 for tiles in in_tiles.tiles)


def test_a_tile_that_shows_someone_who_is_followed_adds_nobody():
    landmarks = Landmarks()
    detector = made(Finds(), Finds(600), landmarks, in_tiles=InTiles(610))
    assert [len(detector.detect(IMAGE)) for _ in range(6)] == [1] * 6
    assert {len(seen) for seen in landmarks.seen} == {1}


def test_a_single_picture_is_searched_in_all_tiles_and_turned_ones_only_without_a_face():
    in_tiles = InTiles(600)
    assert len(made(Finds(), Finds(), Landmarks(), still=True, in_tiles=in_tiles).detect(IMAGE)) == 1
    assert in_tiles.tiles == [list(upright(800, 400))]
    in_tiles = InTiles(600, turns=(2,))
    assert len(made(Finds(), Finds(), Landmarks(), still=True, in_tiles=in_tiles).detect(IMAGE)) == 1
    assert in_tiles.tiles == [list(upright(800, 400)), list(turned(800, 400))]


def test_a_face_that_lies_must_be_more_certain_until_it_is_followed():
    class Lying(Finds):
        def _boxes(self):
            found = super()._boxes()
            found.points[:, 1] = (0, 1)  # the line of the eyes points down
            return found

    landmarks = Landmarks()
    landmarks.sure = (PRESENCE + TURNED_PRESENCE) / 2
    assert made(Finds(), Lying(200), landmarks).detect(IMAGE) == ()
    assert len(made(Finds(), Finds(200), landmarks).detect(IMAGE)) == 1
    landmarks.sure = TURNED_PRESENCE + 1
    detector = made(Finds(), Lying(200), landmarks)
    assert len(detector.detect(IMAGE)) == 1
    landmarks.sure = (PRESENCE + TURNED_PRESENCE) / 2
    assert len(detector.detect(IMAGE)) == 1


@pytest.mark.parametrize("still", [True, False])
def test_a_new_face_that_is_not_sure_must_be_one_around_its_own_landmarks_too(still):
    landmarks = Landmarks()
    detector = made(Finds(), Finds(200), landmarks, still=still)
    landmarks.sure, landmarks.again = SURE - 0.01, CONFIRMED
    assert detector.detect(IMAGE) == () and landmarks.seen == [[200]]
    landmarks.again = CONFIRMED + 0.01
    assert len(detector.detect(IMAGE)) == 1


@pytest.mark.parametrize(("again", "beside", "found"), [(0.01, 0.01, 1), (0.01, 0, 0), (0, 9, 0)])
def test_less_is_enough_where_it_is_reached_a_little_beside_as_well(again, beside, found):
    landmarks = Landmarks()
    landmarks.sure = SURE - 0.01
    landmarks.again, landmarks.beside = CONFIRMED_TWICE + again, CONFIRMED_TWICE + beside
    assert len(made(Finds(), Finds(200), landmarks).detect(IMAGE)) == found


@pytest.mark.parametrize(("height", "found"), [(230, 1), (231, 0)])
def test_a_face_that_fills_the_picture_needs_no_second_look(height, found):
    landmarks = Landmarks()
    landmarks.sure, landmarks.again = PRESENCE + 0.01, -9.0
    picture = np.zeros((height, 800, 3), np.uint8)  # the region of a face is 150 pixels wide
    assert len(made(Finds(), Finds(200), landmarks).detect(picture)) == found


def test_a_sure_face_and_one_that_is_followed_are_not_looked_at_again():
    landmarks = Landmarks()
    detector = made(Finds(), Finds(200), landmarks)
    landmarks.again = -9.0
    assert len(detector.detect(IMAGE)) == 1
    landmarks.sure = PRESENCE + 0.01
    assert len(detector.detect(IMAGE)) == 1 and not landmarks.doubted


def test_of_several_new_faces_only_the_doubtful_ones_are_looked_at_again():
    class Unequal(Landmarks):
        def find(self, image, regions):
            found, presence = super().find(image, regions)
            return found, np.where(regions.middles[:, 0] > 400, SURE + 1, presence)

    landmarks = Unequal()
    landmarks.sure, landmarks.again = SURE - 1, -9.0
    (kept,) = made(Finds(), Finds(200, 600), landmarks).detect(IMAGE)
    assert kept.box[0] > 400


def test_without_tiles_only_the_whole_picture_is_seen():
    detector = OnnxDetector(Finds(), Finds(), None, Landmarks())
    assert [detector.detect(IMAGE) for _ in range(9)] == [()] * 9
    assert OnnxDetector(Finds(), Finds(), None, Landmarks(), still=True).detect(IMAGE) == ()
