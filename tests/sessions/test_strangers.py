"""Sessions that somebody else made: nothing elsewhere is touched, and what is wrong is one sentence."""

import json
import os
import sys
import time
from pathlib import Path

import pytest

from app.analysis.verify import verify
from app.exports.export import WRITERS, export
from app.exports.report.write import write
from app.sessions import event_log
from app.sessions.added_events import AddedEvents
from app.sessions.event_file import read_events
from app.sessions.info import SessionError
from app.sessions.pictures import find_pictures
from app.sessions.reading import RecordedSession
from app.sessions.recover import recover
from app.sessions.results import SessionResults
from app.sessions.schema import limits
from app.system.atomic import output_file
from app.system.errors import UserError
from tests.fakes import result
from tests.made_session import describe, make_session

needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="a Unix thing: pipes and links")
SECRET = "frame,time_s,face,status\n0,0.0,,no_face\n"


def replay(folder: Path) -> None:
    session = RecordedSession(folder)
    results = SessionResults(session)
    session.events()
    find_pictures(session).at(0.0, results.result(0, None).faces)


ACTIONS = {
    "report": lambda folder: write([str(folder)]),
    "compare": lambda folder: write([f"a={folder}", f"b={folder}"]),
    "replay": replay,
    "verify": lambda folder: list(verify(folder, folder)),
    "recover": lambda folder: recover(folder, rebuild=False),
    "mark": lambda folder: AddedEvents(folder).mark("seen", 0.0, 0),
    **{name: lambda folder, name=name: export(RecordedSession(folder), name) for name in WRITERS},
}
READ_BY = {
    "session.json": set(ACTIONS) - {"mark"},
    "faces.csv": set(ACTIONS) - {"mark"},
    "events.csv": set(ACTIONS) - {"mark", "verify"},
    "events-added.csv": set(ACTIONS) - {"verify"},
    "video.mkv": {"replay"},
}


def pipe(path: Path, target: Path) -> None:
    os.mkfifo(path)


def device(path: Path, target: Path) -> None:
    path.symlink_to("/dev/zero")


def link(path: Path, target: Path) -> None:
    path.symlink_to(target)


def folder_of_that_name(path: Path, target: Path) -> None:
    path.mkdir()


@needs_posix
@pytest.mark.parametrize("put", [link, pipe, device, folder_of_that_name], ids=lambda put: put.__name__)
@pytest.mark.parametrize(
    ("name", "action"), [(n, a) for n, actions in READ_BY.items() for a in sorted(actions)]
)
def test_what_is_no_plain_file_is_one_sentence_at_once(tmp_path, name, action, put):
    outside = tmp_path / "outside"
    outside.write_text(SECRET)
    finished = action != "recover"
    folder = make_session(tmp_path / "in" / "made", frames=3, finished=finished)
    (folder / name).unlink(missing_ok=True)
    put(folder / name, outside)
    begun = time.perf_counter()
    if name == "video.mkv":
        ACTIONS[action](folder)  # a replay without its picture
    else:
        with pytest.raises((SessionError, OSError)) as error:
            ACTIONS[action](folder)
        text = error.value.strerror if isinstance(error.value, OSError) else str(error.value)
        assert "it is a" in text and "\n" not in text
    assert time.perf_counter() - begun < 10
    assert outside.read_text() == SECRET and (folder / name).lstat() is not None


@needs_posix
@pytest.mark.parametrize("name", ["faces.csv", "events.csv", "video.mkv"])
def test_recovery_changes_nothing_that_has_a_name_elsewhere(tmp_path, name):
    outside = tmp_path / "outside"
    outside.write_bytes(b"a,b\n1,2\n" + b"torn" * 9)
    folder = make_session(tmp_path / "in" / "made", frames=3, finished=False)
    (folder / name).unlink(missing_ok=True)
    os.link(outside, folder / name)
    before = outside.read_bytes()
    try:
        assert "second name" in recover(folder).lacks or name == "video.mkv"
    except SessionError as error:
        assert "second name" in str(error)
    assert outside.read_bytes() == before


