"""The contract of a camera, held by every back end, whatever way it fails."""

import time

import cv2
import pytest

from app.playing.engine import Engine
from app.sessions.header import SessionHeader
from app.sessions.reading import RecordedSession
from app.sessions.recorder import Recorder
from app.sources import capture_thread
from app.sources.camera import WANTED, Camera, mode_text, read_mode
from app.sources.devices import Device
from app.sources.source import Mode, SourceError
from app.types import Result
from tests.cameras import FAULTS, STOP, Desk, Timeouts, device, opened, read
from tests.fakes import LONG, wait_for, write_video

STUCK = LONG / 2  # s: whoever waited for a camera that is stuck would wait for twice as long
REFUSE = {  # what the user reads where no picture comes
    "never opens": "Desk does not answer: unplug it, plug it in again, then press Start.",
    "opens without pictures": "Desk sends no pictures: close other programs that may use it, allow it in the "
    "system's privacy settings, then press Start.",
    "busy": "Desk is used by zoom: close it there, then press Start.",
    "no permission": "Desk may not be used by this account: add it to the group 'video', then press Start.",
}


def desk_with(fault):
    return Desk((device(), fault))


def camera(desk, wanted=WANTED):
    return Camera(device(), wanted, desk, Timeouts(desk))


def read_until(cam, says):
    """Reads until `cam` waits for a reason in which `says` stands; the last frame before."""
    frames = [None]
    wait_for(lambda: says in cam.waiting or (frames.append(cam.read() or frames[-1])))
    return frames[-1]


@pytest.fixture(params=[*FAULTS, "a clip in real time"])
def any_desk(request, tmp_path):
    fault = request.param
    if fault == "a clip in real time":
        fault = write_video(tmp_path / "clip.avi", rate=100.0)
    desk = desk_with(fault)
    yield desk
    desk.never.set()


def test_the_contract(any_desk):
    """Open answers in time, reads never block, numbers and clocks only grow, closing always works."""
    cam, fault = camera(any_desk), any_desk.faults[device().identity]
    begun, wall = time.perf_counter(), time.time()
    if fault in REFUSE:
        with pytest.raises(SourceError) as refused:
            opened(cam)
        assert str(refused.value) == REFUSE[fault]
    else:
        opened(cam)
        assert cam.mode.width > 0 and cam.mode.height > 0 and cam.mode.rate > 0
    assert time.perf_counter() - begun < STUCK
    before, count, slowest, end = None, 0, 0.0, time.perf_counter() + 0.6
    while fault not in REFUSE and (count < 2 or time.perf_counter() < end):
        begun = time.perf_counter()
        assert begun < end + LONG
        frame = cam.read()
        slowest = max(slowest, time.perf_counter() - begun)
        if frame is None:
            continue
        assert frame.image.shape == (cam.mode.height, cam.mode.width, 3) and frame.image.dtype == "uint8"
        assert before is None or (frame.index > before.index and frame.time > before.time)
        assert abs(frame.time - frame.captured) < 1e-9 and wall - 1 < frame.wall < time.time() + 1
        before, count = frame, count + 1
    assert slowest < STUCK
    begun = time.perf_counter()
    cam.close()
    cam.close()
    assert time.perf_counter() - begun < STUCK
    with pytest.raises(SourceError, match="press Start"):
        cam.read()
    any_desk.never.set()
    wait_for(lambda: all(capture.released for capture in any_desk.captures))


@pytest.mark.parametrize("fault", STOP)
def test_pictures_that_stop_are_waited_for_and_go_on(fault):
    desk = desk_with(fault)
    cam = camera(desk)
    first = opened(cam)
    gone = "Desk sends no pictures any more: check its cable, and it goes on by itself."
    last = read_until(cam, gone) or first
    desk.failing = False
    fresh = read(cam)[0]
    assert 0 < fresh.index - last.index <= desk.captures[-1].count
    assert fresh.time > last.time and cam.waiting == ""
    cam.close()
    desk.never.set()


def test_unplugged_and_plugged_in_again_under_another_number():
    desk = desk_with("")
    cam = camera(desk)
    opened(cam)
    last = read(cam, 3)[-1]
    desk.unplug(3)
    last = read_until(cam, "Desk was unplugged: plug it in again, and it goes on by itself.") or last
    desk.plug(device(index=7, socket="pci-4"))
    fresh = read(cam)[0]
    assert cam.device.index == 7 and cam.waiting == ""
    assert 0 < fresh.index - last.index <= desk.captures[-1].count
    cam.close()


def test_its_twin_is_not_taken_for_it():
    desk = Desk((device(), ""), (device(index=4, socket="pci-4"), ""))
    cam = camera(desk)
    opened(cam)
    desk.unplug(3)
    read_until(cam, "was unplugged")
    end = time.perf_counter() + 0.3
    while time.perf_counter() < end:
        assert cam.read() is None
    assert "was unplugged" in cam.waiting and cam.device.index == 3
    cam.close()


