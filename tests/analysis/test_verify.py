"""A session that was tampered with, or does not come out again, is found out and said what differs."""

import json
import shutil
from pathlib import Path

import pytest

from app.__main__ import main
from app.analysis.options import AnalysisOptions
from app.analysis.verify import verify
from app.sessions.header import SessionHeader, sha256
from app.sessions.info import SessionError
from app.sessions.recorder import Recorder
from app.sessions.video_recorder import VideoKind
from app.sources.source import Mode
from app.stages.pipeline import Pipeline
from app.system import extras, paths
from tests.conftest import affect_network, eyes_network, with_detector, with_precision, write_model
from tests.fakes import face, result
from tests.made_session import make_session
from tests.measured import analyze, sessions
from tests.sessions.test_recorder import CAMERA, NO_LIMITS


@pytest.fixture(scope="module")
def analyses(tmp_path_factory, clips):
    """The session folders of a clip and of a picture, by name, analysed once with tiny networks."""
    folder = with_detector(tmp_path_factory.mktemp("analysis"))
    write_model(folder, "eyes", "eye-centres", eyes_network())
    with_precision(write_model(folder, "affect", "affect", affect_network()), "int8")
    files = [clips / "single-face.mp4", clips / "one-face.jpg"]
    for file in files:
        assert analyze([file], AnalysisOptions(folder / file.name, folder)) == 0
    return {file.name: sessions(folder / file.name)[0] for file in files}


def copy(file, session, folder):
    """Copies of the session folder and of the file that it was measured from."""
    own = Path(shutil.copy(file, folder / f"clip{file.suffix}"))
    session = Path(shutil.copytree(session, folder / "out" / "session"))
    said = json.loads((session / "session.json").read_text())
    edit(session, file=said["file"] | {"path": str(own)})
    return session, own


@pytest.fixture
def analysed(tmp_path, clips, analyses):
    """A session folder of 72 rows, and its video."""
    return copy(clips / "single-face.mp4", analyses["single-face.mp4"], tmp_path)


@pytest.fixture
def pictured(tmp_path, clips, analyses):
    """A session folder of one row."""
    return copy(clips / "one-face.jpg", analyses["one-face.jpg"], tmp_path)[0]


def bad(folder, models):
    return [finding.text for finding in verify(folder, models) if not finding.good]


def edit(folder, **changes):
    path = folder / "session.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_an_analysis_comes_out_again_byte_for_byte(analysed, models):
    findings = list(verify(analysed[0], models))
    assert [f.text for f in findings if not f.good] == []
    texts = " ".join(f.text for f in findings)
    for part in (
        "faces.csv: unchanged",
        "eyes: the same network",
        "affect: the same",
        "clip.mp4: the same video",
    ):
        assert part in texts
    assert "All 72 rows come out the same, byte for byte." in texts


def test_a_value_that_was_edited_is_named_with_its_row(analysed, models):
    path = analysed[0] / "faces.csv"
    lines = path.read_text().splitlines(keepends=True)
    cells = lines[5].split(",")
    place = lines[0].split(",").index("valence")
    was, cells[place] = cells[place], "0.9999"
    path.write_text("".join([*lines[:5], ",".join(cells), *lines[6:]]))
    assert bad(analysed[0], models) == [
        "faces.csv: changed since it was recorded (its hash differs).",
        "1 of 72 rows come out differently; the first is row 5, valence: 0.9999 was recorded, "
        f"{was} comes out.",
    ]


def test_a_row_that_was_taken_out_is_missed(analysed, models):
    path = analysed[0] / "faces.csv"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))
    assert "1 of 72 rows come out differently; the first is row 72 is missing." in " ".join(
        bad(analysed[0], models)
    ).replace("; row", "; the first is row")


def without(line, place):
    cells = line.split(",")
    return ",".join(cells[:place] + cells[place + 1 :])


def test_of_a_session_with_other_columns_those_that_both_have_are_compared(pictured, models):
    path = pictured / "faces.csv"
    lines = path.read_text().splitlines(keepends=True)
    columns = lines[0].rstrip("\n").split(",")
    place = columns.index("gaze_yaw_deg")
    path.write_text("".join(without(line, place) for line in lines))
    edit(pictured, rows_sha256=sha256(path))
    differs, same = list(verify(pictured, models))[-2:]
    assert not differs.good and "has other columns than this version of Mien writes" in differs.text
    count = len(columns) - 1
    assert same.good
    assert (
        same.text == f"The one row comes out the same in the {count} columns that both have, byte for byte."
    )
    changed = without(lines[1], place).split(",")
    was, changed[columns.index("status")] = changed[columns.index("status")], "blurred"
    path.write_text(without(lines[0], place) + ",".join(changed))
    assert bad(pictured, models)[-1] == (
        f"1 of 1 rows come out differently in the {count} columns that both have; "
        f"the first is row 1, status: blurred was recorded, {was} comes out."
    )