@needs_posix
def test_a_page_and_its_draft_follow_no_link(tmp_path):
    outside = tmp_path / "outside"
    outside.write_text(SECRET)
    folder = make_session(tmp_path / "made", frames=3)
    (folder / "report.html").symlink_to(outside)
    page = write([str(folder)])
    assert outside.read_text() == SECRET and not page.is_symlink() and "<html" in page.read_text()
    with output_file(folder / "x") as draft:
        assert draft.is_file() and not draft.is_symlink() and len(draft.name) > len("x.12345678")


def spoilt(folder: Path, name: str, change) -> None:
    path = folder / name
    path.write_bytes(change(path.read_bytes() if path.exists() else b""))


def described(**changes):
    return lambda _: json.dumps(describe(**changes)).encode()


def deep(count: int, inner: str = "1") -> str:
    return "[" * count + inner + "]" * count


WRONG_INFO = {
    "nested 100,000 deep": lambda _: deep(100_000).encode(),
    "nested 100 deep inside": lambda old: old.replace(b'"stop"', deep(100).encode()),
    "objects in objects": lambda _: b'{"a":' * 5000 + b"1" + b"}" * 5000,
    "half of a surrogate pair": lambda old: old.replace(b'"stop"', b'"\\ud800"'),
    "a number beyond all": lambda old: old.replace(b'"stop"', b"1e400"),
    "no number": lambda old: old.replace(b'"stop"', b"NaN"),
    "infinite": lambda old: old.replace(b'"stop"', b"-Infinity"),
    "a number of 5,000 digits": lambda old: old.replace(b'"stop"', b"9" * 5000),
    "a number of 30 digits": lambda old: old.replace(b'"stop"', b"9" * 30),
    "no UTF-8": lambda old: old.replace(b"stop", b"\xff\xfe"),
    "empty": lambda _: b"",
    "zeros": lambda _: bytes(4096),
    "5 MB": lambda old: old + b" " * 5_000_000,
    "a text of a million letters": described(notes="x" * 1_000_000),
    "max_faces of a billion": described(settings={"max_faces": 10**9, "smoothing": 0.5}),
    "max_faces 0": described(settings={"max_faces": 0, "smoothing": 0.5}),
    "max_faces a text": described(settings={"max_faces": "four", "smoothing": 0.5}),
    "smoothing a list": described(settings={"max_faces": 4, "smoothing": [[]]}),
    "width of 100,000": described(source={"name": "a", "width": 100_000, "height": 20, "rate": 30}),
    "a picture of a milliard pixels": described(source={"name": "a", "width": 31_000, "height": 31_000}),
    "width below 0": described(source={"name": "a", "width": -5, "height": 20}),
    "rate of 1e300": described(source={"name": "a", "width": 5, "height": 5, "rate": 1e300}),
    "source a list": described(source=[1]),
    "models a number": described(models=3),
    "a network's name of 5,000 letters": described(models=[{"name": "x" * 5000}]),
    "a network elsewhere": described(models=[{"name": "../../outside"}]),
    "a hidden network": described(models=[{"name": ".ssh"}]),
    "a file's name of 5,000 letters": described(file={"path": "x" * 5000, "bytes": 1}),
    "a file's name with a zero": described(file={"path": "a\0b", "bytes": 1}),
    "a file of half a byte": described(file={"path": "ab", "bytes": 0.5}),
    "columns without a name": described(columns=[{}]),
    "100,000 columns": described(columns=[{"name": "a"}] * 100_000),
    "a baseline of 1e300": described(baseline=[{"face": 1, "origin": {"valence": 1e300, "arousal": 0}}]),
    "a baseline of nobody": described(baseline=[{"face": "all", "origin": {"valence": 0, "arousal": 0}}]),
    "a newer format": described(format_version=10**17),
}


