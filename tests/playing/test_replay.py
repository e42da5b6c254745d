"""A recorded session plays again: its own values, picture and markers, at any speed and from anywhere."""

import threading
from dataclasses import replace

import numpy as np
import pytest

from app.playing import replay as module
from app.playing.history import History
from app.playing.replay import RecordedSource, Replay
from app.sessions import original
from app.sessions.header import SessionHeader, SourceFile
from app.sessions.pictures import GROUND, BlankFaces, SourceVideo
from app.sessions.reading import RecordedSession
from app.sessions.recorder import Recorder
from app.sessions.results import SessionResults
from app.sessions.schema.files import ADDED_EVENTS_FILE
from app.sessions.video_recorder import VideoKind
from app.sources.source import Mode
from app.stages.smooth import Smoother
from app.types import Baseline, Gaze
from tests.fakes import LONG, Clock, face, result, wait_for, write_video
from tests.made_session import affect, make_session
from tests.sessions.test_recorder import CAMERA, NO_LIMITS
from tests.sessions.test_video_recorder import person, stripes


def played(folder, history=None):
    replay = Replay(RecordedSource(folder), history or History())
    replay.start()
    return replay


def shown(replay):
    """The newest result, when it comes."""
    found = replay.results.take(LONG)
    assert found is not None and replay.error is None
    return found


def shown_at(replay, at):
    """The result of the moment `at`, when it comes; those that were on their way before are passed over."""
    while (found := shown(replay)).frame.time != pytest.approx(at):
        pass
    return found


@pytest.fixture
def folder(tmp_path):
    return make_session(
        tmp_path / "made",
        frames=300,
        events="event,kind,text,time_s,wall_utc,frame,origin,face,cancels\n1,marker,start,1.5,,45,key,,\n",
    )


@pytest.fixture
def history():
    return History()


@pytest.fixture
def paused(folder, history):
    """A replay that is paused at 9 s, all of whose results so far were taken; its values go to `history`."""
    replay = played(folder, history)
    shown(replay)
    replay.pause()
    replay.seek(9.0)
    shown_at(replay, 9.0)
    yield replay
    assert replay.stop(LONG)


def test_rows_become_the_results_that_they_came_from(tmp_path):
    recorder = Recorder(tmp_path, CAMERA, room=NO_LIMITS)
    alone = face(1)
    seen = [stripes(0, 0.0, face(1), face(2, valence=-0.25)), stripes(1, 0.1), stripes(4, 0.2, alone)]
    for moment in seen:
        recorder.append(moment)
    recorder.close()
    results = SessionResults(RecordedSession(recorder.folder))
    assert results.times.tolist() == pytest.approx([0.0, 0.1, 0.2])
    again = [results.result(i, None) for i in range(3)]
    assert [[f.id for f in r.faces] for r in again] == [[1, 2], [], [1]]
    assert [r.frame.index for r in again] == [0, 1, 4]
    was, now = seen[0].faces[1], again[0].faces[1]
    assert (now.raw.valence, now.smooth.arousal, now.status) == (-0.25, -0.125, "ok")
    for name in ("box", "eye_confidence"):
        assert getattr(now, name) == pytest.approx(getattr(was, name), abs=0.01)
    assert now.raw.eyes == pytest.approx(was.raw.eyes, abs=0.01)
    assert now.smooth.eyes == pytest.approx(was.smooth.eyes, abs=0.01)
    assert now.raw.probs == pytest.approx(was.raw.probs, abs=1e-4)
    assert (now.pose.yaw, now.pose.pitch, now.pose.roll) == (10.0, -5.5, 1.25) and now.baseline is None


def test_a_baseline_comes_back(tmp_path):
    recorder = Recorder(tmp_path, CAMERA, room=NO_LIMITS)
    recorder.append(stripes(0, 0.0, replace(face(1), baseline=Baseline(0.2, -0.4, 99))))
    recorder.close()
    (again,) = SessionResults(RecordedSession(recorder.folder)).result(0, None).faces
    assert (again.baseline.valence, again.baseline.arousal) == (pytest.approx(0.2), pytest.approx(-0.4))


