"""Text of rows, events and session.json reaches reports and exports only as text, whatever it holds."""

import gzip
import json
import xml.etree.ElementTree
from html.parser import HTMLParser

import pyarrow.parquet
import pympi
import pytest
import pyxdf

from app.exports.export import export
from app.exports.report.figures import MOST_PEOPLE
from app.exports.report.write import write
from app.sessions.reading import RecordedSession
from tests.made_session import make_session

TEXTS = (
    "<script>alert(1)</script>", "</title><script>x</script>", '"><img src=x onerror=alert(1)>',
    "]]>&lt;&amp;", "</style><b>", "--><!--", "javascript:alert(1)", "' onmouseover='x", "\t=1+1",
    "=HYPERLINK(1)", "\x01\x1f\x7f",
    "\N{RIGHT-TO-LEFT OVERRIDE}txt", "%s{0}$(x)`x`", "ä\N{GRINNING FACE}",
)  # fmt: skip
HARMLESS = {
    "html", "head", "meta", "title", "style", "body", "main", "header", "h1", "h2", "h3", "p", "b", "i",
    "div", "span", "section", "figure", "figcaption", "svg", "line", "text", "path", "rect", "circle", "g",
    "table", "thead", "tbody", "tr", "th", "td", "dl", "dt", "dd", "br", "footer", "code",
}  # fmt: skip


class Tags(HTMLParser):
    """The tags and attributes of a page, and its text."""

    def __init__(self):
        super().__init__()
        self.tags, self.names, self.text = set(), set(), []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.names |= {name for name, _ in attrs}

    def handle_data(self, data):
        self.text.append(data)


def hostile(folder, text, **changes):
    """A session in which every text that can be chosen is `text`."""
    cell = text.replace(",", " ").replace("\r", " ")[:60]
    said = {
        "participant": text, "condition": text, "notes": text, "platform": text, "ended_by": text,
        "app": {"name": "mien", "version": text[:90]}, "started_utc": text,
        "source": {"name": text, "live": False, "width": 64, "height": 48, "rate": 30.0, "format": text},
        "models": [
            {"name": "affect", "task": text, "sha256": text, "precision": text, "measured": {text: text}}
        ],
        "settings": {"max_faces": 4, "smoothing": 0.5, text: text}, "status": {text: text, cell: text},
        "file": {"path": "/nowhere/" + text, "bytes": 5, "sha256": text},
        "video": {"file": text, "kind": text, "codec": text},
        "columns": [{"name": "status", "meaning": text, "unit": text, "range": text, "missing": text},
                    {"name": "valence", "meaning": text, "unit": text, "range": text, "missing": text}],
    }  # fmt: skip
    make_session(folder, frames=40, faces=1, absent=range(0), **(said | changes))
    rows = folder / "faces.csv"
    lines = [line.split(",") for line in rows.read_text().splitlines()]
    for line in lines[1:]:
        for name in ("status", "expression", "expression_smooth"):
            line[lines[0].index(name)] = cell
    rows.write_text("".join(",".join(line) + "\n" for line in lines), encoding="utf-8", newline="")
    quoted = '"' + text.replace('"', '""') + '"'
    events = "event,kind,text,time_s,wall_utc,frame,origin,face,cancels\n"
    for number, kind in enumerate(("marker", quoted), 1):
        events += f"{number},{kind},{quoted},0.5,,15,{quoted},,\n"
    (folder / "events.csv").write_text(events, encoding="utf-8", newline="")
    return folder


@pytest.mark.parametrize("text", TEXTS)
def test_a_report_and_a_comparison_hold_no_tag_and_no_attribute_of_it(tmp_path, text):
    folder, other = hostile(tmp_path / "one", text), make_session(tmp_path / "two", frames=40)
    plain = Tags()
    plain.feed(write([str(other)], tmp_path / "plain.html").read_text(encoding="utf-8"))
    for sessions in ([str(folder)], [f"{text.translate({61: None, 47: None})}={folder}", str(other)]):
        page = write(sessions, tmp_path / "page.html").read_text(encoding="utf-8")
        found = Tags()
        found.feed(page)
        assert found.tags <= HARMLESS and not {"src", "href", "onerror", "onmouseover"} & found.names
        assert found.names <= plain.names | {"fill-opacity"} and "</style><b>" not in page
        assert page.count("<script") == page.count("</script") == 0


