import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from app import __version__
from app.__main__ import main
from app.cli import analyze
from app.cli.arguments import read
from app.playing import first_source
from app.sources import capture
from app.streams.streams import StreamOptions
from app.system import paths
from app.system.settings import Settings
from tests.fakes import LONG, wait_for, write_video
from tests.made_session import make_session

ROOT = Path(__file__).parents[2]
# The program with other models, in a process of its own.
PROGRAM = """
import signal, sys
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may start the tests with Ctrl-C ignored
from app.system import paths
paths.models = lambda: Path(sys.argv[1])
from app.__main__ import main
sys.exit(main(sys.argv[2:]))
"""
# Before it: the hundredth frame of a video does not come until Ctrl-C does.
WAITS = """
import time
from app.sources.video import VideoFile
read = VideoFile.read

def read_and_wait(video):
    frame = read(video)
    while frame.index >= 99 and not signal.getsignal(signal.SIGINT).came:
        time.sleep(0.01)
    return frame

VideoFile.read = read_and_wait
"""


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """The user's folders, and a machine without a display or a camera."""
    monkeypatch.setattr(paths, "settings_file", lambda: tmp_path / "home" / "settings.json")
    monkeypatch.setattr(paths, "log_file", lambda: tmp_path / "home" / "mien.log")
    monkeypatch.setattr(capture.SystemCameras, "list", lambda self: ())
    monkeypatch.setattr(first_source, "has_display", lambda: False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def tiny(monkeypatch, models):
    monkeypatch.setattr(paths, "models", lambda: models)


@pytest.fixture
def spawn(tmp_path):
    """Starts Python as a user with a home of its own; what still runs at the end of the test is killed."""
    user = {n: str(tmp_path) for n in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")}
    started = []

    def start(*arguments):
        started.append(
            subprocess.Popen(
                [sys.executable, *map(str, arguments)],
                cwd=ROOT,
                env={**os.environ, **user},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        return started[-1]

    yield start
    for running in started:
        running.kill()
        running.communicate()


def one_sentence(text):
    assert "Traceback" not in text and text.count("\n") == 1 and text.endswith(".\n")
    return text


def test_it_is_the_same_program_as_a_module(spawn):
    running = spawn("-m", "app", "--version")
    out, err = running.communicate(timeout=LONG)
    assert (running.returncode, out, err) == (0, f"mien {__version__}\n", "")


def test_help_shows_examples(capsys):
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])
    said = capsys.readouterr().out
    assert (
        "mien clip.mp4 " in said and "mien analyze a.mp4" in said and "--camera" in said and "bench" in said
    )


@pytest.mark.parametrize(
    "arguments",
    [
        "--camera",
        "analyze",
        "bench --size big",
        "bench --copies 0",
        "dance",
        "--camera 0 --video a.mp4",
        "--video a.mp4 analyze b.mp4",
        "--precision float32 analyze b.mp4",
        "analyze b.mp4 --precision auto",
        "--record analyze b.mp4",
        "--selftest analyze b.mp4",
        "--selftest --video a.mp4",
        "--screenshot a.png verify session",
        "--record bench --live",
        "--lsl replay session",
        "--after -1",
        "--after soon",
        "analyze b.mp4 --jobs two",
        "bench --soak -1",
        "bench --soak 0",
        "bench --soak nan",
        "bench --live --soak 1",
        "bench --record",
        "bench --minutes 2",
        "bench --record-video clean",
        "bench --soak 1 --copies 4",
    ],
)
def test_wrong_usage(arguments, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(arguments.split())
    assert "usage: mien" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    ["clip.avi", "--record clip.avi", "clip.avi --record", "--after 2 clip.avi", "--screens=a.png clip.avi"],
)
def test_the_name_of_a_file_alone_opens_it(tmp_path, arguments):
    clip = write_video(tmp_path / "clip.avi")
    call = read(arguments.split())
    given = call.options
    assert given.video == Path(clip.name) and call.command.name == "" and given.camera is None
    assert given.record == ("--record" in arguments) and given.after == (
        2.0 if "--after" in arguments else 5.0
    )


def test_a_command_is_no_file_even_where_one_has_its_name(tmp_path):
    (tmp_path / "analyze").touch()
    assert read(["analyze", "a.mp4"]).options.files == [Path("a.mp4")]
    assert read(["--aft", "3", "--video", "analyze"]).options.video == Path("analyze")


@pytest.mark.parametrize("number", ["0", "17", "-1", "four", "1e1", "9.0", ""])
@pytest.mark.parametrize("command", [["analyze", "clip.avi"], ["clip.avi"]], ids=["analyze", "window"])
def test_the_number_of_faces_has_bounds(tmp_path, command, number, capsys):
    write_video(tmp_path / "clip.avi")
    with pytest.raises(SystemExit, match="2"):
        main([*command, f"--faces={number}"])
    said = f"argument --faces: {number!r} is not a whole number from 1 to 16\n"
    assert capsys.readouterr().err.endswith(said)


def test_the_number_of_faces_reaches_both(tmp_path):
    write_video(tmp_path / "clip.avi")
    assert read(["analyze", "clip.avi", "--faces", "16"]).options.faces == 16
    assert read(["clip.avi", "--faces", "9"]).options.faces == 9
    assert read(["clip.avi"]).options.faces is None  # as the last time


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("none.mp4", "none.mp4 is neither a file nor a command: check its name, or see mien --help"),
        ("--record anlyze", "anlyze is neither a file nor a command: did you mean `mien analyze`?"),
        ("clip.avi b.avi", "the window plays one file, so b.avi is too many: mien analyze takes several"),
        ("--camera 0 analyze b.avi", "--camera before analyze has no effect: leave it out, or put it behind "
         "analyze if that has such an option"),
        ("clip.avi --camera 0", "argument --camera: not allowed with argument --video"),
        ("clip.avi analyze b.avi", "clip.avi before analyze has no effect: leave it out, or put it behind "
         "analyze if that takes files"),
    ],
)  # fmt: skip
def test_what_is_neither_a_command_nor_a_file(tmp_path, arguments, sentence, capsys):
    write_video(tmp_path / "clip.avi")
    with pytest.raises(SystemExit, match="2"):
        main(arguments.split())
    assert capsys.readouterr().err.endswith(f"\nmien: error: {sentence}\n")


