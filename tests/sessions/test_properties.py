"""What holds for every row, event and damage, tried on many that a machine makes up."""

import csv
import hashlib
import math
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.exports.report.figures import figures
from app.exports.report.single import report
from app.sessions.event import Event
from app.sessions.info import SessionError
from app.sessions.reading import RecordedSession
from app.sessions.recover import recover
from app.sessions.row_file import RowFile
from app.sessions.rows import rows
from app.sessions.schema.column import Kind
from app.sessions.schema.events import EVENT_COLUMNS, HEADER, line, read_event
from app.sessions.schema.faces import BY_NAME, NAMES
from app.sessions.schema.formulas import guard, unguard
from app.sessions.schema.limits import LONGEST_MARKER
from app.system.json_text import read_json
from tests.fakes import face, result
from tests.made_session import make_session

# The same examples each time: a suite that fails now and then is believed by nobody.
MANY = settings(
    max_examples=150,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
FEW = settings(MANY, max_examples=40)
texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=80)
words = st.text(st.characters(categories=("L", "N", "P", "S", "Zs"), exclude_characters="\x85"), max_size=80)


@given(texts)
@MANY
def test_a_guarded_text_is_no_formula_and_comes_back(text):
    guarded = guard(text)
    assert unguard(guarded) == text and guard(unguard(guarded)) == guarded
    assert not any(cell.lstrip(" ")[:1] in set("=+-@\t\r") - {""} and cell for cell in guarded.split(";")
                   if cell.lstrip(" "))  # fmt: skip


@given(
    text=words, time=st.floats(0, 9e6), frame=st.integers(0, 10**9), number=st.integers(1, 10**6),
    face_id=st.none() | st.integers(1, 10**6), cancels=st.none() | st.integers(1, 10**6),
    wall=st.just(math.nan) | st.floats(0, 2e9), kind=st.sampled_from(["marker", "undo", "warning"]),
    origin=st.sampled_from(["key", "udp", "lsl", "mien"]),
)  # fmt: skip
@MANY
def test_an_event_comes_back_as_it_was_written(
    text, time, frame, number, face_id, cancels, wall, kind, origin
):
    event = Event(time, kind, text, number, wall, frame, origin, face_id, cancels)
    written = line(event)
    assert written.count("\n") == 1 and written.endswith("\n") and "\r" not in written
    (cells,) = csv.reader([written])
    back = read_event(dict(zip((c.name for c in EVENT_COLUMNS), cells, strict=True)))
    shown = "".join(c if c.isprintable() else " " for c in " ".join(text.split())[:LONGEST_MARKER])
    assert back.text == shown and abs(back.time - time) < 1e-6 * max(1, time)
    assert (back.kind, back.number, back.frame, back.origin) == (kind, number, frame, origin)
    assert (back.face, back.cancels) == (face_id, cancels)
    assert math.isnan(back.wall) == math.isnan(wall) and not abs(back.wall - wall) > 2e-3


@given(
    people=st.lists(st.integers(1, 10**6), max_size=4, unique=True), time=st.floats(0, 9e6),
    frame=st.integers(0, 10**9), valence=st.floats(-1, 1, width=32), arousal=st.floats(-1, 1, width=32),
)  # fmt: skip
@MANY
def test_every_row_has_a_cell_for_each_column_that_is_read_back(people, time, frame, valence, arousal):
    faces = [face(id, valence=valence, arousal=arousal) for id in people]
    text = rows(result(frame, time, *faces), time, 12.5)
    lines = [each.split(",") for each in text.splitlines()]
    assert len(lines) == max(1, len(people)) and {len(each) for each in lines} == {len(NAMES)}
    for place, name in enumerate(NAMES):
        values = BY_NAME[name].read([each[place] for each in lines])
        assert len(values) == len(lines)
        if BY_NAME[name].kind is Kind.WHOLE and name == "frame":
            assert values.tolist() == [frame] * len(lines)
    if people:
        assert np.allclose(BY_NAME["valence"].read([each[NAMES.index("valence")] for each in lines]), valence,
                           atol=5.1e-5)  # fmt: skip