def test_what_the_network_in_floats_read_is_verified_with_it(tmp_path, clips, both):
    out = tmp_path / "out"
    assert analyze([clips / "one-face.jpg"], AnalysisOptions(out, both, affect="affect-float32")) == 0
    (folder,) = {p.parent for p in out.glob("*/session.json")}
    texts = [finding.text for finding in verify(folder, both)]
    assert "affect-float32: the same network." in texts
    assert "The one row comes out the same, byte for byte." in texts


def test_another_video_or_none(analysed, models, clips):
    folder, clip = analysed
    clip.unlink()
    assert bad(folder, models) == [f"{clip}: the video is no longer there."]
    shutil.copy(clips / "two-faces.mp4", clip)
    assert bad(folder, models) == [f"{clip}: the video is another one (its hash differs)."]


def test_another_model(analysed, models):
    write_model(models, "affect", "affect", affect_network() + b"")
    content = affect_network().replace(b"tiny", b"tidy")
    write_model(models, "affect", "affect", content)
    assert bad(analysed[0], models) == ["affect: the network here is another one (its hash differs)."]
    (models / "eyes.toml").unlink()
    assert "eyes: this network is no longer here." in bad(analysed[0], models)


def test_what_a_detector_measured_that_is_not_installed_is_not_computed_again(analysed, models, monkeypatch):
    """Sessions that name no detector are older than ours: MediaPipe found their faces."""
    session, _ = analysed
    settings = json.loads((session / "session.json").read_text())["settings"]
    assert settings.pop("detector") == "onnx"
    edit(session, settings=settings)
    monkeypatch.setattr(extras.importlib.util, "find_spec", lambda name: None)
    *_, last = verify(session, models)
    assert last.good and "not computed again. The detector mediapipe needs mediapipe" in last.text


def test_unfinished(analysed, models):
    edit(analysed[0], finished=False)
    assert "never finished" in bad(analysed[0], models)[0]


def recorded(tmp_path, clip_frames, models, kind=VideoKind.CLEAN):
    """A live session with a video, of the first frames of a clip."""
    pipeline = Pipeline.load(models)
    session = SessionHeader("camera", True, Mode(640, 360, 30.0, ""), pipeline.cards, 4, True)
    recorder = Recorder(tmp_path / "live", session, video=kind, room=NO_LIMITS)
    for frame in clip_frames("single-face.mp4", 40):
        recorder.append(pipeline.process(frame))
    recorder.close()
    pipeline.close()
    return recorder.folder


def test_a_live_session_with_a_video_agrees_with_it(tmp_path, clip_frames):
    folder = recorded(tmp_path, clip_frames, paths.models())
    findings = list(verify(folder, paths.models()))
    assert [f.text for f in findings if not f.good] == []
    texts = " ".join(f.text for f in findings)
    assert "have the time of a row" in texts and "was found again" in texts and "median difference" in texts


@pytest.mark.parametrize(("found", "good"), [(10, True), (9, True), (8, False), (0, False)])
def test_of_ten_rows_with_a_face_nine_must_be_found_in_the_video(tmp_path, models, monkeypatch, found, good):
    recorder = Recorder(tmp_path, CAMERA, video=VideoKind.CLEAN, room=NO_LIMITS)
    for i in range(10):
        recorder.append(result(i, i / 10, face()))
    recorder.close()
    monkeypatch.setattr(
        Pipeline, "process", lambda _, frame: result(0, 0.0, *[face()] * (frame.index < found))
    )
    (said,) = (f for f in verify(recorder.folder, models) if "was found again" in f.text)
    assert said.good == good and f"in {10 * found}% of the rows" in said.text


def test_a_video_of_somebody_else_does_not_agree(tmp_path, clip_frames, models, monkeypatch):
    folder = recorded(tmp_path, clip_frames, models)
    text = (folder / "faces.csv").read_text().splitlines(keepends=True)
    place = text[0].split(",").index("valence")

    def shifted(line):
        cells = line.split(",")
        cells[place] = f"{float(cells[place]) - 0.2:.4f}" if cells[place] else ""
        return ",".join(cells)

    (folder / "faces.csv").write_text(text[0] + "".join(map(shifted, text[1:])))
    edit(folder, rows_sha256=sha256(folder / "faces.csv"))
    (difference,) = bad(folder, models)
    assert "0.200 in valence" in difference


@pytest.mark.parametrize("kind", [None, VideoKind.BLURRED])
def test_without_a_clean_video_it_says_what_it_cannot_do(tmp_path, models, kind):
    recorder = Recorder(tmp_path, CAMERA, video=kind, room=NO_LIMITS)
    recorder.append(result(0, 0.0, face()))
    recorder.close()
    findings = list(verify(recorder.folder, models))
    assert all(f.good for f in findings) and "no clean video" in findings[-1].text