def test_without_a_display_the_sample_clip_is_analysed_here(tmp_path, tiny, monkeypatch, capsys):
    monkeypatch.setattr(paths, "assets", lambda: tmp_path)
    write_video(tmp_path / "sample.mp4", 6, codec="mp4v")
    assert main([]) == 0
    said = capsys.readouterr()
    assert "There is no display" in said.err and "No face was found in 6 frames." in said.out
    assert len(list((tmp_path / "sessions").glob("*/session.json"))) == 1


@pytest.mark.parametrize(
    "words", ["--camera 0", "--screenshot a.png", "--record", "--precision int8", "--lsl", "--osc 9000"]
)
def test_what_only_the_window_can_do_needs_a_display(words, capsys):
    assert main(words.split()) == 2
    assert f"{words.split()[0]} needs the window" in one_sentence(capsys.readouterr().err)
    assert not Path("sessions").exists()  # nothing was analysed instead


def test_a_video_that_does_not_exist(tiny, capsys, monkeypatch):
    assert main(["analyze", "none.mp4"]) == 1
    assert "does not exist" in capsys.readouterr().err
    monkeypatch.setattr(first_source, "has_display", lambda: True)
    assert main(["--video", "none.mp4", "--screenshot", "shot.png"]) == 2
    assert "does not exist" in one_sentence(capsys.readouterr().err)


def test_what_the_file_manager_opens_is_played_replayed_or_said_in_the_window(tmp_path, monkeypatch, capsys):
    calls = []
    window = SimpleNamespace(run=lambda source, *_, **named: calls.append((source, named["session"])) or 0)
    monkeypatch.setitem(sys.modules, "app.ui.run", window)
    monkeypatch.setattr(first_source, "has_display", lambda: True)
    broken, session = tmp_path / "broken.mp4", make_session(tmp_path / "session", frames=2)
    broken.write_bytes(b"no video")
    assert main([str(broken)]) == 0
    assert "broken.mp4" in one_sentence(capsys.readouterr().err)
    assert main([str(session)]) == main([str(session / "session.json")]) == main([str(tmp_path)]) == 0
    assert calls[0][0].path == broken
    assert [folder for _, folder in calls] == [None, session, session, tmp_path]
    monkeypatch.setattr(first_source, "has_display", lambda: False)
    assert main([str(session)]) == 2
    assert "A replay needs the window" in one_sentence(capsys.readouterr().err)


