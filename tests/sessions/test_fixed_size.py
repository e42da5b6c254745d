"""A session has one size, whatever size its camera comes back with."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from app.sessions.fixed_size import FixedSize, fitted
from app.sessions.mkv import index, picture
from app.sessions.reading import RecordedSession
from app.sessions.recorder import Recorder
from app.sessions.video_recorder import VideoKind
from app.sources.fit import Fit
from app.types import Frame, Result
from tests.sessions.test_recorder import CAMERA, NO_LIMITS
from tests.sessions.test_video_recorder import person


def seen(i, size, eye=(40, 30)):
    """A frame of `size` with a white spot, and a face whose left eye is in its middle."""
    image = np.full((size[1], size[0], 3), 60, np.uint8)
    cv2.circle(image, eye, 6, (255, 255, 255), -1)
    face = person(box=np.array([eye[0] - 20, eye[1] - 20, eye[0] + 20, eye[1] + 20], np.float32))
    eyes = np.array([eye, (eye[0] - 15, eye[1])], np.float32)
    face = replace(face, raw=replace(face.raw, eyes=eyes), smooth=replace(face.smooth, eyes=eyes))
    return Result(Frame(i, 50 + i / 10, image, 0.0, 1_700_000_000.0 + i / 10), (face,))


def test_the_first_size_is_left_alone():
    fit = FixedSize()
    for i in range(3):
        one = seen(i, (200, 160))
        result, said = fit(one)
        assert result is one and said == ""


@pytest.mark.parametrize(
    ("size", "inner", "corner"),
    [((100, 80), (200, 160), (0, 0)), ((400, 320), (200, 160), (0, 0)), ((160, 160), (160, 160), (20, 0)),
     ((320, 180), (200, 112), (0, 24)), ((90, 160), (90, 160), (55, 0))],
)  # fmt: skip
def test_it_stands_in_the_middle_with_bars(size, inner, corner):
    fit = Fit.of(size, (200, 160))
    assert (fit.inner, fit.corner) == (inner, corner)
    image = fitted(seen(0, size), fit).frame.image
    x, y = corner
    assert image.shape == (160, 200, 3) and not image[:y].any() and not image[:, :x].any()
    assert image[y : y + inner[1], x : x + inner[0]].all()
    assert not image[y + inner[1] :].any() and not image[:, x + inner[0] :].any()


def test_places_go_with_the_picture():
    fit = Fit.of((4, 2), (8, 8))
    assert fit.points(np.array([[-0.5, -0.5], [3.5, 1.5]], np.float32)).tolist() == [[-0.5, 1.5], [7.5, 5.5]]
    done = fitted(seen(0, (4, 2), (1, 1)), fit).faces[0]
    assert done.raw.eyes[0].tolist() == [2.5, 4.5] and done.smooth.eyes[0].tolist() == [2.5, 4.5]
    assert done.box.tolist() == [-37.5, -35.5, 42.5, 44.5]
    assert done.landmarks.shape == (478, 3) and done.landmarks.dtype == np.float32


def test_rows_and_recorded_picture_still_match_after_a_camera_came_back_smaller(tmp_path):
    recorder = Recorder(tmp_path, CAMERA, video=VideoKind.CLEAN, room=NO_LIMITS)
    sizes = [(200, 160)] * 3 + [(160, 90)] * 3 + [(320, 256)] * 2 + [(200, 160)]
    for i, size in enumerate(sizes):
        recorder.append(seen(i, size))
    recorder.close()
    video = recorder.folder / "video.mkv"
    recording, found = RecordedSession(recorder.folder), index(video)
    rows = recording.rows("time_s", "left_eye_x", "left_eye_y", "status")
    assert found.times.tolist() == rows["time_s"].tolist() and len(rows) == len(sizes)
    for i in range(len(sizes)):
        image = picture(video, found, i)
        assert image.shape == (160, 200, 3)
        y, x = np.argwhere(image[..., 0] > 200).mean(axis=0)
        assert (rows["left_eye_x"][i], rows["left_eye_y"][i]) == pytest.approx((x, y), abs=0.6)
    changes = [event for event in recording.events() if event.kind == "picture_size"]
    assert [round(event.time, 6) for event in changes] == [0.3, 0.6, 0.8]
    assert changes[0].text.startswith(
        "from 200 x 160 to 160 x 90 pixels: from here on pictures and places are scaled by 1.2500"
    )
    assert changes[0].text.endswith("moved by 0 and 24 pixels")
    assert changes[2].text == "from 320 x 256 to 200 x 160 pixels: the first size again"
    capture = cv2.VideoCapture(str(video))
    read = [capture.read()[1].shape for _ in sizes]
    assert read == [(160, 200, 3)] * len(sizes) and not capture.read()[0]
