"""The script for SLURM: each task runs the command with its shard; a folder may have any name."""

import shlex
import subprocess
import sys

import pytest

from app.analysis.options import AnalysisOptions
from app.runs import slurm
from app.runs.task import Task
from app.system import paths
from app.system.errors import UserError

# SLURM runs on Linux.
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no sh")


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Writes the script for words behind `mien`, into a folder; gives its path."""
    (tmp_path / "stand in").write_text('#!/bin/sh\nfor word; do echo "<$word>"; done\n')
    monkeypatch.setattr(slurm, "program", lambda: ["sh", str(tmp_path / "stand in")])
    monkeypatch.setattr(slurm, "TRIED", 0.01)

    def written(words, out="out"):
        options = AnalysisOptions(tmp_path / out, paths.models())
        return slurm.script([Task(tmp_path / "none.mp4")] * 9, options, 4, ["mien", *words])

    return written


@pytest.mark.parametrize(
    ("words", "given"),
    [
        ("analyze a.mp4 --slurm", "a.mp4"),
        ("analyze --slurm 4 a.mp4", "a.mp4"),
        ("analyze --slur 4 'a $b.mp4' --seconds 2", "'a $b.mp4' --seconds 2"),
        ("analyze --sl=4 --slurm +4 --rate 5 a", "--rate 5 a"),
        ("analyze --slurm --json -- -a.mp4 --slurm", "--json -- -a.mp4 --slurm"),
        ("analyze --slurm -- -a.mp4 --slurm", "-- -a.mp4 --slurm"),
    ],
)
def test_a_task_runs_the_command_with_its_shard(write, words, given):
    said = subprocess.check_output(
        ["sh", str(write(shlex.split(words)))], env={"SLURM_ARRAY_TASK_ID": "3"}, text=True
    )
    assert said.splitlines() == [f"<{word}>" for word in ("analyze", "--shard", "3/4", *shlex.split(given))]


def test_the_log_lies_beside_whatever_the_folder_is_called(write, tmp_path):
    lines = write(["analyze", "a", "--slurm"], out='50 % "of" all').read_text().splitlines()
    output = next(line for line in lines if "--output" in line)
    assert shlex.split(output.removeprefix("#SBATCH ")) == [
        f'--output={tmp_path}/50 %% "of" all/slurm-%A_%a.log'
    ]
    assert "#SBATCH --array=1-4" in lines
    with pytest.raises(UserError, match="line breaks"):
        write(["analyze", "a", "--slurm"], out="a\nb")