def test_the_network_that_was_asked_for_is_the_one_that_the_session_names(tmp_path, both, tiny, capsys):
    clip, out = write_video(tmp_path / "clip.avi", 4), tmp_path / "out"
    main(["analyze", str(clip), "-o", str(out), "--precision", "float32"])
    (session,) = out.rglob("session.json")
    names = [model["name"] for model in json.loads(session.read_text())["models"]]
    assert names[:2] == ["eyes", "affect-float32"]
    assert main(["bench", str(clip), "--frames", "2", "--precision", "float32"]) == 0
    assert "affect-float32.onnx, float32" in capsys.readouterr().out


def test_the_window_is_told_how_exactly_to_count(tmp_path, monkeypatch):
    calls = []
    window = SimpleNamespace(run=lambda *arguments, **named: calls.append(arguments) or 0)
    monkeypatch.setitem(sys.modules, "app.ui.run", window)
    monkeypatch.setattr(first_source, "has_display", lambda: True)
    clip = str(write_video(tmp_path / "clip.avi"))
    assert main(["--video", clip]) == main(["--video", clip, "--precision", "float32"]) == 0
    assert [settings.precision for _, _, settings, *_ in calls] == ["auto", "float32"]


def test_the_window_gets_its_source_its_notice_and_the_settings(tmp_path, monkeypatch):
    calls = []
    window = SimpleNamespace(run=lambda *arguments, **named: calls.append((*arguments, named)) or 0)
    monkeypatch.setitem(sys.modules, "app.ui.run", window)
    monkeypatch.setattr(first_source, "has_display", lambda: True)
    clip = write_video(tmp_path / "clip.avi")
    shot = ["--screenshot", "shot.png", "--after", "2"]
    assert main(["--video", str(clip), *shot, "--record", "--lsl"]) == 0
    (source, notice, settings, screenshot, after, named) = calls[0]
    assert source.path == clip and notice == "" and settings == Settings()
    assert (screenshot, after) == (Path("shot.png"), 2.0)
    assert named == {"record": True, "wanted": StreamOptions(lsl=True), "session": None, "detector": "onnx",
                     "stage": False, "screen": None, "study": None}  # fmt: skip
    assert main(["--video", str(clip), "--stage", "--screen", "2"]) == 0
    assert (calls[1][-1]["stage"], calls[1][-1]["screen"]) == (True, 2)


def test_the_window_says_that_the_settings_were_damaged(tmp_path, monkeypatch, capsys):
    calls = []
    window = SimpleNamespace(run=lambda *arguments, **named: calls.append(arguments) or 0)
    monkeypatch.setitem(sys.modules, "app.ui.run", window)
    monkeypatch.setattr(first_source, "has_display", lambda: True)
    paths.settings_file().parent.mkdir(parents=True, exist_ok=True)
    paths.settings_file().write_text("{")
    assert main(["--video", str(write_video(tmp_path / "clip.avi"))]) == 0
    assert "settings were damaged" in calls[0][1] and calls[0][1] in capsys.readouterr().err


def test_replay_opens_the_window_on_a_session_and_needs_one(tmp_path, monkeypatch, capsys):
    calls = []
    window = SimpleNamespace(run=lambda *_, **named: calls.append(named) or 0)
    monkeypatch.setitem(sys.modules, "app.ui.run", window)
    monkeypatch.setattr(first_source, "has_display", lambda: True)
    session = make_session(tmp_path / "session", frames=2)
    assert main(["replay", str(session)]) == 0 and calls[0]["session"] == session
    assert main(["--screenshot", "shot.png", "replay", str(session)]) == 0
    assert main(["replay", str(tmp_path)]) == 2 and len(calls) == 2
    assert "session.json cannot be read" in one_sentence(capsys.readouterr().err)
    monkeypatch.setattr(first_source, "has_display", lambda: False)
    assert main(["replay", str(session)]) == 2
    assert "needs the window" in one_sentence(capsys.readouterr().err)


def test_a_window_that_cannot_be_opened_for_want_of_a_library(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "app.ui.run", None)  # importing it fails
    monkeypatch.setattr(first_source, "has_display", lambda: True)
    assert main(["--camera", "0"]) == 2
    assert "The window cannot be opened" in one_sentence(capsys.readouterr().err)