def test_gaze_and_lids_come_back(tmp_path):
    recorder = Recorder(tmp_path, CAMERA, room=NO_LIMITS)
    look = replace(face(1), openness=(0.1, 0.875), gaze=Gaze(12.5, -3.25))
    recorder.append(stripes(0, 0.0, look, replace(face(2), openness=(0.0, 0.125))))
    recorder.close()
    first, second = SessionResults(RecordedSession(recorder.folder)).result(0, None).faces
    assert first.openness == pytest.approx(look.openness) and first.gaze == first.gaze_smooth == look.gaze
    assert second.openness == (0.0, 0.125) and second.gaze is second.gaze_smooth is None


@pytest.mark.parametrize("smoothing", [0.0, 0.8])
def test_the_gaze_is_as_calm_as_it_was_live(tmp_path, smoothing):
    recorder = Recorder(tmp_path, replace(CAMERA, smoothing=smoothing), room=NO_LIMITS)
    live, shown_then = Smoother(smoothing), []
    for i in range(30):
        look = Gaze(20.0 * (i % 2), 5.0) if i % 7 else None
        shown_then.append(live.smooth_gaze(1, look, i / 30))
        recorder.append(stripes(i, i / 30, replace(face(1), gaze=look)))
    recorder.close()
    replay = played(recorder.folder)
    shown(replay)  # it is ready
    replay.pause()
    for frame, go in (
        (29, lambda: replay.seek(1.0)),
        (12, lambda: replay.seek(0.41)),
        (13, lambda: replay.step(1)),
    ):
        go()
        (seen,) = next(now for now in iter(lambda: shown(replay), None) if now.frame.index == frame).faces
        was = shown_then[frame]
        assert (seen.gaze_smooth.yaw, seen.gaze_smooth.pitch) == pytest.approx((was.yaw, was.pitch), abs=0.01)
        assert smoothing == 0 or abs(seen.gaze_smooth.yaw - seen.gaze.yaw) > 2
    assert replay.stop(LONG)


def test_it_plays_by_itself_at_the_times_of_the_rows_and_at_other_speeds(folder, monkeypatch):
    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
    replay = played(folder)
    assert shown(replay).frame.index == 0
    clock.passed += 1.0
    now = shown_at(replay, 1.0)
    assert now.faces[0].raw.valence == pytest.approx(affect(30, 1)[0], abs=1e-4)
    replay.set_speed(4.0)
    clock.passed += 0.5
    shown_at(replay, 3.0)
    replay.set_speed(0.25)
    clock.passed += 2.0
    shown_at(replay, 3.5)
    assert replay.stop(LONG)


def test_seek_step_and_pause(paused):
    paused.seek(5.0)
    assert shown(paused).frame.time == pytest.approx(5.0)
    paused.step(1)
    assert shown(paused).frame.index == 151
    paused.step(-2)
    assert shown(paused).frame.index == 149 and not paused.playing
    paused.seek(1e9)
    assert shown(paused).frame.index == 299
    paused.seek(-1.0)
    assert shown(paused).frame.index == 0
    assert paused.results.take(0.2) is None  # it stands still


def test_at_its_end_it_stays_and_plays_again_from_the_start(paused):
    paused.seek(9.9)
    shown(paused)
    paused.set_speed(4.0)
    paused.play()
    wait_for(lambda: not paused.playing and paused.position == pytest.approx(299 / 30))
    assert not paused.ended
    paused.set_speed(1.0)
    paused.play()
    wait_for(lambda: paused.position < 9.0)


def test_the_curves_show_what_was_before_wherever_it_stands(paused, history):
    paused.seek(8.0)
    shown(paused)
    trace = history.traces()[0]
    assert history.now == pytest.approx(8.0) and trace.time[-1] == pytest.approx(8.0)
    assert len(trace.time) > 200
    paused.seek(1.0)
    shown(paused)
    assert history.now == pytest.approx(1.0) and history.traces()[0].time[-1] == pytest.approx(1.0)


