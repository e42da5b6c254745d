"""The video to the pixel and to the frame: what is blurred or drawn, what waits, when the disk is awaited."""

import threading
from dataclasses import replace

import cv2
import numpy as np
import pytest

from app.sessions import mkv, video_recorder
from app.sessions.video_recorder import Blur, VideoKind, VideoRecorder
from tests.fakes import LONG, wait_for
from tests.sessions.test_video_recorder import person, recorded, stripes


def changed(image, before):
    """x0, y0, x1, y1 of the pixels that differ."""
    rows, columns = np.nonzero((image != before).any(2))
    return columns.min(), rows.min(), columns.max() + 1, rows.max() + 1


def noise():
    return np.random.default_rng(0).integers(0, 256, (160, 200, 3)).astype(np.uint8)


@pytest.fixture
def overlay(tmp_path, monkeypatch):
    """What a recorder of that kind hands to its encoder."""
    drawn, real = [], cv2.imencode
    monkeypatch.setattr(
        cv2, "imencode", lambda kind, image, how: (drawn.append(image), real(kind, image, how))[1]
    )

    def draw(result):
        video = VideoRecorder(tmp_path / f"{len(drawn)}.mkv", VideoKind.OVERLAY, 30.0)
        video.append(result, 0.0)
        video.close()
        return drawn[-1]

    return draw


def seen(*faces, unmeasured=(), image=None):
    made = stripes(0, 0.0, *faces)
    return replace(
        made, frame=replace(made.frame, image=noise() if image is None else image), unmeasured=unmeasured
    )


def test_a_third_of_a_face_more_is_blurred_around_it_and_more_where_it_is_only_counted():
    box = np.array([80, 60, 120, 100], np.float32)
    assert changed(Blur()(seen(person(box=box)), 0.0), noise()) == (66, 46, 134, 114)
    assert changed(Blur()(seen(unmeasured=(box,)), 0.0), noise()) == (56, 36, 144, 124)


def test_what_is_left_of_a_face_is_five_by_five_blots():
    blurred = Blur()(seen(person(box=np.array([80, 60, 120, 100], np.float32))), 0.0)
    blots = cv2.resize(noise()[46:114, 66:134], (5, 5), interpolation=cv2.INTER_AREA)
    assert np.array_equal(blurred[46:114, 66:134], cv2.resize(blots, (68, 68)))


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        ((0, 0, 20, 20), (0, 0, 27, 27)), ((180, 140, 400, 400), (103, 49, 200, 160)),
        ((-40, 20, 0, 60), (0, 6, 14, 74)), ((40, -40, 80, 0), (26, 0, 94, 14)),
    ],
)  # fmt: skip
def test_at_the_edge_of_the_picture_too(box, expected):
    assert changed(Blur()(seen(person(box=np.array(box, np.float32))), 0.0), noise()) == expected


@pytest.mark.parametrize(
    "box", [(300, 60, 340, 100), (-90, 60, -40, 100), (60, 300, 100, 340), (60, -90, 100, -40)]
)
def test_a_face_outside_the_picture_changes_nothing(box):
    assert np.array_equal(Blur()(seen(person(box=np.array(box, np.float32))), 0.0), noise())


def test_a_face_of_one_pixel_is_that_pixel():
    box = np.array([80, 60, 81, 61], np.float32)
    assert np.array_equal(Blur()(seen(person(box=box)), 0.0)[:60], noise()[:60])


def test_a_face_is_blurred_until_exactly_a_second_after_it_was_seen():
    for away, hidden in ((1.0, True), (1.0625, False)):
        for first in (seen(person()), seen(unmeasured=(person().box,))):
            blur = Blur()
            blur(first, 4.0)
            assert np.array_equal(blur(seen(), 4.0 + away), noise()) != hidden


def test_two_people_are_blurred_each_at_its_own_place():
    far = np.array([150, 120, 170, 140], np.float32)
    blur = Blur()
    blur(seen(person(1), person(2, far)), 0.0)
    image = blur(seen(person(1)), 0.5)
    assert not np.array_equal(image[120:140, 150:170], noise()[120:140, 150:170])
    assert not np.array_equal(image[40:110, 60:120], noise()[40:110, 60:120])


def test_box_eyes_and_values_are_drawn_as_thick_as_the_picture_is_large(overlay):
    for height, line in ((160, 1), (719, 1), (720, 2), (1080, 3)):
        image = np.zeros((height, 400, 3), np.uint8)
        expected = image.copy()
        cv2.rectangle(expected, (60, 60), (120, 110), (255,) * 3, line)
        for x in (105, 75):
            cv2.circle(expected, (x, 65), 2 * line, (255,) * 3, line)
        text, at = "1 happy V +0.50 A -0.50", (60, max(12 * line, 60 - 4 * line))
        cv2.putText(
            expected, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.45 * line, (0,) * 3, 3 * line, cv2.LINE_AA
        )
        cv2.putText(expected, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.45 * line, (255,) * 3, line, cv2.LINE_AA)
        face = person(box=np.array([60, 60, 120, 110], np.float32))
        assert np.array_equal(overlay(seen(face, image=image)), expected)


