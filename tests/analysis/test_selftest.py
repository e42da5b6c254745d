"""The self-test says what works, and names what does not."""

import shutil

import cv2
import numpy as np
import pytest

from app.__main__ import main
from app.analysis.selftest import SelfTestError, selftest
from app.exports.export import WRITERS
from app.stages.cards import ModelError
from app.system import paths


def test_every_model_and_the_detector_are_run(models):
    found = list(selftest(models, paths.sample_clip()))
    networks = ["affect", "eyes", "faces_far", "faces_near", "landmarks"]
    assert [check.name for check in found] == [*(f"{name}.toml" for name in networks), "sample.mp4"]
    assert all(check.ms > 0 for check in found)


def test_a_damaged_model_is_named(models):
    with (models / "eyes.onnx").open("ab") as file:
        file.write(b"x")
    with pytest.raises(ModelError, match="eyes"):
        list(selftest(models, paths.sample_clip()))


def test_a_task_without_a_model_is_no_success(models):
    (models / "affect.toml").unlink()
    with pytest.raises(SelfTestError, match="no network for affect"):
        list(selftest(models, paths.sample_clip()))


def test_a_clip_without_its_face_is_no_success(models, tmp_path):
    cv2.imwrite(str(tmp_path / "grey.png"), np.full((240, 320, 3), 128, np.uint8))
    with pytest.raises(SelfTestError, match=r"grey\.png"):
        list(selftest(models, tmp_path / "grey.png"))


def test_everything_is_tried_for_an_administrator(models, monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(paths, "models", lambda: models)
    for name in ("settings_file", "log_file", "sessions", "feed"):
        monkeypatch.setattr(paths, name, lambda name=name: tmp_path / "home" / name)
    monkeypatch.delenv("MIEN_FEED", raising=False)
    assert main(["--selftest", "--full"]) == 0
    *lines, last = capsys.readouterr().out.splitlines()
    tried = {line.split("  ")[0] for line in lines}
    assert {
        "analysis",
        "report",
        "export bids",
        "export xdf",
        "cameras",
        "sessions folder",
        "sockets",
    } <= tried
    assert {f"export {name}" for name in WRITERS} <= tried and last == "Everything works."
    assert not [path for path in (tmp_path / "home").rglob("*") if path.is_file()]  # it leaves nothing behind


def test_a_folder_that_cannot_be_written_to_is_named(models, monkeypatch, capsys, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setattr(paths, "models", lambda: models)
    monkeypatch.setattr(paths, "log_file", lambda: tmp_path / "mien.log")
    monkeypatch.setattr(
        paths, "settings_file", lambda: tmp_path / "file/settings.json"
    )  # a file is no folder
    assert main(["selftest", "--full"]) == 2
    assert "cannot write into" in capsys.readouterr().err


def test_full_without_selftest_has_no_effect_and_is_refused(capsys):
    with pytest.raises(SystemExit):
        main(["--full"])
    assert "put --selftest before it" in capsys.readouterr().err


def test_the_command_prints_a_line_for_each_and_the_exit_code_tells(models, monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(paths, "models", lambda: models)
    monkeypatch.setattr(paths, "log_file", lambda: tmp_path / "mien.log")
    assert main(["--selftest"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 7
    shutil.rmtree(models)
    assert main(["--selftest"]) == 2
    assert "no network" in capsys.readouterr().err