def test_back_but_busy_by_now():
    desk = desk_with("")
    cam = camera(desk)
    opened(cam)
    desk.unplug(3)
    read_until(cam, "unplugged")
    desk.plug(device(), "busy")
    read_until(cam, "Desk is used by zoom: close it there, and it goes on by itself.")
    desk.plug(device())
    read(cam)
    cam.close()


def test_a_camera_that_never_answers_is_not_tried_for_ever():
    desk = desk_with("stops mid-way")
    cam = camera(desk)
    opened(cam)
    read_until(cam, "does not answer any more")
    tried = len(desk.captures)
    for _ in range(10):
        cam.read()
    assert len(desk.captures) == tried <= 4
    cam.close()
    desk.never.set()


def test_opening_can_be_broken_off_at_any_time():
    desk = desk_with("never opens")
    cam = Camera(device(), WANTED, desk, capture_thread.Timeouts(open=LONG, read=0.05, release=0.2))
    begun = time.perf_counter()
    cam.open()
    assert cam.read() is None
    cam.close()
    assert time.perf_counter() - begun < STUCK
    assert len(desk.captures) <= 1  # nor is another way tried behind its back
    desk.never.set()


def test_not_there_when_it_is_opened():
    with pytest.raises(SourceError, match="Desk is not there: plug it in, then press Start"):
        camera(Desk()).open()


def test_it_is_asked_for_a_mode_the_format_first():
    desk = desk_with("")
    cam = camera(desk, Mode(800, 600, 15.0, "YUYV"))
    opened(cam)
    assert desk.asked == [
        (cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"YUYV")),
        (cv2.CAP_PROP_FRAME_WIDTH, 800), (cv2.CAP_PROP_FRAME_HEIGHT, 600), (cv2.CAP_PROP_FPS, 15.0),
    ]  # fmt: skip
    assert cam.mode == Mode(800, 600, 30.0, "MJPG")  # what was granted
    cam.close()


def test_the_last_way_asks_for_nothing():
    desk = desk_with("first way is silent")
    cam = camera(desk)
    opened(cam)
    assert [capture.way for capture in desk.captures] == [0, 1]
    assert (cam.mode.width, cam.mode.height) == (640, 480)  # its own choice
    cam.close()


def test_a_slow_reader_gets_the_newest_frame():
    desk = desk_with("")
    cam = camera(desk)
    opened(cam)
    wait_for(lambda: desk.captures[0].count > 20)
    grabbed = desk.captures[0].count
    assert read(cam)[0].index >= grabbed - 2  # the last one that was grabbed may still be on its way
    cam.close()


def test_a_recording_marks_the_gap_and_keeps_its_clock(tmp_path):
    desk = desk_with("")
    cam = camera(desk)
    engine = Engine(cam, Result)
    engine.start()
    wait_for(lambda: engine.results.take() is not None)
    recorder = Recorder(tmp_path, SessionHeader(cam.name, True, cam.mode, (), 4, True))
    engine.add_sink(recorder.append)
    wait_for(lambda: recorder.frames > 5)
    desk.unplug(3)
    wait_for(lambda: "unplugged" in cam.waiting)
    time.sleep(1.0)
    away, running = recorder.frames, engine.running  # row of the first frame after the gap
    desk.plug(device(index=5))
    wait_for(lambda: recorder.frames > away + 5)
    assert engine.stop(LONG) and running and engine.error is None
    recorder.close()
    session = RecordedSession(recorder.folder)
    gaps = [event.time for event in session.events() if event.kind == "camera_gap"]
    times, numbers = (session.rows("time_s", "frame")[name] for name in ("time_s", "frame"))
    passed = times[1:] - times[:-1]
    assert passed[away - 1] > 1 and gaps == times[1:][passed > 1].tolist()
    assert 0 < numbers[away] - numbers[away - 1] <= desk.captures[-1].count and (passed > 0).all()


def test_modes_are_kept_as_text():
    for mode in (WANTED, Mode(640, 480, 7.5, "YUYV"), Mode(640, 480, 30.0, "")):
        assert read_mode(mode_text(mode)) == mode
    for text in ("", "720p", "1280x720@fast MJPG"):
        assert read_mode(text) == WANTED


def test_a_system_that_does_not_tell_who_is_who_finds_by_number():
    desk = Desk((Device(0, "Camera 0"), ""))
    cam = Camera(Device(0, "Camera 0"), WANTED, desk, Timeouts(desk))
    opened(cam)
    desk.unplug(0)
    read_until(cam, "unplugged")
    desk.plug(Device(0, "Camera 0"))
    read(cam)
    cam.close()


def test_a_real_clip_is_paced_in_real_time(media):
    desk = desk_with(media / "one-face.mp4")
    cam = camera(desk)
    opened(cam)
    frames = read(cam, 20)
    cam.close()
    assert (cam.mode.width, cam.mode.height) == (640, 360)
    begun, rate = desk.captures[0].began, cam.mode.rate
    assert all(frame.time - begun >= frame.index / rate for frame in frames)
