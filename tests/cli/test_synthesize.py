"""`mien synthesize` on the face of the sample clip, with a tiny network that adds light."""

from __future__ import annotations

import shutil

import cv2
import numpy as np
import pytest

from app.__main__ import main
from app.sources.video import VideoFile
from app.system import paths
from tests.tiny_synthesis import write_synthesis


@pytest.fixture
def models(tmp_path):
    """The networks that ship, but for the one that makes faces."""
    folder = tmp_path / "models"
    folder.mkdir()
    for path in paths.models().iterdir():
        if path.suffix in (".toml", ".onnx", ".json") and path.stem != "synthesis":
            shutil.copy(path, folder)
    return folder


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch, models):
    monkeypatch.setattr(paths, "settings_file", lambda: tmp_path / "home" / "settings.json")
    monkeypatch.setattr(paths, "log_file", lambda: tmp_path / "home" / "mien.log")
    monkeypatch.setattr(paths, "models", lambda: models)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def face(tmp_path):
    """A picture of a drawn face."""
    video = VideoFile(paths.sample_clip())
    video.open()
    frame = video.read()
    video.close()
    cv2.imwrite(str(tmp_path / "face.png"), frame.image)
    return frame.image


@pytest.fixture
def network(models):
    return write_synthesis(models)


def test_it_writes_a_made_picture_beside_which_the_old_one_stays(face, network, tmp_path, capsys):
    assert main(["synthesize", "face.png", "--expression", "contempt"]) == 0
    assert capsys.readouterr().out == "face-contempt.png\n"
    made = cv2.imread("face-contempt.png")
    assert made.shape == face.shape
    brighter = made.astype(int) - face
    assert brighter.max() >= 40 and (brighter == 0).mean() > 0.3  # the face, and nothing else
    assert np.array_equal(cv2.imread("face.png"), face)


def test_strength_0_leaves_all_but_the_words_as_it_is(face, network):
    assert main(["synthesize", "face.png", "--expression", "fear", "--strength", "0", "-o", "out.png"]) == 0
    apart = (cv2.imread("out.png") != face).any(2)
    assert 0 < apart.mean() < 0.1
    half = ["synthesize", "face.png", "--expression", "fear", "--strength", "0.5", "-o", "half.jpg"]
    assert main(half) == 0 and cv2.imread("half.jpg").shape == face.shape


def test_every_is_a_sheet_of_all(face, network):
    assert main(["synthesize", "face.png", "--expression", "every", "-o", "in/a/sheet.png"]) == 0
    assert cv2.imread("in/a/sheet.png").shape == (640, 1280, 3)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["none.png"], "none.png"),
        (["grey.png"], "grey.png: No face was found: choose a picture with a face in it."),
        (
            ["half.png"],
            "half.png: nothing can be made of the face, since part of the face is outside the picture.",
        ),
        (["face.png", "-o", "out.txt"], "out.txt is no name of a picture: let it end in .png or .jpg."),
        (["face.png", "-o", "face.png"], "face.png is the picture itself"),
    ],
)
def test_bad_input_is_one_sentence(face, network, words, sentence, capsys, tmp_path):
    cv2.imwrite("grey.png", np.full_like(face, 128))
    cv2.imwrite("half.png", face[:310])
    before = sorted(path.name for path in tmp_path.iterdir())
    assert main(["synthesize", *words, "--expression", "happy"]) == 2
    said = capsys.readouterr()
    assert sentence in said.err and said.err.count("\n") == 1 and said.out == ""
    assert sorted({path.name for path in tmp_path.iterdir()} - {"home"}) == [n for n in before if n != "home"]


@pytest.mark.parametrize("name", ["s/../face.png", "new/../face.png", "link.png", "second.png"])
def test_no_other_name_of_the_picture_overwrites_it(face, network, name, capsys, tmp_path):
    original = (tmp_path / "face.png").read_bytes()
    (tmp_path / "s").mkdir()
    try:
        (tmp_path / "link.png").symlink_to("face.png")
        (tmp_path / "second.png").hardlink_to("face.png")
    except OSError:
        pytest.skip("no links here")
    assert main(["synthesize", "face.png", "-o", name, "--expression", "happy"]) == 2
    assert "is the picture itself, which stays as it is" in capsys.readouterr().err
    assert (tmp_path / "face.png").read_bytes() == original


def test_a_face_that_cannot_be_changed_is_named_and_stays(face, network, capsys):
    both = np.vstack([np.hstack([face, np.full_like(face, 128)]), np.hstack([np.full_like(face, 128), face])])
    cv2.imwrite("both.png", both[:-170])  # the face on the right is cut off
    assert main(["synthesize", "both.png", "--expression", "contempt"]) == 0
    assert "stays as it is, since part of the face is outside the picture" in capsys.readouterr().err
    made = cv2.imread("both-contempt.png")
    assert np.array_equal(made[480:], both[480:-170]) and (made[:480] != both[:480]).any()


def test_without_its_network_it_says_so_and_the_rest_works(face, capsys):
    assert main(["synthesize", "face.png", "--expression", "happy"]) == 2
    assert "No network that makes faces is installed" in capsys.readouterr().err
    assert main(["selftest"]) == 0


@pytest.mark.parametrize(
    "words",
    [
        ["face.png"],
        ["face.png", "--expression", "glad"],
        ["face.png", "--expression", "sad", "--strength", "1.1"],
    ],
)
def test_wrong_options_end_with_2(words):
    with pytest.raises(SystemExit, match="2"):
        main(["synthesize", *words])


def test_a_selftest_runs_it_too(network, capsys):
    assert main(["selftest"]) == 0
    assert "synthesis.toml" in capsys.readouterr().out