@given(st.lists(st.lists(words, min_size=1, max_size=5), max_size=8))
@FEW
def test_a_row_file_holds_what_was_appended_and_knows_its_hash(groups):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        file = RowFile(path, "head\n")
        for group in groups:
            file.append("".join(f"{each}\n" for each in group))
        file.close()
        content = path.read_bytes()
        assert content == ("head\n" + "".join(f"{e}\n" for g in groups for e in g)).encode()
        assert file.sha256 == hashlib.sha256(content).hexdigest()


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    events = HEADER + "".join(
        line(Event(i / 10, text=f"m,{i}", number=i, origin="key")) for i in range(1, 40)
    )
    return make_session(tmp_path_factory.mktemp("whole") / "made", frames=60, finished=False, events=events)


damages = st.lists(
    st.tuples(
        st.sampled_from(["cut", "zeros", "insert", "overwrite"]), st.floats(0, 1), st.binary(max_size=60)
    ),
    min_size=1, max_size=3,
)  # fmt: skip


def damaged(content: bytes, done) -> bytes:
    for what, share, more in done:
        at = int(share * len(content))
        if what == "cut":
            content = content[:at]
        elif what == "zeros":
            content = content[:at] + bytes(4 * len(more)) + content[at + 4 * len(more) :]
        elif what == "insert":
            content = content[:at] + more + content[at:]
        else:
            content = content[:at] + more + content[at + len(more) :]
    return content


@given(name=st.sampled_from(["faces.csv", "events.csv"]), done=damages)
@MANY
def test_recovery_throws_away_no_whole_line_whatever_was_damaged(whole, name, done):
    with TemporaryDirectory() as place:
        folder = Path(shutil.copytree(whole, Path(place) / "s"))
        before = damaged((folder / name).read_bytes(), done)
        (folder / name).write_bytes(before)
        found = recover(folder)
        left = (folder / name).read_bytes() if (folder / name).exists() else b""
        kept = b"".join(path.read_bytes() for path in found.aside)
        first = (whole / name).read_bytes().partition(b"\n")[0] + b"\n"
        if not before.startswith(first):  # the names of the columns are damaged: nothing is lost all the same
            rest = before.removeprefix(left)
            assert kept in (before, rest) or not rest.rstrip(b"\0\n").count(b"\n")
            return
        assert before.startswith(left) and left.endswith(b"\n")
        rest = before[len(left) :]
        assert kept == rest or (kept == b"" and not rest.rstrip(b"\0\n").count(b"\n"))
        try:
            assert len(RecordedSession(folder).rows("frame")) == found.rows
        except SessionError as error:  # a value was damaged, and the line still has its commas
            assert str(error).count("\n") == 0


@given(done=damages)
@MANY
def test_a_report_of_damaged_rows_is_a_page_or_one_sentence(whole, done):
    with TemporaryDirectory() as place:
        folder = Path(shutil.copytree(whole, Path(place) / "s"))
        (folder / "faces.csv").write_bytes(damaged((folder / "faces.csv").read_bytes(), done))
        try:
            assert "<script" not in report(figures(RecordedSession(folder)))
        except SessionError as error:
            assert str(error).count("\n") == 0 and len(str(error)) < 600


@given(done=damages)
@MANY
def test_a_damaged_session_json_is_read_or_one_sentence(whole, done):
    with TemporaryDirectory() as place:
        folder = Path(shutil.copytree(whole, Path(place) / "s"))
        (folder / "session.json").write_bytes(damaged((folder / "session.json").read_bytes(), done))
        try:
            report(figures(RecordedSession(folder)))
        except SessionError as error:
            assert str(error).count("\n") == 0 and len(str(error)) < 600


@given(st.binary(max_size=200) | texts.map(str.encode))
@MANY
def test_any_bytes_are_json_or_a_clause(content):
    try:
        read_json(content)
    except ValueError as error:
        assert len(str(error)) < 200
