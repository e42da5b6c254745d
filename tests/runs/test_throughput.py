"""`mien bench --files`: what cannot be measured is one sentence, and no process outlives it."""

import sys

import psutil
import pytest

from app.__main__ import main
from app.runs import throughput
from app.stages.detectors import DETECTORS

ENDS = """import sys, time
if "1/2" in sys.argv: sys.exit("no video")
if "2/2" in sys.argv: time.sleep(600)
print(*sys.argv[7:], file=open("{said}", "a"))"""


def test_what_is_no_file_is_a_sentence(tmp_path, capsys):
    for name, why in (("none.mp4", "does not exist"), (".", "is no file")):
        assert main(["bench", str(tmp_path / name), "--files", "2"]) == 2
        said = capsys.readouterr().err
        assert why in said and said.count("\n") == 1


def test_when_one_process_fails_the_other_ends_and_options_are_handed_on(tmp_path, monkeypatch, capsys):
    code = ENDS.format(said=tmp_path / "said")
    monkeypatch.setattr(throughput, "program", lambda: [sys.executable, "-c", code])
    (tmp_path / "a.mp4").touch()
    assert main(["bench", str(tmp_path / "a.mp4"), "--files", "2", "--precision", "float32"]) == 2
    assert "(no video)" in capsys.readouterr().err
    assert not [each for each in psutil.Process().children() if "2/2" in each.cmdline()]
    for line in (tmp_path / "said").read_text().splitlines():
        assert f"--detector {DETECTORS[0]}" in line and line.endswith("--precision float32")


@pytest.mark.parametrize("words", ["--wear happy", "--frames 300"])
def test_what_plays_no_part_is_refused(words, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["bench", "--files", "2", *words.split()])
    assert "leave out --wear and --frames" in capsys.readouterr().err