def test_a_marker_that_is_added_is_kept_apart_from_the_live_ones(paused, folder):
    before = (folder / "events.csv").read_bytes()
    assert [e.text for e in paused.events] == ["start"]
    paused.seek(4.0)
    shown(paused)
    paused.mark("smile, at last")
    wait_for(lambda: len(paused.events) == 2)
    added = paused.events[1]
    assert (added.text, added.frame, added.origin) == ("smile, at last", 120, "replay")
    assert added.time == pytest.approx(4.0)
    paused.mark("wrong")
    wait_for(lambda: len(paused.events) == 3)
    paused.undo()
    wait_for(lambda: len(paused.events) == 2)
    assert (folder / "events.csv").read_bytes() == before
    assert (folder / "events-added.csv").read_text().count("\n") == 4  # nothing is deleted
    again = Replay(RecordedSource(folder), History())
    again.start()
    wait_for(lambda: again.ready)
    again.undo()  # of an earlier replay
    wait_for(lambda: [e.text for e in again.events] == ["start"])
    again.undo()
    assert again.stop(LONG)


def test_with_a_video_the_picture_of_each_moment_is_shown(tmp_path):
    recorder = Recorder(tmp_path, CAMERA, video=VideoKind.CLEAN, room=NO_LIMITS)
    for i in range(12):
        moment = stripes(i, i / 10, person())
        moment.frame.image[:] = 20 * i
        recorder.append(moment)
    recorder.close()
    replay = played(recorder.folder)
    shown(replay)
    replay.pause()
    for at in (0.5, 1.1, 0.2):
        replay.seek(at)
        assert shown_at(replay, at).frame.image.mean() == pytest.approx(200 * at, abs=2)
    assert replay.stop(LONG)


@pytest.mark.parametrize("codec", ["MJPG", "mp4v"])
def test_without_one_the_file_that_was_analysed_is_shown(tmp_path, codec):
    clip = write_video(tmp_path / "clip.avi", 120, (320, 240), codec=codec)  # 20 a second
    pictures = SourceVideo(clip, BlankFaces((320, 240)))
    for frame in (0, 1, 2, 70, 71, 3, 119, 118, 5):
        found = pictures.at(frame / 20, ()).image.mean()
        assert found == pytest.approx(10 + 20 * (frame % 12), abs=4), frame


def test_a_session_of_a_file_finds_it(tmp_path):
    clip = write_video(tmp_path / "clip.avi", 40, (320, 240))
    session = SessionHeader(
        "clip.avi", False, Mode(320, 240, 20.0, ""), (), 4, True, file=SourceFile.of(clip, hashed=False)
    )
    recorder = Recorder(tmp_path / "out", session, room=NO_LIMITS)
    for i in range(40):
        recorder.append(result(i, i / 20, face()))
    recorder.close()
    replay = played(recorder.folder)
    assert shown(replay).frame.image.shape == (240, 320, 3)
    replay.pause()
    replay.seek(0.5)
    assert shown_at(replay, 0.5).frame.image.mean() == pytest.approx(10 + 20 * 10, abs=4)
    assert replay.stop(LONG)


@pytest.fixture
def clip(tmp_path):
    """A video of 40 frames, 20 a second."""
    return write_video(tmp_path / "clip.avi", 40, (320, 240))


def of_file(clip, *, hashed=True):
    """The folder of a session that was measured from it."""
    file = SourceFile.of(clip, hashed=hashed)
    session = SessionHeader("clip.avi", False, Mode(320, 240, 20.0, ""), (), 4, True, file=file)
    recorder = Recorder(clip.parent / "out", session, room=NO_LIMITS)
    for i in range(40):
        recorder.append(result(i, i / 20, face()))
    recorder.close()
    return recorder.folder


def test_the_same_file_is_shown_and_nothing_said(clip):
    replay = played(of_file(clip))
    assert shown(replay).frame.image_note == "" and replay.trouble == ""
    wait_for(lambda: not any(thread.name == "hash" for thread in threading.enumerate()))
    replay.pause()
    replay.seek(0.5)
    assert shown_at(replay, 0.5).frame.image.mean() == pytest.approx(10 + 20 * 10, abs=4)
    assert replay.trouble == "" and replay.stop(LONG)