@pytest.mark.parametrize("damage", ["missing", "truncated", "card"])
def test_a_model_that_cannot_be_used(damage, tmp_path, tiny, models, capsys):
    network, card = models / "affect.onnx", models / "affect.toml"
    if damage == "missing":
        network.unlink()
    elif damage == "truncated":
        network.write_bytes(network.read_bytes()[:100])
    else:
        card.write_text(card.read_text().replace('"affect"', '"weather"'))
    clip = write_video(tmp_path / "clip.avi")
    assert main(["analyze", str(clip)]) == 2
    assert "affect.toml" in one_sentence(capsys.readouterr().err)
    assert main(["bench", str(clip)]) == 2
    assert "affect.toml" in one_sentence(capsys.readouterr().err)


def test_a_folder_that_cannot_be_written(tmp_path, tiny, capsys):
    (tmp_path / "file").touch()
    assert main(["analyze", str(write_video(tmp_path / "c.avi")), "-o", str(tmp_path / "file")]) == 2
    assert "choose another folder" in capsys.readouterr().err


def test_an_option_of_old_scripts_is_taken_and_said(tmp_path, capsys):
    assert main(["analyze", "--resume", "--list", str(tmp_path / "none.csv")]) == 2
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith("--resume has no effect any more") and "none.csv cannot be read" in said[1]


def test_bench_of_a_file_that_is_not_a_video(tmp_path, tiny, capsys):
    (tmp_path / "text.mp4").write_text("no")
    assert main(["bench", str(tmp_path / "text.mp4")]) == 2
    assert "is not a video" in one_sentence(capsys.readouterr().err)


def test_a_fault_of_our_own_is_one_sentence_and_a_traceback_in_the_log(tmp_path, monkeypatch, capsys, caplog):
    def broken(*_, **__):
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(analyze, "analyze_files", broken)
    assert main(["analyze", "a.mp4"]) == 2
    said = one_sentence(capsys.readouterr().err)
    assert "ZeroDivisionError" in said and "mien.log" in said
    assert "Traceback" in caplog.text


def test_settings_of_the_window_do_not_concern_an_analysis(tmp_path, tiny, capsys):
    paths.settings_file().parent.mkdir()
    paths.settings_file().write_text("{")
    assert main(["analyze", "none.mp4"]) == 1
    assert "settings" not in capsys.readouterr().err and paths.settings_file().read_text() == "{"


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C of another process is a Unix thing")
def test_ctrl_c_keeps_what_was_written_and_says_where(spawn, tmp_path, models):
    clip, out = write_video(tmp_path / "long.avi", 120), tmp_path / "out"
    running = spawn("-c", WAITS + PROGRAM, models, "analyze", clip, "-o", out)
    wait_for(lambda: [f.read_text().count("\n") for f in out.rglob("faces.csv")] == [100])
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=LONG)
    assert running.returncode == 130 and "Traceback" not in err
    (folder,) = {p.parent for p in out.glob("*/faces.csv")}
    assert "Stopped. The rows of the first 99 frames" in err and str(folder / "faces.csv") in err
    said = json.loads((folder / "session.json").read_text())
    assert said["finished"] and said["rows"] == (folder / "faces.csv").read_text().count("\n") - 1 == 99


def test_analysis_and_help_never_load_qt(spawn, tmp_path, models):
    clip = write_video(tmp_path / "clip.avi", 3)
    check = PROGRAM.replace("sys.exit(main(sys.argv[2:]))", "main(sys.argv[2:])") + (
        "print([m for m in sys.modules if m.startswith(('PySide6', 'pyqtgraph'))])"
    )
    running = spawn("-c", check, models, "analyze", clip, "-o", tmp_path / "out")
    out, err = running.communicate(timeout=LONG)
    assert out.splitlines()[-1] == "[]", err


def test_a_folder_behind_as_clip_is_told_where_it_goes(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["analyze", "--as-clip", "shots"])
    assert ended.value.code == 2
    assert "the folder goes before the option, as in mien analyze shots --as-clip" in capsys.readouterr().err


def test_a_study_that_is_not_there_is_said_where_it_was_typed(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(first_source, "has_display", lambda: True)
    assert main(["--study", str(tmp_path / "none")]) == 2
    assert capsys.readouterr().err.startswith("There is no study in ")
