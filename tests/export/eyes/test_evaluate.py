"""Errors, tables, curves and databases, on made-up faces and answers."""

from __future__ import annotations

import csv

import cv2
import numpy as np
import pytest

from app.stages.landmarks import LEFT_EYE, RIGHT_EYE
from app.types import Detection
from export import evaluate
from export.data import bioid, gi4e
from export.data.net7876 import Faces
from export.eyes import causes, page, report
from export.eyes import evaluate as evaluate_eyes
from export.eyes.checks import changed, worst
from export.eyes.errors import nearest, normalised_errors
from export.eyes.report import Row

EYES = np.array([[[110.0, 60.0], [70.0, 60.0]]] * 4)


def answers() -> Row:
    """Four faces, 40 pixels between the eyes: exact, one eye off by 1, both by 4, and not found."""
    centres = EYES.copy()
    centres[1, 0] += [1, 0]
    centres[2] += [0, 4]
    centres[3] = np.nan
    return Row("made up", "whole picture", centres, EYES, 1.5)


def test_errors_are_shares_of_the_true_distance_and_a_miss_is_infinite():
    assert answers().errors.tolist() == [[0, 0], [0.025, 0], [0.1, 0.1], [np.inf, np.inf]]
    assert normalised_errors(EYES + np.array([3.0, 4.0]), EYES)[0] == pytest.approx([0.125, 0.125])


def test_shares_count_misses_as_errors():
    assert answers().shares("max") == [50, 50, 75, 75, 75, 75]
    assert answers().pixels == pytest.approx(0.5)


