"""ReCNN: its regions hold what they are named after, and what its options leave out."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed; install the extra [export]")

from app.stages import align  # noqa: E402
from export.affect.networks import Deployed  # noqa: E402
from export.affect.task import CROP  # noqa: E402
from export.data import net7876  # noqa: E402
from export.data.detector import app_detector  # noqa: E402
from export.data.places import DATA  # noqa: E402
from export.nets import recnn  # noqa: E402

PARTS = {  # MediaPipe's landmarks of each part, and the region that is to hold it
    "eyes": ([33, 133, 159, 145, 263, 362, 386, 374], "eyes"),
    "brows": (
        [63, 105, 66, 107, 293, 334, 296, 336],
        "eyes",
    ),  # without their tips, which lie beside the eyes
    "mouth": ([61, 291, 0, 17, 13, 14], "mouth"),
}


def test_regions_are_cut_where_their_places_say():
    rows, columns = torch.meshgrid(torch.arange(12.0), torch.arange(12.0), indexing="ij")
    grid = torch.stack([rows, columns])[None]
    for name, corner, size in (
        ("eyes", [2, 2], (4, 8)),
        ("mouth", [7, 2], (5, 8)),
        ("face", [0, 0], (12, 12)),
    ):
        part = recnn.region(grid, name)
        assert part.shape[2:] == size and part[0, :, 0, 0].tolist() == corner


@pytest.mark.skipif(
    not (DATA / "net_7876.zip").exists(), reason="the training data is not here (docs/data.md)"
)
def test_the_landmarks_of_real_faces_lie_inside_their_regions():
    faces, detector = net7876.load(DATA, "test"), app_detector(max_faces=1, still=True)
    inside: dict[str, list[bool]] = {name: [] for name in PARTS}
    for row in range(260):
        picture = faces.colour(row)
        picture = cv2.resize(picture, None, fx=2, fy=2) if min(picture.shape[:2]) < 400 else picture
        for found in detector.detect(picture)[:1]:
            points = align.apply(align.similarity(found.eyes, CROP), found.landmarks[:, :2])
            for name, (marks, place) in PARTS.items():
                top, bottom, left, right = (
                    CROP.size / recnn.SIDE * edge - 0.5 for edge in recnn.PLACES[place]
                )
                x, y = points[marks].T
                inside[name].append(bool(((x >= left) & (x <= right) & (y >= top) & (y <= bottom)).all()))
    detector.close()
    assert min(len(found) for found in inside.values()) >= 200
    assert np.mean(inside["eyes"]) >= 0.99
    assert np.mean(inside["mouth"]) >= 0.97
    assert np.mean(inside["brows"]) >= 0.9


def test_relation_weights_come_out_and_a_region_of_weight_nothing_is_silent():
    net = recnn.ReCnn(width=8, size=16).eval()
    crops = torch.randn(3, 1, 48, 48)
    _, weights = net.related(crops)
    assert weights.shape == (3, 3) and (weights >= 0).all() and (weights <= 1).all()
    with torch.no_grad():
        net.first[0][2].weight.zero_()
        net.first[0][2].bias.fill_(-1e9)
    answer, weights = net.related(crops)
    assert weights[:, 0].tolist() == [0, 0, 0]
    assert answer.embedding[:, :32].abs().max() == 0
    assert Deployed(net, 1.0)(crops)[3].shape == (3, 3)


@pytest.mark.parametrize(
    ("options", "length"),
    [({"levels": 1}, 48), ({"regions": ["face"]}, 32), ({"regions": ["eyes", "mouth"], "levels": 1}, 32)],
)
def test_regions_and_a_level_can_be_left_out(options, length):
    net = recnn.ReCnn(width=4, size=16, **options)
    answer, weights = net.related(torch.randn(2, 1, 48, 48))
    assert answer.embedding.shape == (2, length) and weights.shape == (2, len(net.regions))
    (answer.logits.sum() + answer.va.sum()).backward()
    assert not [name for name, p in net.named_parameters() if p.grad is None]


def test_the_eyes_alone_see_nothing_of_the_mouth():
    net = recnn.ReCnn(width=4, size=16, regions=["eyes"]).eval()
    crops = torch.randn(1, 1, 48, 48)
    other = crops.clone()
    other[:, :, 36:] = 0
    assert torch.equal(net(crops).logits, net(other).logits)


@pytest.mark.parametrize("options", [{"regions": []}, {"regions": ["nose"]}, {"levels": 3}])
def test_other_regions_and_levels_are_refused(options):
    with pytest.raises(ValueError, match="correct the option"):
        recnn.ReCnn(**options)