@pytest.mark.parametrize(
    ("hashed", "length", "said"),
    [
        (True, "the same", "clip.avi is not the file that was measured (its hash differs)"),
        (False, "another", "clip.avi is not the file that was measured (its length differs)"),
        (True, "none", "clip.avi is no longer there"),
    ],
)
def test_another_file_is_not_shown_under_the_numbers_which_are_replayed(clip, hashed, length, said):
    folder = of_file(clip, hashed=hashed)
    if length == "the same":
        content = bytearray(clip.read_bytes())
        content[-1] ^= 1
        clip.write_bytes(content)
    elif length == "another":
        write_video(clip, 50, (320, 240))
    else:
        clip.unlink()
    replay = played(folder)
    wait_for(lambda: replay.trouble)
    assert replay.trouble == (
        f"{said}: the numbers are replayed without a picture; put the right file back as {clip}."
    )
    replay.pause()
    while (found := shown(replay)).frame.image_note != said:  # the first may have been on its way
        pass
    assert len(found.faces) == 1 and found.frame.image[2, 2].tolist() == list(GROUND)
    replay.seek(0.5)
    assert shown_at(replay, 0.5).faces[0].raw.valence == face().raw.valence
    assert replay.error is None and replay.stop(LONG)


def test_a_file_that_turns_out_to_be_another_while_it_is_paused_goes_away(clip, monkeypatch):
    known, folder = threading.Event(), of_file(clip)

    def slowly(path):
        assert known.wait(LONG)
        return "another"

    monkeypatch.setattr(original, "sha256", slowly)
    replay = played(folder)
    shown(replay)
    replay.pause()
    replay.seek(0.5)
    assert shown_at(replay, 0.5).frame.image_note == ""
    known.set()
    found = shown(replay)
    assert found.frame.time == pytest.approx(0.5) and "its hash differs" in found.frame.image_note
    assert replay.stop(LONG)


def test_without_any_picture_there_is_a_blank_face_where_it_was():
    image = BlankFaces((200, 160)).at(0.0, (person(),)).image
    assert image.shape == (160, 200, 3)
    assert image[75, 90].tolist() != image[5, 5].tolist()
    assert (image[:, 150:] == image[5, 5]).all()


def test_a_marker_that_cannot_be_kept_is_said_and_the_replay_goes_on(paused, folder):
    path = folder / ADDED_EVENTS_FILE
    path.write_text("event,kind,text,time_s,wall_utc,frame,origin,face,cancels\n1,marker,x\n")
    paused.mark("smile")
    wait_for(lambda: paused.trouble)
    assert paused.trouble == (
        f"The marker was not kept: Line 2 of {path} cannot be read (time_s is None): correct or delete it."
    )
    paused.seek(4.0)
    assert shown(paused).frame.index == 120


def test_after_a_power_cut_a_marker_can_be_added(paused, folder):
    path = folder / ADDED_EVENTS_FILE
    path.write_text("event,kind,text,time_s,wall_utc,frame,origin,face,cancels\n1,marker,x")
    paused.mark("smile")
    wait_for(lambda: len(paused.events) == 2)
    assert paused.events[1].text == "smile" and paused.trouble == ""


@pytest.mark.parametrize("what", ["missing", "empty", "newer"])
def test_a_session_that_cannot_be_played_is_said(tmp_path, what):
    folder = tmp_path / "made"
    if what == "empty":
        make_session(folder, frames=0)
    elif what == "newer":
        rows = make_session(folder, frames=3) / "faces.csv"
        rows.write_text(rows.read_text().replace(",ok,", ",sleepy,", 1))
    replay = played(folder)
    wait_for(lambda: replay.error is not None)
    said = {"missing": "no session folder", "empty": "no rows", "newer": "'sleepy', which is unknown here"}
    assert said[what] in str(replay.error)
    assert replay.stop(LONG) and not np.isnan(replay.position)
