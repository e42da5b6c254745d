"""The sweeps of the eye-centre thesis, on made-up faces."""

from __future__ import annotations

import csv

import cv2
import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is not installed; install the extra [export]")

from app.stages.eyes import decode
from export.eyes import sweep


def table(folder) -> list[dict[str, str]]:
    assert cv2.imread(str(folder / "plot.png")) is not None
    with (folder / "table.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_pixels_are_swept_on_a_trained_network(models, tmp_path, monkeypatch):
    monkeypatch.setattr(sweep, "RUNS", tmp_path)
    assert sweep.main(["pixels", "--model", str(models / "eyes.toml"), "--smoke"]) == 0
    rows = table(tmp_path / "smoke-sweep-pixels" / "eyes")
    assert [int(next(iter(row.values()))) for row in rows] == list(sweep.PIXELS)
    assert set(list(rows[0])[1:]) == {f"e <= {t}" for t in sweep.THRESHOLDS}


def test_sigma_trains_anew_for_each_width_and_goes_on_where_it_stopped(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sweep, "RUNS", tmp_path)
    monkeypatch.setattr(sweep, "SIGMAS", (1.0, 4.0))
    arguments = ["sigma", "eyes", "--epochs", "1", "--share", "0.5", "--device", "cpu", "--smoke"]
    assert sweep.main(arguments) == 0
    out = tmp_path / "smoke-sweep-sigma" / "eyes-short-0.5x1"
    rows = table(out)
    assert [next(iter(row.values())) for row in rows] == ["1", "4"]
    assert "short run, 1 epochs of 50%" in next(iter(rows[0]))  # the table says that it is not the real thing
    assert sorted(p.name for p in out.glob("sigma-*")) == ["sigma-1", "sigma-4"]
    assert all((p / "best.pt").exists() for p in out.glob("sigma-*"))


@pytest.mark.parametrize("wrong", [["--share", "0"], ["--share", "2"], ["--epochs", "-1"]])
def test_an_impossible_short_run_is_refused(wrong, capsys):
    with pytest.raises(SystemExit) as left:
        sweep.main(["sigma", "--smoke", *wrong])
    assert left.value.code == 2
    assert f"{wrong[0]}: {wrong[1]} is not a" in capsys.readouterr().err


def test_one_pixel_is_the_peak_and_more_are_a_weighted_mean():
    maps = np.zeros((1, 2, 96, 96), np.float32)
    maps[0, :, 40, 50], maps[0, :, 40, 51], maps[0, :, 40, 52] = 4, 2, 2
    assert decode(maps, 1)[0][0, 0].tolist() == [50, 40]
    assert decode(maps, 3)[0][0, 0].tolist() == [50.75, 40]
