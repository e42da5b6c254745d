"""The table of times."""

from __future__ import annotations

import shutil

import pytest

pytest.importorskip("onnx", reason="onnx is not installed; install the extra [export]")

from export.data.places import MODELS
from export.shipping.mediapipe.speed import main


def test_a_row_for_each_network_of_each_folder(tmp_path, capsys):
    shutil.copy(MODELS / "faces_near.onnx", tmp_path)
    assert main(["--models", str(tmp_path), str(tmp_path), "--rounds", "1"]) == 0
    head, line, *rows = capsys.readouterr().out.strip().splitlines()
    assert head.count("|") == line.count("|") == 5 and len(rows) == 2
    for row in rows:
        name, *times = [cell.strip() for cell in row.strip("|").split("|")]
        assert name == str(tmp_path / "faces_near.onnx") and all(float(time) > 0 for time in times)


def test_a_folder_without_networks(tmp_path, capsys):
    assert main(["--models", str(tmp_path)]) == 2
    said = capsys.readouterr().err.strip().splitlines()
    assert len(said) == 1 and f"is missing in {tmp_path}" in said[0]


@pytest.mark.parametrize("command", ["convert", "speed"])
def test_help_says_what_is_needed_and_gives_an_example(command, capsys):
    from export.shipping.mediapipe import convert, speed

    with pytest.raises(SystemExit) as left:
        {"convert": convert, "speed": speed}[command].main(["--help"])
    said = capsys.readouterr().out
    assert left.value.code == 0 and "Needs: " in said and ("Writes" in said or "Prints" in said)
    assert f"\n  python -m export.shipping.mediapipe.{command}" in said
