"""The video of a session: the rows' own times, three kinds of picture, and nothing that waits for it."""

import sys
import threading
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from app.sessions import video_recorder
from app.sessions.mkv import index, picture
from app.sessions.reading import RecordedSession
from app.sessions.recorder import Recorder
from app.sessions.video_recorder import VideoKind, VideoRecorder
from app.system import clock
from app.types import Face, Frame, Pose, Result, Signals
from tests.fakes import LONG, running, wait_for
from tests.sessions.test_recorder import CAMERA, NO_LIMITS

ROOT = Path(__file__).parents[2]
BOX = np.array([60, 40, 120, 110], np.float32)


def person(id=1, box=BOX):
    eyes = np.array([[105.0, 65], [75, 65]], np.float32)
    probs = np.eye(8, dtype=np.float32)[1]
    values = Signals(eyes, probs, 0.5, -0.5)
    return Face(
        id, box, np.zeros((478, 3), np.float32), Pose(0, 0, 0), np.ones(2, np.float32), values, values
    )


def stripes(index=0, at=0.0, *faces):
    """Fine stripes over all of the picture, 200 x 160."""
    image = np.zeros((160, 200, 3), np.uint8)
    image[:, ::4] = image[:, 1::4] = 255
    return Result(Frame(index, 50 + at, image, clock.now(), 1_700_000_000.0 + at), faces)


def recorded(path, kind, *results):
    video = VideoRecorder(path, kind, 30.0)
    for count, seen in enumerate(results, 1):
        video.append(seen, seen.frame.time - 50)
        wait_for(lambda count=count: video.written + video.dropped == count)
    video.close()
    found = index(path)
    return video, found, [picture(path, found, i) for i in range(len(found.times))]


def test_its_times_are_those_of_the_rows(tmp_path):
    recorder = Recorder(tmp_path, CAMERA, video=VideoKind.CLEAN, room=NO_LIMITS)
    times = np.cumsum([0.0, 0.031, 0.0355, 0.21, 0.0333, 0.0333])
    for i, at in enumerate(times.tolist()):
        recorder.append(stripes(i, at, person()))
    recorder.close()
    recording = RecordedSession(recorder.folder)
    assert index(recorder.folder / "video.mkv").times.tolist() == recording.rows("time_s")["time_s"].tolist()
    assert recording.info.whole["video"] == {
        "file": "video.mkv", "kind": "clean", "codec": "MJPEG", "quality": 85, "frames": 6, "dropped": 0
    }  # fmt: skip


def test_clean_is_the_picture_itself(tmp_path):
    moment = stripes(0, 0.0, person())
    _, _, (seen,) = recorded(tmp_path / "v.mkv", VideoKind.CLEAN, moment)
    assert np.abs(seen.astype(int) - moment.frame.image).mean() < 6


def test_overlay_draws_into_a_copy(tmp_path):
    moment = stripes(0, 0.0, person())
    before = moment.frame.image.copy()
    _, _, (seen,) = recorded(tmp_path / "v.mkv", VideoKind.OVERLAY, moment)
    assert (moment.frame.image == before).all()
    assert seen[40, 60:120].mean() > 200 and seen[100:150, 130:].mean() == pytest.approx(127, abs=6)


def detail(part):
    return float(cv2.Laplacian(part, cv2.CV_32F).std())


def test_blurred_hides_each_face_and_nothing_else(tmp_path):
    moment = stripes(0, 0.0, person())
    _, _, (seen,) = recorded(tmp_path / "v.mkv", VideoKind.BLURRED, moment)
    whole = detail(moment.frame.image)
    assert detail(seen[30:120, 50:130]) < 0.1 * whole  # the box and what is around it
    assert detail(seen[:, 150:]) > 0.8 * whole
    assert (moment.frame.image[40:110, 60:64] == stripes().frame.image[40:110, 60:64]).all()