@pytest.mark.parametrize("action", ["report", "replay", "verify", "parquet"])
@pytest.mark.parametrize("what", WRONG_INFO)
def test_a_session_json_that_cannot_be_is_one_sentence(tmp_path, what, action):
    folder = make_session(tmp_path / "made", frames=3)
    spoilt(folder, "session.json", WRONG_INFO[what])
    with pytest.raises(UserError) as error:
        ACTIONS[action](folder)
    assert "\n" not in str(error.value) and len(str(error.value)) < 600


def with_cell(column: str, value: str):
    """The rows with `value` in the second one's `column`."""

    def change(old: bytes) -> bytes:
        lines = [line.split(",") for line in old.decode().splitlines()]
        lines[2][lines[0].index(column)] = value
        return "".join(",".join(cells) + "\n" for cells in lines).encode()

    return change


def with_columns(*names: str):
    def change(old: bytes) -> bytes:
        first, *others = old.decode().splitlines()
        rows = [",".join([first, *names]), *(",".join([line, *["1"] * len(names)]) for line in others)]
        return ("\n".join(rows) + "\n").encode()

    return change


WRONG_ROWS = {
    "a time of 1e308": with_cell("time_s", "1e308"),
    "a time of 1e12": with_cell("time_s", "1e12"),
    "a time of 2e9": with_cell("time_s", "2e9"),
    "a time before 0": with_cell("time_s", "-1"),
    "a frame of 1e300": with_cell("frame", "1e300"),
    "half a frame": with_cell("frame", "1.5"),
    "a frame below 0": with_cell("frame", "-1"),
    "a face of 1e300": with_cell("face", "1e300"),
    "face 0": with_cell("face", "0"),
    "half a face": with_cell("face", "0.5"),
    "an infinite face": with_cell("face", "inf"),
    "a place of 1e300": with_cell("box_x0", "1e300"),
    "a valence of 7": with_cell("valence", "7"),
    "a probability of -1": with_cell("p_happy", "-1"),
    "no number": with_cell("valence_smooth", "nan"),
    "a status of 70 letters": with_cell("status", "x" * 70),
    "a status of 200,000 letters": with_cell("status", "x" * 200_000),
    "a line of 10 MB": lambda old: old + b"," * 10_000_000 + b"\n",
    "a first line of 10 MB": lambda old: b"x," * 5_000_000 + old,
    "two columns of one name": with_columns("valence"),
    "a column without a name": with_columns(""),
    "a column of markup": with_columns("<script>"),
    "1,000 columns": with_columns(*(f"c{i}" for i in range(1000))),
    "zeros": lambda old: old + bytes(5000) + b"\n",
}


@pytest.mark.parametrize("action", ["report", "replay", *WRITERS])
@pytest.mark.parametrize("what", WRONG_ROWS)
def test_rows_that_cannot_be_are_one_sentence_or_not_read(tmp_path, what, action):
    folder = make_session(tmp_path / "made", frames=3)
    spoilt(folder, "faces.csv", WRONG_ROWS[what])
    try:
        ACTIONS[action](folder)
    except SessionError as error:
        assert "\n" not in str(error) and len(str(error)) < 600
    else:  # a format needs not every column
        assert action not in ("parquet", "replay")


EVENT = "event,kind,text,time_s,wall_utc,frame,origin,face,cancels\n"
WRONG_EVENTS = {
    "an event at 1e308": "1,marker,a,1e308,,0,key,,\n",
    "an event at 1e12": "1,marker,a,1e12,,0,key,,\n",
    "an infinite event": "1,marker,a,inf,,0,key,,\n",
    "frame 1e300": "1,marker,a,1,,1e300,key,,\n",
    "a frame of 5,000 digits": f"1,marker,a,1,,{'9' * 5000},key,,\n",
    "a face of 1e18": f"1,marker,a,1,,1,key,{10**18},\n",
    "a wall clock of the year 1": "1,marker,a,1,0001-01-01T00:00:00,1,key,,\n" * 2 + "x,,,,,,,,\n",
    "no wall clock": "1,marker,a,1,soon,1,key,,\n",
    "a text of 131,073 letters": f"1,marker,{'x' * 131_073},1,,1,key,,\n",
    "a quoted text of 131,073 letters": f'1,marker,"{"x" * 131_073}",1,,1,key,,\n',
    "ten texts of 200 kB": f"1,marker,{'x' * 200_000},1,,1,key,,\n" * 10,
    "a quote that never ends": '1,marker,"a,1,,1,key,,\n' + "2,marker,b,2,,1,key,,\n" * 9000,
}