@pytest.mark.parametrize("kind", ["analysis", "video"])
def test_it_can_be_interrupted(tmp_path, clip_frames, models, analysed, kind):
    folder = analysed[0] if kind == "analysis" else recorded(tmp_path, clip_frames, models)
    with pytest.raises(KeyboardInterrupt):
        list(verify(folder, models, lambda: True))


def damage_bytes(path):
    content = bytearray(path.read_bytes())
    content[-200:-190] = b"\xff\xfe\0\xff\xfe\0\xff\xfe\0\xff"
    path.write_bytes(content)


def test_damage_of_any_kind_is_a_finding_and_no_fault_of_ours(pictured, models):
    damage_bytes(pictured / "faces.csv")
    assert any("come out differently" in text for text in bad(pictured, models))
    edit(pictured, file={"sha256": "aa"})
    assert any("no longer there" in text for text in bad(pictured, models))
    edit(pictured, file={"sha256": "aa", "path": str(pictured)})
    assert any("no longer there" in text for text in bad(pictured, models))
    edit(pictured, file=None, video="none")
    assert not any("again" in text for text in bad(pictured, models))
    (models / "eyes.onnx").unlink()
    assert "eyes: this network is no longer here." in bad(pictured, models)


def test_the_command_line_says_it_with_its_exit_code(pictured, models, monkeypatch, capsys):
    monkeypatch.setattr(paths, "models", lambda: models)
    assert main(["verify", str(pictured)]) == 0
    assert "ok       The one row comes" in capsys.readouterr().out
    (pictured / "faces.csv").write_text((pictured / "faces.csv").read_text() + "\n")
    assert main(["verify", str(pictured)]) == 1
    assert "DIFFERS  faces.csv: changed" in capsys.readouterr().out
    assert main(["verify", str(pictured / "none")]) == 2
    with pytest.raises(SessionError):
        list(verify(pictured / "none", models))


def of_events(folder, models):
    """What is found of the events in `folder`: whether it is good, and the sentence."""
    return [
        (found.good, found.text)
        for found in verify(folder, models)
        if "events" in found.text or "Line" in found.text
    ]


@pytest.fixture
def with_events(tmp_path):
    recorder = Recorder(tmp_path, CAMERA, room=NO_LIMITS)
    recorder.append(result(0, 0.0, face()))
    recorder.mark("=1+1", "key")
    recorder.close()
    return recorder.folder


def test_events_are_checked_as_they_were_recorded(with_events, tmp_path):
    assert of_events(with_events, tmp_path) == [(True, "events.csv: unchanged since it was recorded.")]
    path = with_events / "events.csv"
    path.write_bytes(path.read_bytes().replace(b"1+1", b"2+1"))
    assert of_events(with_events, tmp_path) == [
        (False, "events.csv: changed since it was recorded (its hash differs).")
    ]
    path.unlink()
    assert of_events(with_events, tmp_path) == [(False, "events.csv: it is no longer there.")]


@pytest.mark.parametrize("name", ["events.csv", "events-added.csv"])
@pytest.mark.parametrize("line", ["9,marker,x,1e308,,0,key,,\n", "x\n", "9,marker,x,-1,,0,key,,\n"])
def test_events_that_cannot_be_read_are_said_and_the_check_goes_on(with_events, tmp_path, name, line):
    path = with_events / name
    head = (
        path.read_bytes() if path.exists() else b"event,kind,text,time_s,wall_utc,frame,origin,face,cancels\n"
    )
    path.write_bytes(head + line.encode())
    found = list(verify(with_events, tmp_path))
    assert any(
        not f.good and f.text.startswith("Line ") and f"of {path} cannot be read" in f.text for f in found
    )
    assert found[-1].text == "There is no clean video, so the rows cannot be computed again."


def test_a_session_of_an_older_version_kept_no_hash_of_events(tmp_path):
    folder = make_session(tmp_path / "old", frames=3, models=[])
    assert (True, "events.csv: no hash was kept of it.") in of_events(folder, tmp_path)


def test_a_file_of_another_length_is_not_read(tmp_path):
    other = tmp_path / "secret"
    with other.open("wb") as file:
        file.truncate(10**12)  # to read it would take an hour
    said = {"path": str(other), "bytes": 5, "sha256": "ab" * 32}
    folder = make_session(tmp_path / "made", frames=3, models=[], file=said)
    settings = json.loads((folder / "session.json").read_text())["settings"]
    edit(folder, settings=settings | {"detector": "onnx"})
    assert bad(folder, tmp_path)[-1] == f"{other}: the video is another one (its hash differs)."
