"""What Mien writes could be written on Windows: names, lengths; and no open file is moved or removed."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.__main__ import main
from app.exports import dataset
from app.exports.export import WRITERS, export
from app.runs.names import session_name
from app.sessions.describe_again import describe_again
from app.sessions.header import Details, SessionHeader
from app.sessions.reading import RecordedSession
from app.sessions.recorder import Recorder
from app.sources.source import Mode
from app.study.folder import StudyFolder
from app.study.sessions import begin_session
from app.study.study import Study
from app.system.atomic import WriteError, output_file
from app.system.file_names import no_device, shortened
from tests.made_session import make_session
from tests.sessions.test_recorder import NO_LIMITS
from tests.windows_rules import refused, windows_rules

ROOT = Path(__file__).parents[2]
HOSTILE = (
    "con", "NUL", "nul.1", "Com1", "LPT¹.x", "aux .b", "a:b", 'a<b>c"d|e?f*g', "ends.", "ends ", "...", "   ",
    "über\\weg", "..\\up", "x" * 300, "顔" * 200, "tab\there", "%TEMP%", "P/01", "-o", "~", "",
)  # fmt: skip
under_the_rules = pytest.mark.skipif(sys.platform != "linux", reason="the rules are checked from Linux")


@pytest.mark.parametrize("name", ["con", "a:b", "nul.txt", "COM1.x.y", "ends.", "a /b", "x" * 250, "a\tb"])
def test_the_rules_refuse_what_windows_refuses(name):
    assert refused(Path(name))


@pytest.mark.parametrize("name", ["console", "com", "com10", "a.con", "a b.c", ".hidden", "con-", "NUL-.txt"])
def test_the_rules_take_what_windows_takes(name):
    assert refused(Path(name)) == ""


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_of_a_session_is_refused(name, tmp_path):
    assert (
        refused(Path(session_name(Path("/clips") / f"{name or 'x'}.mp4".replace("/", "-"), "a", "b"))) == ""
    )
    with windows_rules(tmp_path) if sys.platform == "linux" else pytest.MonkeyPatch.context():
        Recorder(
            tmp_path, SessionHeader(name, False, Mode(4, 4, 25.0, ""), (), 4, 0.5), room=NO_LIMITS
        ).close()
    (folder,) = tmp_path.iterdir()
    assert refused(folder.relative_to(tmp_path)) == ""


def test_a_device_gets_a_hyphen_and_what_is_shortened_keeps_its_end():
    assert [no_device(name) for name in ("con", "NUL.a", "console")] == ["con-", "NUL-.a", "console"]
    assert shortened("a" * 80 + "-0123456789ab") == "a" * 44 + "aaa-0123456789ab"
    assert shortened("short") == "short"


@under_the_rules
def test_what_is_exported_and_gathered_of_hostile_names(tmp_path):
    long = f"{'long-' * 24}0123456789ab"
    with windows_rules(tmp_path):
        for i, participant in enumerate(HOSTILE):
            folder = tmp_path / "in" / (long if i == 0 else f"s{i}")
            folder.parent.mkdir(exist_ok=True)
            make_session(folder, frames=40, faces=1, absent=range(0))
            describe_again(folder, Details(participant[:200], "calm"))
        session = RecordedSession(tmp_path / "in" / long)
        for form in WRITERS:
            export(session, form, tmp_path / form)
        dataset.gather(sorted((tmp_path / "in").iterdir()), tmp_path / "all.parquet")
        assert main(["report", str(tmp_path / "in" / long)]) == 0
    made = [path.relative_to(tmp_path) for path in tmp_path.rglob("*")]
    assert len(made) > 100 and [why for path in made if (why := refused(path))] == []


@under_the_rules
def test_a_study_of_hostile_codes(tmp_path):
    with windows_rules(tmp_path):
        folder = StudyFolder.make(tmp_path / "study", Study("a:b", consent_required=False))
        for code in ("con", "nul.1", "COM1", "x" * 40):
            folder.change(lambda study, code=code: study.with_participant(code))
            session = begin_session(folder, code)
            assert refused(Path(session.folder)) == ""


@under_the_rules
def test_a_file_that_another_program_holds_is_one_sentence(tmp_path):
    path = tmp_path / "held.csv"
    path.write_text("old", "utf-8")
    with (
        windows_rules(tmp_path),
        path.open(encoding="utf-8"),
        pytest.raises(WriteError, match=r"cannot be written.*choose another place"),
        output_file(path) as draft,
    ):
        draft.write_text("new", "utf-8")
    assert path.read_text("utf-8") == "old" and len(list(tmp_path.iterdir())) == 1


def test_every_text_file_that_is_written_names_its_encoding_and_its_line_ends():
    """Else Windows writes the code page of the country, and two characters at the end of each line."""
    wrong = []
    for file in sorted((ROOT / "app").rglob("*.py")):
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(call, ast.Call) and (lacks := _lacks(call)):
                wrong.append(f"{file.relative_to(ROOT)}:{call.lineno} lacks {lacks}")
    assert wrong == []


def _lacks(call: ast.Call) -> str:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    told = {word.arg for word in call.keywords}
    modes = [a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    if name == "read_text" and isinstance(call.func, ast.Attribute):
        return "" if call.args or told else "encoding"
    if name == "write_text" and isinstance(call.func, ast.Attribute):
        return ", ".join({"encoding", "newline"} - told)
    if name in ("open", "fdopen", "NamedTemporaryFile") and any(
        set(m) <= set("rwaxt+") and set(m) & set("wax") for m in modes
    ):
        return ", ".join({"encoding", "newline"} - told)
    return ""


def test_no_process_is_forked():
    """Windows cannot, macOS may hang: multiprocessing is told to spawn, and os.fork is not called."""
    for file in [*(ROOT / "app").rglob("*.py"), *(ROOT / "export").rglob("*.py")]:
        text = file.read_text("utf-8")
        assert "os.fork" not in text and '"fork' not in text, file
        for word in ("multiprocessing.Process(", "multiprocessing.Pool(", "ProcessPoolExecutor()"):
            assert word not in text, file


@pytest.mark.parametrize(
    "how", [{"LC_ALL": "C", "PYTHONUTF8": "0"}, {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}]
)
def test_the_same_files_whatever_the_locale_and_the_terminal(tmp_path, clips, how):
    texts = {}
    for name, environment in (("usual", {}), ("other", how)):
        clip = tmp_path / name / "顔 ü.jpg"
        clip.parent.mkdir()
        clip.write_bytes((clips / "one-face.jpg").read_bytes())
        command = [sys.executable, "-X", "warn_default_encoding", "-m", "app", "analyze", str(clip), "-o"]
        done = subprocess.run(
            [*command, str(tmp_path / name / "out")], cwd=ROOT, capture_output=True, check=False,
            env={k: v for k, v in os.environ.items() if not k.startswith("LC_")} | environment,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert b"Traceback" not in done.stderr and str(ROOT / "app").encode() not in done.stderr, done.stderr
        (rows,) = (tmp_path / name / "out").glob("*/faces.csv")
        texts[name] = rows.read_bytes()
    assert texts["usual"] == texts["other"] and b"\r" not in texts["other"]