def test_a_face_that_is_lost_stays_blurred_for_a_second(tmp_path):
    moments = [stripes(0, 0.0, person()), stripes(1, 0.5), stripes(2, 0.95), stripes(3, 1.1)]
    _, _, seen = recorded(tmp_path / "v.mkv", VideoKind.BLURRED, *moments)
    whole = detail(moments[0].frame.image)
    assert [detail(image[45:105, 65:115]) < 0.1 * whole for image in seen] == [True, True, True, False]


def test_a_face_that_is_seen_but_not_measured_is_blurred_too(tmp_path):
    alone = stripes(0, 0.0, person())
    box = np.array([150, 50, 180, 90], np.float32)
    _, _, (seen,) = recorded(tmp_path / "v.mkv", VideoKind.BLURRED, replace(alone, unmeasured=(box,)))
    whole = detail(alone.frame.image)
    assert detail(seen[30:120, 50:130]) < 0.1 * whole and detail(seen[50:90, 150:180]) < 0.1 * whole
    assert detail(seen[130:, 140:]) > 0.8 * whole


@pytest.mark.parametrize(
    "box", [(-50, -50, 30, 30), (180, 140, 400, 400), (300, 10, 340, 50), (50, 50, 50, 50)]
)
def test_a_face_at_the_edge_or_outside_can_be_blurred(tmp_path, box):
    moment = stripes(0, 0.0, person(box=np.array(box, np.float32)))
    video, found, _ = recorded(tmp_path / "v.mkv", VideoKind.BLURRED, moment)
    assert video.error is None and len(found.times) == 1


def test_a_slow_disk_drops_frames_counts_them_and_delays_nobody(tmp_path, monkeypatch):
    gate = threading.Event()
    real = video_recorder.MkvWriter.write
    monkeypatch.setattr(video_recorder.MkvWriter, "write", lambda *a: (gate.wait(LONG), real(*a)))
    video = VideoRecorder(tmp_path / "v.mkv", VideoKind.CLEAN, 30.0)
    for i in range(40):
        video.append(stripes(i, i / 30), i / 30)
    assert video.written == 0  # nobody waited for the disk
    gate.set()
    video.close()
    assert video.dropped >= 40 - video_recorder.ROOM - 1
    assert video.written + video.dropped == 40 == len(index(tmp_path / "v.mkv").times) + video.dropped


def test_a_full_disk_ends_the_video_but_not_the_rows(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(video_recorder.MkvWriter, "write", full)
    recorder = Recorder(tmp_path, CAMERA, video=VideoKind.CLEAN, room=NO_LIMITS)
    recorder.append(stripes(0, 0.0))
    wait_for(lambda: recorder.warning)
    assert recorder.warning.startswith("The video stopped (No space left on device), the numbers go on")
    recorder.append(stripes(1, 0.03))
    recorder.close()
    assert len(RecordedSession(recorder.folder).rows("frame")) == 2


def test_without_a_frame_there_is_no_file(tmp_path):
    video = VideoRecorder(tmp_path / "v.mkv", VideoKind.CLEAN, 0.0)
    video.close()
    video.close()
    assert not (tmp_path / "v.mkv").exists()


RECORD = """
import sys, time
from pathlib import Path
from app.sessions.recorder import Recorder
from app.sessions.video_recorder import VideoKind
from tests.sessions.test_recorder import CAMERA, NO_LIMITS
from tests.sessions.test_video_recorder import person, stripes
recorder = Recorder(Path(sys.argv[1]), CAMERA, video=VideoKind.CLEAN, room=NO_LIMITS)
for i in range(100000):
    recorder.append(stripes(i, i / 100, person()))
    time.sleep(0.01)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_killed_process_leaves_a_video_that_plays(tmp_path):
    with running(RECORD, tmp_path):
        wait_for(lambda: any(len(index(path).times) >= 100 for path in tmp_path.glob("*/video.mkv")))
    (path,) = tmp_path.glob("*/video.mkv")
    video = cv2.VideoCapture(str(path))
    count = 0
    while video.read()[0]:
        count += 1
    whole = len(index(path).times)
    assert 100 <= whole <= count <= whole + 1  # a picture that is cut off may be shown in part
