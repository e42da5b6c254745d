import sys

import pytest

from app.system.errors import UserError
from export.limits import ratio
from export.limits.ratio import Program

BASE = {"ms a frame, median": 12.0, "ms of detect, median": 6.0}
PRESENT = {"ms a frame, median": 6.0, "ms of detect, median": 2.0}


def test_table_has_medians_over_the_turns_and_their_ratios():
    slow = {name: 10 * value for name, value in BASE.items()}
    lines = ratio.table(4, "abc", [BASE, slow, BASE], [PRESENT] * 3).splitlines()
    assert [line.split()[-3:] for line in lines[1:4]] == [
        ["abc", "present", "ratio"], ["12.00", "6.00", "0.50"], ["6.00", "2.00", "0.33"],
    ]  # fmt: skip
    assert lines[4].split()[-2:] == ["2.00", "1.00"]  # multiples of the 6 ms of the earlier commit


def test_memory_and_processor_time_are_those_of_the_process_alone(tmp_path):
    (tmp_path / "app").mkdir()
    (tmp_path / "app/__main__.py").write_text(
        "import sys, time\n"
        "print(sys.argv[1])\n"
        "block = b'1' * 60_000_000\n"
        "while time.process_time() < 0.3: pass\n"
    )
    ended = ratio.run(Program("here", tmp_path, sys.executable), "hello")
    assert ended.said == "hello\n"
    assert ended.memory > 60 and ended.seconds > 0.25
    assert 0.25 < ended.processor < 1


def test_a_program_that_fails_is_a_user_error_with_its_last_line(tmp_path):
    (tmp_path / "app").mkdir()
    (tmp_path / "app/__main__.py").write_text("import sys; print(1); sys.exit('no network')")
    with pytest.raises(UserError, match=r"mien bench of old failed: no network"):
        ratio.run(Program("old", tmp_path, sys.executable), "bench")


def test_clip_has_as_many_faces_as_were_asked_for(tmp_path):
    import cv2

    ratio.write_clip(tmp_path / "4.avi", 4, 2)
    video = cv2.VideoCapture(str(tmp_path / "4.avi"))
    good, image = video.read()
    assert good and image.shape == (720, 1280, 3)
    quarters = image[:360, :640], image[:360, 640:], image[360:, :640], image[360:, 640:]
    assert all(cv2.norm(quarter, quarters[0]) / quarter.size**0.5 < 3 for quarter in quarters)
    assert video.read()[0] and not video.read()[0]


def test_checkout_of_a_commit_goes_at_the_end():
    with ratio.checkout("HEAD") as root:
        assert (root / "app/__main__.py").exists()
    assert not root.exists()
