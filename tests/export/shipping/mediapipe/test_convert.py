"""The whole conversion, against MediaPipe's own inference and by its sentences."""

from __future__ import annotations

import hashlib
import tomllib
from importlib.util import find_spec

import pytest

pytest.importorskip("onnx", reason="onnx is not installed; install the extra [export]")

from export.data.places import MODELS
from export.shipping.mediapipe import wheel
from export.shipping.mediapipe.cards import notice
from export.shipping.mediapipe.comparison import differences
from export.shipping.mediapipe.convert import CLIPS, TOLERANCE, main
from export.shipping.mediapipe.networks import SOURCES, convert
from export.shipping.mediapipe.refinement import parts
from export.shipping.mediapipe.samples import samples

with_mediapipe = pytest.mark.skipif(
    find_spec("mediapipe") is None, reason="mediapipe is not installed; install the extra [mediapipe]"
)
every = pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
shipped = pytest.mark.parametrize(
    "source", [source for source in SOURCES if source.ships], ids=lambda source: source.name
)


@with_mediapipe
@every
def test_a_converted_network_answers_like_mediapipe(source):
    content = convert(source).SerializeToString(deterministic=True)
    found = differences(source, content, samples(source, CLIPS)[:12])
    assert set(found) == set(source.head.shapes) and max(found.values()) < TOLERANCE


@with_mediapipe
@shipped
def test_what_ships_is_what_the_command_writes(source):
    content = convert(source).SerializeToString(deterministic=True)
    assert content == (MODELS / f"{source.name}.onnx").read_bytes()
    assert content == convert(source).SerializeToString(deterministic=True)


@shipped
def test_the_card_says_where_a_network_comes_from(source):
    card = tomllib.loads((MODELS / f"{source.name}.toml").read_text("utf-8"))
    assert card["sha256"] == hashlib.sha256((MODELS / card["file"]).read_bytes()).hexdigest()
    assert card["licence"] == "Apache-2.0" and card["task"] == source.task
    assert card["input"] == {"name": source.input, "channels": 3, "size": source.size, "colours": "BGR"}
    assert card["outputs"]["names"] == list(source.head.shapes)
    assert card["origin"]["sha256"] == source.origin.sha256
    assert card["origin"]["left_out"] == (["output_lips"] if source.name == "landmarks" else [])
    assert max(card["export"]["difference"].values()) < TOLERANCE


def test_the_notice_names_what_ships():
    assert (MODELS / "NOTICE").read_text("utf-8") == notice()
    assert all((f"{source.name}.onnx" in notice()) == source.ships for source in SOURCES)


@with_mediapipe
def test_which_landmarks_are_found_again_is_in_the_graph():
    mesh, lips, *eyes, left, right = parts()
    assert mesh.places == tuple(range(468)) and len(lips.places) == 80
    assert [len(eye.places) for eye in eyes] == [71, 71]
    assert (left.places, right.places) == (tuple(range(468, 473)), tuple(range(473, 478)))
    assert set(left.depths) < set(eyes[0].places) and set(right.depths) < set(eyes[1].places)


@with_mediapipe
def test_one_network_in_a_folder(tmp_path, capsys):
    assert main(["iris", "--to", str(tmp_path / "new")]) == 0
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["NOTICE", "iris.onnx", "iris.toml"]
    assert "iris.onnx and its card are written; differences: eye " in capsys.readouterr().out


@with_mediapipe
def test_a_folder_without_pictures(tmp_path, capsys):
    assert main(["faces_near", "--to", str(tmp_path), "--pictures", str(tmp_path / "none")]) == 2
    assert "none has no picture or clip that shows a picture" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_without_the_package_one_sentence_says_so(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(wheel, "find_spec", lambda name: None)
    assert main(["--to", str(tmp_path)]) == 2
    said = capsys.readouterr().err.strip().splitlines()
    assert len(said) == 1 and "is missing: run pip install --no-deps mediapipe==0.10.21" in said[0]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("content", [b"another network", None], ids=["another", "missing"])
def test_with_another_package_one_sentence_says_so(content, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(wheel, "root", lambda: tmp_path / "mediapipe")
    path = tmp_path / "mediapipe" / SOURCES[0].origin.file
    path.parent.mkdir(parents=True)
    if content:
        path.write_bytes(content)
    assert main(["--to", str(tmp_path / "models")]) == 2
    said = capsys.readouterr().err.strip().splitlines()
    assert len(said) == 1 and "is not that of 0.10.21 (" in said[0] and "--force-reinstall" in said[0]
    assert not (tmp_path / "models").exists()


def test_an_unknown_network_is_refused(capsys):
    with pytest.raises(SystemExit) as left:
        main(["nose"])
    assert (
        left.value.code == 2 and "nose is none of faces_near, faces_far, landmarks" in capsys.readouterr().err
    )