@pytest.mark.parametrize("action", ["report", "replay", "parquet", "bids"])
@pytest.mark.parametrize("what", WRONG_EVENTS)
def test_events_that_cannot_be_are_one_sentence(tmp_path, what, action):
    folder = make_session(tmp_path / "made", frames=3)
    (folder / "events.csv").write_text(EVENT + WRONG_EVENTS[what])
    with pytest.raises(SessionError) as error:
        ACTIONS[action](folder)
    assert "\n" not in str(error.value) and len(str(error.value)) < 600


@pytest.mark.parametrize("action", sorted(set(ACTIONS) - {"mark"}))
def test_a_path_of_5000_letters_is_one_sentence(action):
    with pytest.raises(UserError) as error:
        ACTIONS[action](Path("x" * 5000))
    assert len(str(error.value)) < 600


@pytest.mark.parametrize("path", ["x" * 5000, "/dev/zero", "\\\\elsewhere\\share\\a.mp4"])
@pytest.mark.parametrize("action", ["replay", "verify", "elan"])
def test_the_name_of_a_file_that_was_measured_leads_nowhere(tmp_path, monkeypatch, path, action):
    said = {"path": path[:4096], "bytes": 5, "sha256": "ab" * 32}
    folder = make_session(tmp_path / "made", frames=3, file=said, models=[])
    ACTIONS[action](folder)


def test_a_file_of_events_that_is_too_long_is_refused_unread(tmp_path):
    folder = make_session(tmp_path / "made", frames=3, events=EVENT)
    with (folder / "events.csv").open("r+b") as file:
        file.truncate(10**11)  # takes no room on the disk
    begun = time.perf_counter()
    with pytest.raises(SessionError, match="has more than 1,000,000 events"):
        RecordedSession(folder).events()
    assert time.perf_counter() - begun < 10


def most_memory():
    """Bytes that this process has had at most."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


@pytest.fixture(scope="module")
def of_ten_million_rows(tmp_path_factory):
    folder = make_session(tmp_path_factory.mktemp("rows") / "made", frames=1, faces=0, absent=range(1))
    with (folder / "faces.csv").open("w") as file:
        file.write("frame,time_s,face,status\n")
        for _ in range(100):
            file.write("1,1,,no_face\n" * 100_000)
    yield folder
    (folder / "faces.csv").unlink()  # 130 MB


@needs_posix
@pytest.mark.parametrize("action", ["report", "compare", "replay", *WRITERS])
def test_ten_million_rows_are_refused_before_they_cost_anything(of_ten_million_rows, action):
    before, begun = most_memory(), time.perf_counter()
    with pytest.raises(SessionError, match="too many"):
        ACTIONS[action](of_ten_million_rows)
    assert time.perf_counter() - begun < 10
    assert most_memory() - before < 100e6


def test_an_event_log_ends_before_nobody_could_read_it(tmp_path, monkeypatch):
    monkeypatch.setattr(event_log, "MOST_EVENTS", 50)
    monkeypatch.setattr(limits, "MOST_EVENTS", 50)
    log = event_log.EventLog(tmp_path / "events.csv")
    log.see(result(0, 0.0), 0.0, live=False)
    for i in range(200):
        log.mark(f"m{i}", "udp")
    log.close()
    assert [event.text for event in read_events(tmp_path / "events.csv")] == [f"m{i}" for i in range(50)]
    with (tmp_path / "events.csv").open("a") as file:
        file.write("51,marker,one too many,1,,1,udp,,\n")
    with pytest.raises(SessionError, match="has more than 50 events"):
        read_events(tmp_path / "events.csv")
