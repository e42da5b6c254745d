"""What `session.json` says when it is made anew from rows alone, and how a recovery is told."""

from pathlib import Path

import pytest

from app.sessions.rebuild import is_lost, rebuilt, row_columns, to_text
from app.sessions.recover import Recovered
from app.sessions.schema.faces import HEADER
from app.stages.quality import MEANING


@pytest.mark.parametrize(
    ("folder", "name"),
    [("20260102T030405Z-Desk-camera", "Desk-camera"), ("mine", "mine"), ("2026Z-x", "2026Z-x")],
)
def test_it_says_what_the_rows_tell_and_no_more(tmp_path, folder, name):
    for wall in ("2026-01-02T03:04:05.000Z", ""):
        said = rebuilt(tmp_path / folder, ["frame", "mine", "yaw_deg"], {"wall_utc": wall})
        assert [column["name"] for column in said.pop("columns")] == ["frame", "yaw_deg"]
        assert said.pop("status") == MEANING
        assert said == {
            "format": "mien session", "format_version": 1, "app": {"name": "mien", "version": ""},
            "started_utc": wall, "finished": False, "models": [], "settings": {},
            "source": {
                "name": name, "live": wall != "", "width": 0, "height": 0, "rate": 0.0, "format": "",
            },
        }  # fmt: skip
    assert rebuilt(tmp_path, [], {})["started_utc"] == ""


def test_its_text_can_be_read_by_people():
    assert to_text({"a": {"b": "ä"}}) == '{\n  "a": {\n    "b": "ä"\n  }\n}\n'


@pytest.mark.parametrize(
    ("content", "lost"), [(None, True), (b"", True), (b"\0\0 \r\n\t", True), (b"{", False), (b"\0x", False)]
)
def test_a_file_that_is_missing_or_holds_nothing_is_lost(tmp_path, content, lost):
    if content is not None:
        (tmp_path / "session.json").write_bytes(content)
    assert is_lost(tmp_path) == lost


def test_rows_of_a_session_have_the_columns_that_every_session_has(tmp_path):
    names = tuple(HEADER.strip().split(","))
    assert row_columns(tmp_path) == ()
    for text, expected in (
        (HEADER, names), (HEADER + "1,2\n", names), (HEADER.strip(), ()), ("a,b\n", ()),
        (HEADER.strip() + ",mine\n", (*names, "mine")), (HEADER.replace("frame,", "", 1), ()),
    ):  # fmt: skip
        (tmp_path / "faces.csv").write_text(text)
        assert row_columns(tmp_path) == expected


@pytest.mark.parametrize(
    ("seconds", "rows", "said"),
    [
        (0.4, 1, "0 s (1 row) were"), (59.4, 2, "59 s (2 rows) were"),
        (60.0, 0, "1:00 minutes (0 rows) were"),
        (125.6, 9, "2:06 minutes (9 rows) were"), (3600.0, 9, "60:00 minutes (9 rows) were"),
    ],
)  # fmt: skip
def test_a_recovery_is_told_in_a_sentence(seconds, rows, said):
    folder = Path("there")
    plain = f"A recording was interrupted; {said} recovered and are in there"
    assert Recovered(folder, 1, rows, seconds).sentence() == plain + "."
    aside = (folder / "a-rest.csv", folder / "b-rest.csv")
    more = plain + "; what lay after damage is in a-rest.csv, b-rest.csv there"
    assert Recovered(folder, 1, rows, seconds, aside).sentence() == more + "."
    assert Recovered(folder, 1, rows, seconds, aside, "it lacks").sentence() == more + "; it lacks."
