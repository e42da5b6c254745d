"""Many files with one load of the networks: the rows of each are those of a run of its own."""

import json
import shutil

from app.analysis.options import AnalysisOptions
from app.stages import models as loading
from tests.measured import analyze


def rows(out):
    """The rows of each session in `out`, by the name of its file, in the order of the sessions."""
    about = {path.parent: json.loads(path.read_text()) for path in sorted(out.glob("*/session.json"))}
    return [(said["source"]["name"], (folder / "faces.csv").read_bytes()) for folder, said in about.items()]


def test_networks_are_loaded_once_and_no_file_is_remembered(tmp_path, clips, models, monkeypatch):
    made, make = [], loading.make_session
    monkeypatch.setattr(loading, "make_session", lambda *given: made.append(given) or make(*given))
    again = tmp_path / "again" / "two-faces.mp4"
    again.parent.mkdir()
    shutil.copy(clips / "two-faces.mp4", again)
    files = [clips / "two-faces.mp4", clips / "one-face.jpg", again]
    assert analyze(files, AnalysisOptions(tmp_path / "all", models)) == 0
    assert len(made) == 5  # eyes, affect, two detectors, landmarks
    for path in files[:2]:
        assert analyze([path], AnalysisOptions(tmp_path / "each", models)) == 0
    alone = dict(rows(tmp_path / "each"))
    assert len(made) == 15 and len(rows(tmp_path / "all")) == 3
    assert all(content == alone[name] for name, content in rows(tmp_path / "all"))
