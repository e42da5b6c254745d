"""CSV opens right in a spreadsheet of any country, and computes nothing there."""

import csv

import pytest

from app.__main__ import main
from app.exports.export import export
from app.exports.tables import TableStyle
from app.sessions.info import SessionError
from app.sessions.reading import RecordedSession
from tests.made_session import HEADER, make_session

EVENTS = (
    "time_s,wall_utc,frame,kind,text,origin\n"
    '1.25,2026-03-01T09:30:01.000Z,30,marker,"=HYPERLINK(""http://x"";""y"")",key\n'
    "2,,,marker,ä; \N{GREEK SMALL LETTER ALPHA},udp\n"
    "3,,,+marker,@x,-udp\n"
)


@pytest.fixture
def folder(tmp_path):
    return make_session(tmp_path / "walk", frames=90, events=EVENTS)


def cells(path, style):
    text = path.read_bytes()
    assert text.startswith(b"\xef\xbb\xbf") and text.count(b"\r\n") == text.count(b"\n")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=style.separator))


@pytest.mark.parametrize("decimal", [".", ","])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_rows_and_events_are_the_same_in_every_country(folder, tmp_path, decimal, separator):
    style = TableStyle(decimal, separator)
    rows, events = export(RecordedSession(folder), "csv", tmp_path / "out", style)
    head, *lines = cells(rows, style)
    with (folder / "faces.csv").open(encoding="utf-8", newline="") as file:
        _, *recorded = csv.reader(file)
    assert tuple(head) == HEADER and len(lines) == len(recorded) == 165
    plain = {HEADER.index(name) for name in ("wall_utc", "status", "expression", "expression_smooth")}
    for line, was in zip(lines, recorded, strict=True):
        assert [c if i in plain else c.replace(decimal, ".") for i, c in enumerate(line)] == was
    head, *said = cells(events, style)
    assert "cancels" not in head
    shown = [dict(zip(head, line, strict=True)) for line in said]
    assert [e["time_s"] for e in shown] == [
        f"{t}{decimal}{f}" for t, f in ((1, "250000"), (2, "000000"), (3, "000000"))
    ]
    assert shown[1]["text"] == "ä; \N{GREEK SMALL LETTER ALPHA}"


def test_no_cell_is_a_formula(folder, tmp_path):
    faces = folder / "faces.csv"
    faces.write_text(faces.read_text().replace(",ok,", ",=1+1,", 1).replace(",happy,", ",@happy,", 1))
    style = TableStyle()
    rows, events = export(RecordedSession(folder), "csv", tmp_path, style)
    assert any("'=1+1" in line for line in cells(rows, style))
    for line in (*cells(rows, style), *cells(events, style)):
        for cell in line:
            numeric = cell.lstrip("-").replace(".", "").isdecimal()
            assert numeric or not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert RecordedSession(folder).events()[0].text == '=HYPERLINK("http://x";"y")'


def test_a_value_that_cannot_be_is_one_sentence(folder, tmp_path):
    faces = folder / "faces.csv"
    faces.write_text(faces.read_text().replace(",0.72", ",=1", 1))
    with pytest.raises(SessionError, match="has '=1' for a number in p_"):
        export(RecordedSession(folder), "csv", tmp_path)
    assert not list(tmp_path.glob("*.csv"))


def test_the_command_takes_the_manner_of_a_country(folder, tmp_path, capsys):
    command = ["export", str(folder), "--format", "csv", "-o", str(tmp_path / "out")]
    assert main([*command, "--decimal", ",", "--separator", ";"]) == 0
    assert capsys.readouterr().out.split() == [
        str(tmp_path / "out" / n) for n in ("walk.csv", "walk.events.csv")
    ]
    assert "0;0,000000;" in (tmp_path / "out" / "walk.csv").read_text(encoding="utf-8-sig")
    for wrong, words in (
        ([*command, "--decimal", ","], "needs another separator"),
        (["export", str(folder), "--format", "xdf", "--separator", ";"], "are for --format csv"),
    ):
        with pytest.raises(SystemExit) as stopped:
            main(wrong)
        assert stopped.value.code == 2 and words in capsys.readouterr().err


def test_a_cut_file_is_said_and_exported(folder, tmp_path, capsys):
    faces = folder / "faces.csv"
    faces.write_bytes(faces.read_bytes()[: faces.stat().st_size // 2])
    for command in (
        ["export", str(folder), "--format", "csv", "-o", str(tmp_path / "out")],
        ["report", str(folder)],
    ):
        assert main(command) == 0
        said = capsys.readouterr().err
        assert (
            "is cut: it has" in said
            and "of the 165 rows that were recorded" in said
            and said.count("\n") == 1
        )
    assert "of the 165 rows that were recorded" in (folder / "report.html").read_text(encoding="utf-8")