def test_a_table_has_the_larger_mean_and_smaller_error(tmp_path):
    report.write([answers()], tmp_path)
    with (tmp_path / "table.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["error"] for row in rows] == ["max", "mean", "min"]
    assert rows[0]["e <= 0.05"] == "50.0" and rows[0]["e <= 0.1"] == "75.0"
    assert (tmp_path / "table.md").read_text().count("\n") == 5
    assert cv2.imread(str(tmp_path / "curve.png")) is not None


def test_confidence_takes_the_surest_half_of_the_eyes(tmp_path):
    sure = np.array([[0.9, 0.8], [0.7, 0.6], [0.3, 0.2], [0.0, 0.0]])
    table = report.confidence(answers(), sure, tmp_path / "plot.png")
    assert table["highest_half_e_0.05"] == 100
    assert table["quarter_3_e_0.05"] == 0


def test_the_worst_faces_come_on_one_sheet_those_not_found_first(tmp_path):
    picture = cv2.imencode(".png", np.full((120, 160, 3), 128, np.uint8))[1].tobytes()
    faces = Faces(tuple("abcd"), (picture,) * 4, EYES, None)
    assert worst(faces, answers(), np.ones((4, 2)), tmp_path / "worst.png", count=2) == ["d", "c"]
    sheet = cv2.imread(str(tmp_path / "worst.png"))
    assert sheet.shape == (160, 1600, 3)
    assert sheet[:, 320:].max() == 0
    rows = (tmp_path / "worst.csv").read_text().splitlines()
    assert rows == ["number,picture,error,confidence", "1,d,inf,1.00", "2,c,0.100,1.00"]


def test_causes_are_counted_and_only_known_ones_are_taken(tmp_path, monkeypatch):
    table = tmp_path / "causes.csv"
    table.write_text("picture,cause\na,closed\nb,closed\nc,ours\n")
    monkeypatch.setattr(causes, "TABLE", table)
    assert list(causes.count("xcab").items()) == [("closed", 2), ("ours", 1), ("not judged", 1)]
    table.write_text("picture,cause\na,bad luck\n")
    with pytest.raises(ValueError, match="unknown cause bad luck"):
        causes.read()


def test_the_committed_causes_are_known_ones():
    assert causes.read()


def test_the_page_holds_the_table_the_confidence_and_the_causes(tmp_path):
    table = report.write([answers()], tmp_path)
    sure = np.array([[0.9, 0.8], [0.7, 0.6], [0.3, 0.2], [0.0, 0.0]])
    figures = {"pictures": 4, "command": "python -m export.evaluate eye-centres --page", "worst": {"ours": 3}}
    figures["lids"] = {"open": 6, "open_median": 0.9, "closed": 2, "closed_median": 0.2}
    figures["confidence"] = report.confidence(answers(), sure, tmp_path / "eyes-confidence.png")
    (tmp_path / "models").mkdir()
    text_page = page.write("eyes", figures, table, tmp_path, tmp_path / "models", 0.0065)
    text = text_page.read_text()
    assert (
        table in text
        and "confidence, 100.0 % have an error of at most 0.05" in text
        and "| ours | 3 |" in text
    )
    assert "is\n0.20 for the 2 eyes" in text and "0.90 for the\n6 others" in text
    for kind in ("curve", "confidence"):
        assert f"eyes-{kind}.png" in text
        assert cv2.imread(str(text_page.with_name(f"eyes-{kind}.png"))).std() > 5


@pytest.mark.parametrize(("at", "of", "name"), [(9, 10, "eyes"), (2, 10, "eyes (short run, 2 of 10 epochs)")])
def test_a_short_run_is_marked_in_the_table(models, at, of, name):
    path = models / "eyes.toml"
    path.write_text(f"{path.read_text()}\n[training]\nepochs = {of}\nbest_epoch = {at}\n")
    assert evaluate_eyes.title(evaluate_eyes.load(path)) == name


def test_the_face_nearest_the_labels_is_taken():
    near, far = (Detection(np.zeros((478, 3)), np.zeros(4), EYES[0] + shift) for shift in (5.0, 90.0))
    assert nearest([far, near], EYES[0]) is near
    assert nearest([], EYES[0]) is None


@pytest.mark.parametrize(("distance", "angle"), [(None, 0.0), (20.0, 0.0), (100.0, 40.0), (25.0, -40.0)])
def test_changed_pictures_keep_the_eyes_on_their_marks(distance, angle):
    picture = np.zeros((120, 160, 3), np.uint8)
    for x, y in EYES[0].astype(int).tolist():
        cv2.circle(picture, (x, y), 4, (255, 255, 255), -1)
    turned, eyes = changed(picture, EYES[0], distance, angle)
    line = eyes[0] - eyes[1]
    assert np.hypot(*line) == pytest.approx(distance or 40)
    assert np.degrees(np.arctan2(line[1], line[0])) == pytest.approx(angle)
    for x, y in eyes.round().astype(int).tolist():
        assert turned[y, x].min() > 128


def test_bioid_in_its_published_layout(tmp_path):
    cv2.imwrite(str(tmp_path / "BioID_0000.pgm"), np.full((286, 384), 90, np.uint8))
    (tmp_path / "BioID_0000.eye").write_text("#LX\tLY\tRX\tRY\n232\t110\t161\t110\n")
    faces = bioid.load(tmp_path)
    assert faces.names == ("BioID_0000.pgm",) and faces.boxes is None
    assert faces.eyes.tolist() == [[[232, 110], [161, 110]]]
    assert faces.colour(0).shape == (286, 384, 3)
    (tmp_path / "BioID_0000.pgm").unlink()
    with pytest.raises(FileNotFoundError, match=r"BioID_0000.pgm is missing"):
        bioid.load(tmp_path)


@pytest.mark.parametrize("text", ["#LX LY RX RY\n", "#LX LY RX RY\n1 2 3\n", "#LX LY RX RY\na b c d\n"])
def test_broken_bioid_labels_are_named(tmp_path, text):
    (tmp_path / "BioID_0007.eye").write_text(text)
    with pytest.raises(ValueError, match=r"BioID_0007.eye"):
        bioid.load(tmp_path)


def test_gi4e_in_its_published_layout(tmp_path):
    (tmp_path / "images").mkdir()
    cv2.imwrite(str(tmp_path / "images" / "001_01.png"), np.full((60, 80, 3), 90, np.uint8))
    (tmp_path / "image_labels.txt").write_text("001_01.png 10 30 15.5 31.25 20 30 50 30 55.5 31 60 30\n")
    faces = gi4e.load(tmp_path)
    assert faces.eyes.tolist() == [[[55.5, 31], [15.5, 31.25]]]
    (tmp_path / "image_labels.txt").write_text("001_01.png 10 30\n")
    with pytest.raises(ValueError, match=r"twelve numbers for 001_01.png"):
        gi4e.load(tmp_path)
    (tmp_path / "image_labels.txt").write_text("002_01.png 10 30\n")
    with pytest.raises(FileNotFoundError, match=r"002_01.png"):
        gi4e.load(tmp_path)


@pytest.mark.parametrize("database", ["bioid", "gi4e"])
def test_an_empty_folder_is_refused(tmp_path, database, capsys, models):
    arguments = ["eye-centres", "--model", str(models / "eyes.toml"), "--data", database, str(tmp_path)]
    assert evaluate.main(arguments) == 2
    assert "name the folder" in capsys.readouterr().err


def test_an_unknown_task_is_refused(capsys):
    assert evaluate.main(["noses"]) == 2
    assert "eye-centres" in capsys.readouterr().err


def test_boxes_are_measured_in_two_views_and_in_many(models):
    faces = Faces(
        ("a",),
        (cv2.imencode(".png", np.zeros((200, 200, 3), np.uint8))[1].tobytes(),),
        EYES[:1],
        np.array([[50.0, 40.0, 150.0, 140.0]]),
    )
    two, many = evaluate_eyes.from_boxes(evaluate_eyes.load(models / "eyes.toml"), faces)
    assert (two[0], two[2]) == ("face box in 2 views", 2)
    assert (many[0], many[2]) == ("face box in 8 views", 8)
    for _, centres, _ in (two, many):
        assert centres.shape == (1, 2, 2) and np.isfinite(centres).all()


def test_open_and_closed_eyes_are_told_apart_by_their_lids():
    landmarks = np.zeros((478, 3))
    for eye, height in ((LEFT_EYE, 3.0), (RIGHT_EYE, 0.0)):  # both 6 wide
        landmarks[list(eye), 0] = [0, 2, 4, 6, 4, 2]
        landmarks[list(eye), 1] = [0, height / 2, height / 2, 0, -height / 2, -height / 2]
    face = Detection(landmarks, np.zeros(4), EYES[0])
    found = evaluate_eyes.Found((face, None, face), 1.0)
    table = evaluate_eyes.lids(found, np.array([[0.9, 0.1], [0, 0], [0.7, 0.3]]))
    assert table == {"open": 2, "open_median": 0.8, "closed": 2, "closed_median": 0.2}
