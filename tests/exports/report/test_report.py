"""The report says the right numbers, holds no foreign text or address, and stays small."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from app.__main__ import main
from app.cli.export import FORMATS
from app.exports.export import WRITERS
from app.exports.report.comparison import comparison
from app.exports.report.figures import between, figures, spread
from app.exports.report.single import report
from app.exports.report.svg import accent, clock, in_time, ticks
from app.exports.report.thin import thin
from app.exports.report.write import write
from app.sessions.info import SessionError
from app.sessions.reading import RecordedSession
from app.system.atomic import WriteError
from app.system.palette import LIGHT
from tests.made_session import affect, make_session

EVENTS = (
    "event,kind,text,time_s,wall_utc,frame,origin,face,cancels\n"
    "1,marker,<script>alert(1)</script>,1.0,,30,key,,\n2,marker,second,4.5,,135,udp,,\n"
)
VOID = {"meta", "br"}


class Balanced(HTMLParser):
    """Fails where a tag is not closed in order; collects attributes and the visible text."""

    def __init__(self):
        super().__init__()
        self.open, self.seen, self.attributes, self.text = [], [], [], ""

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_startendtag(self, tag, attrs):
        self.seen.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        if not self.open or self.open[-1] != "style":
            self.text += data + " "


def parsed(html):
    page = Balanced()
    page.feed(html)
    page.close()
    assert not page.open
    return page


@pytest.fixture
def folder(tmp_path):
    return make_session(tmp_path / "walk", events=EVENTS, participant="P & Q", condition="calm")


def test_figures_count_everything(folder):
    found = figures(RecordedSession(folder))
    valence = [affect(i, 2)[0] for i in range(300) if not 60 <= i < 75]
    person = found.people[1]
    assert (found.frames, found.lost, round(found.rate, 3), len(found.people)) == (300, 2, 30.0, 2)
    assert found.status == {"ok": 570, "no_face": 15}
    assert found.measured == person.share == 285 / 300
    assert person.valence.mean == pytest.approx(np.mean(valence))
    assert person.valence.sd == pytest.approx(np.std(valence, ddof=1))
    happy = sum(v > 0 for v in valence) / 285
    assert person.expressions[1:3] == (pytest.approx(happy), pytest.approx(1 - happy))
    assert found.longest_gap == pytest.approx(1 / 30, abs=1e-5)
    assert [e.text for e in found.markers] == ["<script>alert(1)</script>", "second"]


def test_values_of_nobody_are_not_counted(tmp_path):
    folder = make_session(tmp_path / "s", frames=3, faces=1, absent=range(0))
    lines = [line.split(",") for line in (folder / "faces.csv").read_text().splitlines()]
    lines[2][lines[0].index("face")] = ""
    (folder / "faces.csv").write_text("".join(",".join(cells) + "\n" for cells in lines))
    found = figures(RecordedSession(folder))
    assert found.valence.count == 2 and [person.id for person in found.people] == [1]


def test_a_spread_of_nothing_and_of_one():
    assert spread(np.array([np.nan])).count == 0 and np.isnan(spread(np.empty(0)).mean)
    one = spread(np.array([0.5]))
    assert (one.mean, one.low, one.high) == (0.5, 0.5, 0.5) and np.isnan(one.sd)


def test_the_page_is_one_file_that_asks_for_nothing(folder):
    page = parsed(write([str(folder)]).read_text(encoding="utf-8"))
    assert not {"script", "link", "img", "iframe", "object"} & set(page.seen)
    assert not [name for name, _ in page.attributes if name in ("src", "href") or name.startswith("on")]
    assert not re.search(r"https?://|url\(|@import", (folder / "report.html").read_text(encoding="utf-8"))


def test_what_people_wrote_is_shown_and_never_run(folder):
    html = report(figures(RecordedSession(folder)))
    assert "<script>" not in html and "P & Q" not in html
    text = parsed(html).text
    assert "<script>alert(1)</script>" in text and "P & Q" in text


def test_it_says_what_was_measured_with_what_and_what_is_missing(folder):
    text = parsed(report(figures(RecordedSession(folder)))).text
    for words in (
        *("Made camera", "0:10", "95 %", "97 %", "ab" * 32, "Person 1", "Person 2", "no_face"),
        *("Mien 0.1.0", "Linux-6.1-x86_64", "2 (0.7 % of those that arrived)", "15 ms", "second", "0:04.5"),
    ):
        assert words in text, words


def test_a_reader_is_told_what_each_network_does_and_no_model_card(tmp_path):
    models = [
        {"name": "eyes", "task": "eye-centres", "sha256": "ab", "measured": {"face box in 2 looks e": 0.025}}
    ]
    text = parsed(
        report(figures(RecordedSession(make_session(tmp_path / "a", frames=3, models=models))))
    ).text
    assert "finds the centre of each eye" in text and "looks" not in text and "0.025" not in text
    assert "Both are one rater's view, and the rater is no person" in text and "vision-language model" in text


def test_curves_are_counted_from_the_baseline_where_there_is_one(tmp_path):
    plain = figures(RecordedSession(make_session(tmp_path / "a", frames=60, faces=1))).people[0]
    folder = make_session(tmp_path / "b", frames=60, faces=1)
    lines = [line.split(",") for line in (folder / "faces.csv").read_text().splitlines()]
    value, own = lines[0].index("valence"), lines[0].index("valence_from_baseline")
    for line in lines[31:]:
        line[own] = f"{float(line[value]) - 0.3:.6f}"
    (folder / "faces.csv").write_text("\n".join(map(",".join, lines)) + "\n")
    found = figures(RecordedSession(folder))
    shift = plain.rows["valence_smooth"] - found.people[0].rows["valence_smooth"]
    assert shift == pytest.approx([0.0] * 30 + [0.3] * 30, abs=1e-4)
    assert (found.people[0].rows["arousal_smooth"] == plain.rows["arousal_smooth"]).all()


def test_faces_that_were_in_sight_but_not_measured_are_said(tmp_path):
    header, *_ = EVENTS.splitlines()
    crowd = f"{header}\n1,unmeasured_faces,4 of 9,2.0,,60,mien,,\n"
    some, nobody = (make_session(tmp_path / name, events=e) for name, e in (("a", crowd), ("b", EVENTS)))
    assert "4 of 9 in sight from 0:02 on" in parsed(report(figures(RecordedSession(some)))).text
    assert "in sight from" not in parsed(report(figures(RecordedSession(nobody)))).text


def test_what_was_measured_between_two_markers_is_said(folder):
    found = figures(RecordedSession(folder))
    valence, arousal, most_common = between(found, 1.0, 4.5)
    values = [affect(i, face)[0] for i in range(30, 135) if not 60 <= i < 75 for face in (1, 2)]
    assert valence.count == arousal.count == 180 and valence.mean == pytest.approx(np.mean(values))
    assert most_common in ("happy", "sad") and between(found, 99.0, 100.0)[2] == ""
    assert f"{arousal.mean:+.2f} ± {arousal.sd:.2f}" in parsed(report(found)).text


def test_the_video_is_named_without_its_folder(tmp_path):
    file = {"path": "C:\\Users\\ada\\clip.mp4", "bytes": 7, "sha256": "ef" * 32}
    html = report(figures(RecordedSession(make_session(tmp_path / "a", frames=3, file=file))))
    assert "clip.mp4" in html and "ef" * 32 in html and "ada" not in html


def test_a_person_and_the_text_have_the_colours_of_the_light_window(folder):
    assert [accent(i) for i in range(17)] == [*LIGHT.people, LIGHT.people[0]]
    found = figures(RecordedSession(folder))
    html = report(found)
    assert all(colour in html for colour in (LIGHT.people[0], LIGHT.people[1], LIGHT.text, LIGHT.quiet))
    second_alone = report(replace(found, people=found.people[1:]))
    assert f'stroke="{LIGHT.people[1]}"' in second_alone and LIGHT.people[0] not in second_alone


def test_every_person_has_a_path_from_light_to_dark(folder):
    html = report(figures(RecordedSession(folder)))
    assert html.count('class="path"') == 2
    paths = re.findall(r'<g class="path">(.*?)</g>', html)[0]
    colours = re.findall(r'stroke="(#\w+)"', paths)
    lightness = [sum(int(c[i : i + 2], 16) for i in (1, 3, 5)) for c in colours]
    assert len(colours) > 30 and lightness[0] > 2 * lightness[-1]


def test_a_baseline_is_reported_where_one_was_taken(folder):
    csv = folder / "faces.csv"
    lines = [line.split(",") for line in csv.read_text().splitlines()]
    place = lines[0].index("valence_from_baseline")
    for cells in lines[300:]:
        if cells[lines[0].index("face")] == "1":
            cells[place : place + 2] = "0.5", "-0.25"
    csv.write_text("\n".join(map(",".join, lines)) + "\n")
    found = figures(RecordedSession(folder))
    assert [s.mean for s in found.people[0].from_baseline] == [0.5, -0.25]
    assert found.people[1].from_baseline == ()
    assert report(found).count("valence from baseline") == 1


def test_curves_break_where_nobody_is_in_sight(folder):
    html = report(figures(RecordedSession(folder)))
    assert html.count('class="curve"') == 2 * 2 * 2  # signals, people, stretches


def test_a_long_session_fits_in_a_page(tmp_path):
    long = make_session(tmp_path / "long", frames=36_000, faces=1)
    html = report(figures(RecordedSession(long)))
    assert len(html) < 200_000  # drawn in at most 900 steps, however long
    assert "20:00" in html and "36,000" in html


def test_thinning_keeps_the_extremes_and_the_short():
    times = np.arange(1000) / 10
    values = np.zeros((1000, 1))
    values[500] = 1
    thinned = thin(times, values, 0.0, 100.0, 50)
    assert (
        len(thinned.times) == 50 and thinned.high.max() == 1 and thinned.values.max() == pytest.approx(0.05)
    )
    few = thin(times[:5], values[:5], 0.0, 100.0, 50)
    assert few.times is not None and len(few.times) == 5 and few.parts == (slice(0, 5),)


def test_an_empty_session_and_one_without_faces_have_a_page(tmp_path):
    empty = make_session(tmp_path / "empty", frames=0, finished=False)
    text = parsed(report(figures(RecordedSession(empty)))).text
    assert "was interrupted" in text and "There are no rows" in text
    nobody = make_session(tmp_path / "nobody", frames=30, absent=range(30), models=[])
    assert "No face was measured" in parsed(report(figures(RecordedSession(nobody)))).text
    single = make_session(tmp_path / "single", frames=1, faces=1, source={"name": "a.jpg", "live": False})
    assert "a.jpg" in parsed(report(figures(RecordedSession(single)))).text


def test_conditions_are_compared_by_the_means_of_their_sessions(tmp_path):
    first = figures(RecordedSession(make_session(tmp_path / "a", faces=1, absent=range(0))))
    second = figures(RecordedSession(make_session(tmp_path / "b", faces=1, frames=60, absent=range(0))))
    third = figures(RecordedSession(make_session(tmp_path / "c", frames=5, absent=range(5))))
    page = parsed(comparison([("<calm>", first), ("<calm>", second), ("tense", third)]))
    means = [first.valence.mean, second.valence.mean]
    assert f"{np.mean(means):+.2f} ± {np.std(means, ddof=1):.2f}" in page.text
    assert "<calm>" in page.text and "No face was measured in c" in page.text
    assert "different networks" not in page.text


def test_sessions_of_different_models_are_not_compared_in_silence(tmp_path):
    one = figures(RecordedSession(make_session(tmp_path / "a", frames=9)))
    two = figures(
        RecordedSession(make_session(tmp_path / "b", frames=9, models=[{"name": "affect", "sha256": "cd"}]))
    )
    assert "different networks" in parsed(comparison([("x", one), ("x", two)])).text


def test_the_command_names_the_page_and_conditions_come_from_user_or_session(folder, tmp_path, capsys):
    other = make_session(tmp_path / "run", frames=30)
    assert main(["report", str(folder)]) == 0
    assert capsys.readouterr().out.strip() == str(folder / "report.html")
    assert main(["report", str(folder), f"tense={other}", str(other)]) == 0
    text = parsed((tmp_path / "comparison.html").read_text(encoding="utf-8")).text
    assert all(word in text for word in ("calm (1)", "tense (1)", "all sessions (1)"))
    assert (
        main(["report", str(folder), "-o", str(tmp_path / "own.html")]) == 0
        and (tmp_path / "own.html").exists()
    )


def test_a_wrong_folder_or_place_is_one_sentence_and_code_2(folder, tmp_path, capsys):
    assert main(["report", str(tmp_path / "nowhere")]) == 2
    assert main(["export", str(tmp_path / "nowhere"), "--format", "xdf"]) == 2
    assert capsys.readouterr().err.count("There is no session folder") == 2
    with pytest.raises(SessionError):
        write([f"calm={tmp_path / 'nowhere'}"])
    with pytest.raises(WriteError):
        write([str(folder)], folder / "faces.csv" / "report.html")


def test_export_names_what_it_wrote(folder, tmp_path, capsys):
    assert main(["export", str(folder), "--format", "xdf", "-o", str(tmp_path / "out")]) == 0
    assert capsys.readouterr().out.strip() == str(tmp_path / "out" / "walk.xdf")
    assert tuple(WRITERS) == FORMATS


@pytest.mark.parametrize("command", [["export", "--format", "bids"], ["verify"]])
def test_one_of_several_that_cannot_be_read_does_not_stop_the_others(folder, tmp_path, capsys, command):
    assert main([*command, str(tmp_path / "none"), str(folder)]) == 1
    said = capsys.readouterr()
    assert said.err.count("\n") == 1 and "There is no session folder" in said.err
    assert folder.name in said.out
    assert main([*command, str(tmp_path / "none")]) == 2


def test_clock_ticks_and_colours():
    assert [clock(5), clock(65.4), clock(3723), clock(0.25, fine=True)] == [
        "0:05",
        "1:05",
        "1:02:03",
        "0:00.2",
    ]
    assert ticks(0, 10, 12) == [float(i) for i in range(11)] and ticks(3.2, 3.9, 5) == pytest.approx(
        [3.2, 3.4, 3.6, 3.8]
    )
    assert in_time(0) == "#9bd93c" and in_time(1) == "#440154"
