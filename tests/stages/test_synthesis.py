"""Another expression on a sharp picture: exact for a network that adds light."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from app.stages import made_up, quality
from app.stages.align import apply, similarity
from app.stages.cards import ModelError
from app.stages.models import load
from app.stages.synthesis import EDGE, Synthesizer, changed, obstacle, tinted
from app.types import EXPRESSIONS, Face, Pose
from tests.conftest import SIZE
from tests.tiny_synthesis import KEPT, STEP, synthesis_network, write_synthesis
from tests.ui.doubles import face

GREY = 100


@pytest.fixture
def synthesizer(tmp_path: Path) -> Synthesizer:
    write_synthesis(tmp_path)
    made = Synthesizer.load(tmp_path)
    assert made is not None
    return made


def picture(grey: int = GREY) -> np.ndarray:
    return np.full((480, 640, 3), grey, np.uint8)


def certain(expression: str, **values: float) -> Face:
    """A face of which the network is certain."""
    made = face(**values)
    probs = np.eye(8, dtype=np.float32)[EXPRESSIONS.index(expression)]
    read = replace(made.raw, probs=probs)
    return replace(made, raw=read, smooth=read)


def test_each_expression_adds_what_the_network_adds_in_the_middle_of_the_face(synthesizer):
    changes = synthesizer.changes(picture(), certain("happy"), EXPRESSIONS)
    assert [change.expression for change in changes] == list(EXPRESSIONS)
    for place, change in enumerate(changes):
        made = changed(picture(), (change,))
        x, y = change.corners.mean(0).astype(int)
        assert made[y, x].tolist() == [GREY + STEP * place] * 3
        assert change.share[SIZE // 2, SIZE // 2] == pytest.approx(1 - KEPT)


def test_it_fades_out_at_the_edge_and_nothing_changes_outside(synthesizer):
    (change,) = synthesizer.changes(picture(), certain("neutral"), ("contempt",))
    made = changed(picture(), (change,)).astype(int)
    low, high = change.corners.min(0), change.corners.max(0)
    rows, columns, _ = np.nonzero(made != GREY)
    assert rows.min() >= low[1] - 1 and rows.max() <= high[1] + 1
    assert columns.min() >= low[0] - 1 and columns.max() <= high[0] + 1
    x, y = apply(np.linalg.inv(np.vstack([change.to_crop, [0, 0, 1]]))[:2], np.array([0.0, SIZE / 2]))
    assert made[int(y), int(x), 0] - GREY == pytest.approx(7 * STEP * 0.5 / (EDGE * SIZE), abs=6)


def test_the_change_grows_evenly_and_the_network_is_asked_for_one_expression(synthesizer, monkeypatch):
    asked, run = [], synthesizer.model.run
    monkeypatch.setattr(
        synthesizer.model, "run", lambda *given: asked.append(given[2]["wanted"].tolist()) or run(*given)
    )
    for strength in (0.0, 0.5, 0.7, 1.0):
        (change,) = synthesizer.changes(picture(), face(), ("sad",), strength)
        assert change.grey[0, SIZE // 2, SIZE // 2] == pytest.approx(20 * strength, abs=1e-3)
        assert change.share[SIZE // 2, SIZE // 2] == pytest.approx((1 - KEPT) * strength)
    assert asked == [[[name == "sad" for name in EXPRESSIONS]]] * 4


def test_at_strength_0_the_picture_stays_as_it_is(synthesizer):
    noise = np.random.default_rng(0).integers(0, 256, (480, 640, 3), np.uint8)
    changes = synthesizer.changes(noise, certain("fear"), EXPRESSIONS, 0.0)
    assert all(np.array_equal(changed(noise, (change,)), noise) for change in changes)


def test_a_wanted_expression_may_be_between_others(synthesizer):
    unsure = face(best=1)
    (change,) = synthesizer.changes(picture(), unsure, ("happy",), 1.0)
    assert change.grey[0, SIZE // 2, SIZE // 2] == pytest.approx(STEP)


def test_detail_that_the_network_cannot_see_stays(synthesizer):
    fine = picture()
    fine[::2] += 40  # rows of a pixel, in a crop where two pixels are one
    large = certain("neutral", size=300)
    (change,) = synthesizer.changes(fine, large, ("happy",))
    made = changed(fine, (change,)).astype(int)
    x, y = change.corners.mean(0).astype(int)
    y -= y % 2
    assert made[y, x, 0] - made[y + 1, x, 0] == 40
    assert made[y, x, 0] == 140 + STEP


def test_what_goes_beyond_white_and_black_stays_there(synthesizer):
    (change,) = synthesizer.changes(picture(250), certain("neutral"), ("contempt",))
    assert changed(picture(250), (change,)).max() == 255


def test_what_gets_darker_keeps_its_colour(synthesizer):
    skin = picture()
    skin[:] = 30, 60, 160  # grey: 86.3
    (change,) = synthesizer.changes(skin, certain("neutral"), ("happy",))
    down = replace(change, grey=-4 * change.grey)  # 40 grey levels darker
    x, y = change.corners.mean(0).astype(int)
    assert changed(skin, (down,))[y, x] == pytest.approx(np.array([30, 60, 160]) * (1 - 40 / 86), abs=1)


def test_a_turned_face_is_changed_where_it_is(synthesizer):
    turned = certain("neutral")
    eyes = np.array([[320, 180], [320, 240]], np.float32)  # the head lies on its side
    turned = replace(turned, raw=replace(turned.raw, eyes=eyes))
    (change,) = synthesizer.changes(picture(), turned, ("contempt",))
    assert np.allclose(change.to_crop, similarity(eyes, synthesizer.model.card.crop))
    rows, columns, _ = np.nonzero(changed(picture(), (change,)) != GREY)
    assert columns.mean() < 320 - 3 or columns.mean() > 320 + 3  # beside the eyes, not below them
    assert abs(rows.mean() - 210) < 3


def test_a_face_at_the_edge_and_one_outside_do_no_harm(synthesizer):
    for centre in ((5, 5), (639, 479), (-500, -500)):
        somewhere = replace(face(), raw=face(centre=centre).raw)
        (change,) = synthesizer.changes(picture(), somewhere, ("happy",))
        assert changed(picture(), (change,)).shape == picture().shape
        assert tinted(picture(), change).shape == picture().shape


def test_orange_is_where_it_would_have_to_change(synthesizer):
    (change,) = synthesizer.changes(picture(), certain("neutral"), ("happy",))
    drawn = tinted(picture(), change)
    x, y = change.corners.mean(0).astype(int)
    blue, green, red = drawn[y, x].astype(int)
    assert red > green > blue
    assert drawn[0, 0].tolist() == [GREY] * 3


def strip(made: np.ndarray) -> np.ndarray:
    """The strip with the words, cut out of a picture that is otherwise GREY."""
    rows, columns, _ = np.nonzero(made != GREY)
    return made[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


@pytest.mark.parametrize("mirrored", [False, True])
def test_every_made_picture_carries_its_words_also_a_face_that_is_cut_out(synthesizer, mirrored):
    changes = synthesizer.changes(picture(), certain("neutral", size=300), ("neutral",))
    made = made_up.picture(picture(), changes, mirrored=mirrored)
    assert strip(made).max() > 200 and strip(made).min() == GREY // 4  # light words on a dark strip
    _, columns, _ = np.nonzero(made != GREY)
    assert changes[0].corners[:, 0].min() <= columns.min()
    assert columns.max() <= changes[0].corners[:, 0].max()
    tile = made_up.close_up(picture(), changes[0], side=200, mirrored=mirrored)
    assert tile.shape == (200, 200, 3) and strip(tile).max() > 200


def test_words_read_from_left_to_right_also_in_a_mirror(synthesizer):
    at_the_side = replace(certain("neutral"), raw=replace(face().raw, eyes=face(centre=(200, 240)).raw.eyes))
    changes = synthesizer.changes(picture(), at_the_side, ("neutral",), 0.0)
    straight, mirror = (made_up.picture(picture(), changes, mirrored=on) for on in (False, True))
    assert np.array_equal(strip(straight), strip(mirror))
    left, right = (np.nonzero(made != GREY)[1].mean() for made in (straight, mirror))
    assert left == pytest.approx(639 - right, abs=2) and left < 220


def test_words_name_the_expression_and_the_strength(synthesizer):
    whole, half = (synthesizer.changes(picture(), certain("sad"), ("anger",), s)[0] for s in (1.0, 0.7))
    assert made_up.text(whole) == "made up: anger" and made_up.text(half) == "made up: anger 70 %"


def test_a_close_view_shows_the_face_upright_in_the_middle_whatever_its_size(synthesizer):
    marked = picture()
    cv2.circle(marked, (320, 260), 4, (0, 0, 255), -1)
    for size in (60, 300):
        (change,) = synthesizer.changes(marked, certain("neutral", size=size), ("neutral",))
        cut, moved = made_up.around(marked, change, 200)
        assert cut.shape == (200, 200, 3)
        assert moved.corners.mean(0) == pytest.approx([100, 100], abs=0.6)
        found = np.argwhere(cut[..., 2].astype(int) - cut[..., 0] > 60).mean(0)[::-1]
        whole = np.vstack([change.to_crop, [0, 0, 1]])
        there = np.vstack([moved.to_crop, [0, 0, 1]])
        expected = (np.linalg.inv(there) @ whole @ [320, 260, 1])[:2]
        assert found == pytest.approx(expected, abs=1.5)


def test_a_sheet_has_all_expressions_in_their_order(synthesizer):
    changes = synthesizer.changes(picture(), certain("neutral"), EXPRESSIONS)
    sheet = made_up.sheet(picture(), changes, side=100)
    assert sheet.shape == (200, 400, 3)
    middles = [int(sheet[100 * (i // 4) + 50, 100 * (i % 4) + 50, 0]) for i in range(8)]
    assert middles == [GREY + STEP * i for i in range(8)]


@pytest.mark.parametrize(
    ("pose", "status", "words"),
    [
        (Pose(25.1, 0, 0), "ok", "turned by more than 25 degrees"),
        (Pose(-25.1, 0, 0), "ok", "turned by more than 25 degrees"),
        (Pose(0, 25.1, 0), "ok", "turned by more than 25 degrees"),
        (Pose(0, 0, 0), "low_confidence", "behind a hand"),
        (Pose(0, 0, 0), "too_small", "12 pixels apart"),
        (Pose(0, 0, 0), "cut_off", "outside the picture"),
        (Pose(0, 0, 0), "too_dark", "too dark"),
        (Pose(0, 0, 0), "too_bright", "white"),
    ],
)
def test_faces_of_which_nothing_is_made_and_why(pose, status, words):
    assert words in obstacle(picture(), replace(face(), pose=pose, status=status))
    assert status in quality.MEANING


@pytest.mark.parametrize("status", ["ok", "blurred", "rate_too_low"])
def test_faces_of_which_something_is_made(status):
    assert obstacle(picture(), replace(face(), pose=Pose(25, -25, 90), status=status)) == ""


def test_a_closed_eye_is_not_a_covered_one():
    shut = replace(face(), status="low_confidence", openness=(0.0, 1.0))
    assert obstacle(picture(), shut) == ""


def test_without_its_card_there_is_none(tmp_path):
    assert Synthesizer.load(tmp_path) is None


def test_a_damaged_network_is_refused(tmp_path):
    write_synthesis(tmp_path)
    (tmp_path / "synthesis.onnx").write_bytes(b"no network")
    with pytest.raises(ModelError, match="damaged"):
        Synthesizer.load(tmp_path)


def test_a_network_that_takes_no_wanted_expression_is_refused(tmp_path, models):
    card = write_synthesis(tmp_path)
    other = (models / "eyes.onnx").read_bytes()
    (tmp_path / "synthesis.onnx").write_bytes(other)
    was, now = (hashlib.sha256(content).hexdigest() for content in (synthesis_network(), other))
    card.write_text(card.read_text().replace(was, now))
    with pytest.raises(ModelError, match="float32 'wanted'"):
        load(card)