@pytest.mark.parametrize("text", TEXTS)
def test_every_format_is_read_back_by_its_own_library(tmp_path, text):
    session = RecordedSession(hostile(tmp_path / "one", text))
    out = tmp_path / "out"
    streams, _ = pyxdf.load_xdf(export(session, "xdf", out)[0])
    assert {s["info"]["name"][0] for s in streams} == {
        "Mien-Frames",
        "Mien-Face-1",
        "Mien-Markers",
        "Mien-Events",
    }
    (eaf,) = export(session, "elan", out)
    xml.etree.ElementTree.parse(eaf)
    tiers = pympi.Elan.Eaf(str(eaf)).get_tier_names()
    assert set(tiers) == {"markers", "events", "face 1", "face 1 expression"}
    _, events = export(session, "parquet", out)
    assert pyarrow.parquet.read_table(events)["kind"].to_pylist()[0] == "marker"
    for path in export(session, "bids", out):
        if path.suffix == ".json":
            json.loads(path.read_text(encoding="utf-8"))
        elif path.suffix == ".gz":
            lines = gzip.decompress(path.read_bytes()).decode().splitlines()
            assert len({line.count("\t") for line in lines}) == 1
        elif path.suffix == ".tsv":
            cells = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
            assert len(cells) == 3 and {len(line) for line in cells} == {7}
            assert not [c for line in cells[1:] for c in line if c.startswith(("=", "+", "-", "@"))]
        assert all(part.isascii() for part in path.relative_to(out).parts)
    export(session, "csv", out)


def test_a_page_of_many_people_markers_and_words_is_bounded(tmp_path):
    folder = make_session(tmp_path / "many", frames=3000, faces=1, absent=range(0))
    rows = folder / "faces.csv"
    lines = [line.split(",") for line in rows.read_text().splitlines()]
    for number, line in enumerate(lines[1:], 1):
        line[lines[0].index("face")] = str(number)
    rows.write_text("".join(",".join(line) + "\n" for line in lines))
    events = "".join(f"{i},marker,m{i},{i / 1000},,1,udp,,\n" for i in range(1, 5001))
    (folder / "events.csv").write_text("event,kind,text,time_s,wall_utc,frame,origin,face,cancels\n" + events)
    page = write([str(folder)], tmp_path / "page.html").read_text(encoding="utf-8")
    assert len(page) < 2_000_000 and "4,000 more markers are not shown" in page
    assert f"{3000 - MOST_PEOPLE} more, in sight for a shorter time" in page
    streams, _ = pyxdf.load_xdf(export(RecordedSession(folder), "xdf", tmp_path)[0])
    assert len(streams) == 3003


@pytest.mark.parametrize("rate", [0.05, 0.2, 1.0, 1.9, 30.0])
def test_elan_has_annotations_of_sensible_length_at_any_rate(tmp_path, rate):
    folder = make_session(tmp_path / "slow", frames=60, faces=1, absent=range(20, 40))
    rows = folder / "faces.csv"
    lines = [line.split(",") for line in rows.read_text().splitlines()]
    for line in lines[1:]:
        line[1] = f"{int(line[0]) / rate:.6f}"
    rows.write_text("".join(",".join(line) + "\n" for line in lines))
    eaf = pympi.Elan.Eaf(str(export(RecordedSession(folder), "elan", tmp_path)[0]))
    there = eaf.get_annotation_data_for_tier("face 1")
    assert there == [
        (0, round(19000 / rate), "face 1"), (round(40000 / rate), round(59000 / rate), "face 1")
    ]  # fmt: skip


def test_elan_has_an_annotation_for_one_frame_alone(tmp_path):
    folder = make_session(tmp_path / "one", frames=40, faces=1, absent=range(1, 39))
    eaf = pympi.Elan.Eaf(str(export(RecordedSession(folder), "elan", tmp_path)[0]))
    assert eaf.get_annotation_data_for_tier("face 1") == [(0, 33, "face 1"), (1300, 1333, "face 1")]


@pytest.mark.parametrize("gap", [3000.0, 9e6])
def test_a_gap_of_days_is_one_sentence_or_a_small_file(tmp_path, gap):
    folder = make_session(tmp_path / "gap", frames=60, faces=2, absent=range(0))
    rows = folder / "faces.csv"
    lines = [line.split(",") for line in rows.read_text().splitlines()]
    for line in lines[60:]:
        line[1] = f"{float(line[1]) + gap:.6f}"
    rows.write_text("".join(",".join(line) + "\n" for line in lines))
    for name in ("bids", "xdf", "elan"):
        try:
            written = export(RecordedSession(folder), name, tmp_path / "out")
        except Exception as error:
            assert name == "bids" and "has so long gaps" in str(error)
        else:
            assert sum(path.stat().st_size for path in written) < 2_000_000
    assert write([str(folder)]).stat().st_size < 400_000