def test_the_values_of_a_face_at_the_edge_are_written_inside(overlay):
    for box, at in (((-30, -20, 10, 12), (0, 12)), ((5, 18, 60, 80), (5, 14)), ((5, 14, 60, 80), (5, 12))):
        image = np.zeros((160, 250, 3), np.uint8)
        expected = image.copy()
        cv2.rectangle(expected, box[:2], box[2:], (255,) * 3, 1)
        for x in (105, 75):
            cv2.circle(expected, (x, 65), 2, (255,) * 3, 1)
        for grey, width in ((0, 3), (255, 1)):
            text = "1 happy V +0.50 A -0.50", at, cv2.FONT_HERSHEY_SIMPLEX, 0.45, (grey,) * 3, width
            cv2.putText(expected, *text, cv2.LINE_AA)
        face = person(box=np.array(box, np.float32))
        assert np.array_equal(overlay(seen(face, image=image)), expected)


def test_twelve_frames_may_wait_and_the_rest_is_counted(tmp_path, monkeypatch):
    begun, go_on, real = threading.Event(), threading.Event(), mkv.MkvWriter.write
    monkeypatch.setattr(mkv.MkvWriter, "write", lambda *a: (begun.set(), go_on.wait(LONG), real(*a)))
    video = VideoRecorder(tmp_path / "v.mkv", VideoKind.CLEAN, 30.0)
    video.append(stripes(), 0.0)
    assert begun.wait(LONG)
    for i in range(1, 21):
        video.append(stripes(), i / 30)
    assert (video.written, video.dropped) == (0, 8)
    go_on.set()
    video.close()
    video.append(stripes(), 2.0)  # too late
    assert (video.written, video.dropped) == (13, 9)


def test_each_half_second_the_disk_is_waited_for(tmp_path, monkeypatch):
    synced, video = [], None
    monkeypatch.setattr(mkv.MkvWriter, "sync", lambda _: synced.append(video.written))
    video = VideoRecorder(tmp_path / "v.mkv", VideoKind.CLEAN, 30.0)
    for i in range(32):
        video.append(stripes(), i / 30)
        wait_for(lambda i=i: video.written == i + 1)
    video.close()
    assert synced == [15, 30] and video_recorder.SYNC_EVERY == 15


@pytest.mark.parametrize(
    ("rate", "period"), [(40.0, 25_000_000), (0.0, 33_333_333), (-1.0, 33_333_333), (0.5, 2 * 10**9)]
)
def test_it_has_the_rate_of_its_source_or_thirty(tmp_path, monkeypatch, rate, period):
    monkeypatch.setattr(mkv, "seal", lambda _: 0)
    video = VideoRecorder(tmp_path / "v.mkv", VideoKind.CLEAN, rate)
    video.append(stripes(), 0.0)
    video.close()
    data = (tmp_path / "v.mkv").read_bytes()
    assert int.from_bytes(data[(at := data.find(mkv.PERIOD) + 11) : at + 8], "big") == period


def test_a_frame_that_cannot_be_written_ends_the_video_and_a_file_without_an_index_is_said(
    tmp_path, monkeypatch
):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(mkv.MkvWriter, "close", full)
    video, _, _ = recorded(tmp_path / "v.mkv", VideoKind.CLEAN, stripes(), stripes(1, 0.1))
    assert video.error.errno == 28 and (video.written, video.dropped) == (2, 0)
    monkeypatch.setattr(mkv.MkvWriter, "write", lambda *_: (_ for _ in ()).throw(OSError(5, "first")))
    video = VideoRecorder(tmp_path / "w.mkv", VideoKind.CLEAN, 30.0)
    video.append(stripes(), 0.0)
    wait_for(lambda: video.error is not None)
    video.append(stripes(), 0.1)
    video.close()
    assert video.error.strerror == "first" and (video.written, video.dropped) == (0, 1)
    assert not [thread for thread in threading.enumerate() if thread.name == "video"]


def test_a_program_that_ends_is_not_held_up_by_the_thread(tmp_path):
    video = VideoRecorder(tmp_path / "v.mkv", VideoKind.CLEAN, 30.0)
    assert [thread.daemon for thread in threading.enumerate() if thread.name == "video"] == [True]
    video.close()


def test_the_quality_of_its_pictures_is_said_and_used(tmp_path):
    video, found, _ = recorded(tmp_path / "v.mkv", VideoKind.CLEAN, stripes())
    expected = cv2.imencode(".jpg", stripes().frame.image, (cv2.IMWRITE_JPEG_QUALITY, 85))[1]
    assert video.state().quality == 85 and found.lengths.tolist() == [len(expected)]
