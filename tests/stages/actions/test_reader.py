"""Actions of exact meshes: turned, scaled, mirrored, and with one part moved."""

from __future__ import annotations

import numpy as np
import pytest

from app.stages.actions.card import FILE, read_card
from app.stages.actions.names import ACTIONS, TABLE
from app.stages.actions.points import LEFT_OF, opposite
from app.stages.actions.reader import ActionReader
from app.stages.cards import ModelError
from app.system import paths

CARD = read_card(paths.models() / FILE)
READER = ActionReader(CARD)
BROWS = {"au1", "au2", "au4"}
LIDS = {"au5", "au43", "au6"}
LIPS = {"au10", "au12", "au14", "au15", "au17", "au20", "au24", "au25", "au26"}
# A part of the right half, how it moves (out, up, forward), what must rise and which groups may not move at
# all.
MOVED = [
    ("au1", (55, 107), (0, 0.04, 0), LIPS | LIDS),
    ("au2", (46, 70, 53, 63), (0, 0.04, 0), LIPS | LIDS),
    ("au4", (55, 65, 107, 66), (-0.02, -0.05, 0), LIPS | LIDS - {"au6"}),
    ("au5", (158, 159, 160, 157, 173, 161, 246), (0, 0.02, 0), LIPS | BROWS),
    ("au6", (50, 187, 205, 207, 117, 118, 119), (0.03, 0.03, 0.02), BROWS),
    ("au9", (48, 64, 102, 129), (0.02, 0.04, 0), LIDS | {"au12", "au4", "au25"}),
    ("au10", (37, 39, 40), (0, 0.03, 0), BROWS | LIDS | {"au12"}),
    ("au12", (61, 78), (0.06, 0.05, -0.05), BROWS | LIDS),
    ("au15", (61, 78), (0, -0.05, 0), BROWS | LIDS),
    ("au17", (32, 199, 200, 208, 18, 83), (0, 0.05, 0.01), BROWS | LIDS | {"au12"}),
    ("au20", (61, 78), (0.06, 0, 0), BROWS | LIDS),
    ("au25", (87, 178), (0, -0.05, 0), BROWS | LIDS),
    ("au26", (148, 152, 176), (0, -0.15, 0), BROWS | LIDS | {"au12"}),
    ("au43", (158, 159, 160), (0, -0.05, 0), BROWS | LIPS),
]


def mesh():
    """(478, 3), y up: the card's mesh; landmarks that nobody reads are in the middle."""
    points = np.zeros((478, 3))
    for landmark, place in CARD.mesh.items():
        points[landmark] = place
    return points


def picture(points, *, yaw=0.0, pitch=0.0, roll=0.0, scale=100.0, at=(320.0, 240.0)):
    """Landmarks in pixels of a mesh that is turned by degrees: y runs down, z away from the camera."""
    a, b, c = np.radians([yaw, pitch, roll])
    turn = np.array([[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]])
    nod = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    tilt = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
    turned = points @ (tilt @ turn @ nod).T * [1, -1, -1] * scale
    return (turned + np.array([*at, 0])).astype(np.float32)


def smile(points):
    """Both corners of the lips up and out, the left one twice as far."""
    smiling = points.copy()
    for corner, amount in ((61, 0.5), (78, 0.5), (291, 1.0), (308, 1.0)):
        smiling[corner] += amount * np.array([np.sign(points[corner, 0]) * 0.05, 0.05, -0.03])
    return smiling


@pytest.mark.parametrize("yaw", (-25, 0, 25))
@pytest.mark.parametrize("pitch", (-15, 0, 15))
@pytest.mark.parametrize("scale", (20.0, 150.0))
def test_a_face_that_is_turned_or_far_has_the_same_actions(yaw, pitch, scale):
    ahead = READER.measure(picture(smile(mesh())))
    there = READER.measure(picture(smile(mesh()), yaw=yaw, pitch=pitch, roll=30, scale=scale, at=(40, 700)))
    assert there == pytest.approx(ahead, abs=0.002)


def test_the_mirror_image_of_a_face_has_left_and_right_exchanged():
    points = smile(mesh())
    mirrored = points.copy()
    for landmark in range(478):
        mirrored[opposite(landmark)] = points[landmark] * [-1, 1, 1]
    swapped = [name.replace("left", "x").replace("right", "left").replace("x", "right") for name in ACTIONS]
    values = READER.measure(picture(mirrored))[[ACTIONS.index(name) for name in swapped]]
    assert values == pytest.approx(READER.measure(picture(points)), abs=0.001)


@pytest.mark.parametrize(("action", "landmarks", "way", "still"), MOVED, ids=[m[0] for m in MOVED])
def test_what_moves_is_what_rises(action, landmarks, way, still):
    before, moved = READER.measure(picture(mesh())), mesh()
    for landmark in landmarks:
        out = LEFT_OF.get(landmark) is not None
        moved[landmark] += [-way[0] if out else 0.0, way[1], way[2]]
    change = dict(zip(ACTIONS, (READER.measure(picture(moved)) - before).tolist(), strict=True))
    name = f"{action}_right" if f"{action}_right" in change else action
    assert change[name] > 0.1
    if name != action:
        assert change[f"{action}_left"] == pytest.approx(0, abs=0.001)
    for other, value in change.items():
        if other.partition("_")[0] in still:
            assert value == pytest.approx(0, abs=0.001), other


def test_who_smiles_on_one_side_smiles_on_that_side():
    change = READER.measure(picture(smile(mesh()))) - READER.measure(picture(mesh()))
    values = dict(zip(ACTIONS, change.tolist(), strict=True))
    assert values["au12_left"] == pytest.approx(2 * values["au12_right"], rel=0.01)


def test_what_one_side_has_more_than_the_other_is_one_sided():
    before, moved = READER.measure(picture(mesh())), mesh()
    moved[[267, 270]] += [0, 0.02, 0]  # on the left
    change = dict(zip(ACTIONS, (READER.measure(picture(moved)) - before).tolist(), strict=True))
    assert change["au14_left"] > 0.3 and change["au14_right"] == pytest.approx(-change["au14_left"])
    moved[[37, 40]] += [0, 0.02, 0]
    change = dict(zip(ACTIONS, (READER.measure(picture(moved)) - before).tolist(), strict=True))
    assert [change["au14_left"], change["au14_right"]] == pytest.approx([0, 0], abs=0.001)


def test_every_value_has_a_name_and_both_sides_where_they_differ():
    assert len(set(ACTIONS)) == len(ACTIONS) == len(READER.measure(picture(mesh())))
    assert {name for name in ACTIONS if "_" not in name} == {a.name for a in TABLE if not a.sided}


@pytest.mark.parametrize("text", ("", "{", "[]", '{"mesh": {}}'))
def test_a_damaged_card_is_refused_with_a_sentence(tmp_path, text):
    path = tmp_path / FILE
    path.write_text(text)
    with pytest.raises(ModelError, match="install Mien again"):
        read_card(path)
