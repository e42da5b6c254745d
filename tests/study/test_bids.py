"""A whole study as one BIDS data set."""

import csv
import shutil

import pytest
from bids_validator import BIDSValidator

from app.__main__ import main
from app.study.folder import StudyFolder
from tests.study.made_study import RATE, SHOWN, make_study


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return make_study(tmp_path_factory.mktemp("bids") / "s").path


def test_one_data_set_with_participants_and_conditions(whole, tmp_path, capsys):
    root = tmp_path / "data"
    assert main(["export", str(whole), "--format", "bids", "-o", str(root)]) == 0
    files = [path for path in root.rglob("*") if path.is_file()]
    assert all(BIDSValidator().is_bids("/" + path.relative_to(root).as_posix()) for path in files)
    people = list(
        csv.DictReader((root / "participants.tsv").read_text(encoding="utf-8").splitlines(), delimiter="\t")
    )
    assert people[1] == {"participant_id": "sub-P2", "group": "young", "age": "22"}
    assert len(list(root.glob("dataset_description.json"))) == 1
    assert sorted(path.name for path in (root / "sub-P6").iterdir()) == ["ses-1", "ses-2"]
    events = next(root.glob("sub-P6/ses-2/beh/*_events.tsv"))
    rows = list(csv.DictReader(events.read_text(encoding="utf-8").splitlines(), delimiter="\t"))
    cat = [row for row in rows if row["marker"] == "cat"]
    assert [row["trial_type"] for row in cat] == ["funny", "funny"]
    assert [float(row["duration"]) for row in cat] == [SHOWN / RATE, 0]
    assert main(["export", str(whole), "--format", "bids", "-o", str(root)]) == 2  # it is not replaced
    assert "is not empty" in capsys.readouterr().err
    assert main(["export", str(whole), "--format", "csv"]) == 2


def test_codes_that_bids_cannot_tell_apart(whole, tmp_path, capsys):
    study = shutil.copytree(whole, tmp_path / "s")
    StudyFolder(study).change(lambda s: s.with_participant("p-1"))
    assert main(["export", str(study), "--format", "bids", "-o", str(tmp_path / "data")]) == 2
    assert "P1 and p-1 have the same label" in capsys.readouterr().err
    assert not (tmp_path / "data").exists()
