import json
import os
from dataclasses import replace

import pytest

from app.system import paths, settings
from app.system.settings import Settings


def test_what_is_saved_comes_back(tmp_path):
    file = tmp_path / "deep" / "settings.json"
    chosen = replace(Settings(), camera=2, smoothing=0.8, sessions="here")
    settings.save(chosen, file)
    assert settings.load(file) == (chosen, "")
    assert [p.name for p in file.parent.iterdir()] == ["settings.json"]


def test_without_a_file_there_are_defaults_and_nothing_is_said(tmp_path):
    assert settings.load(tmp_path / "none.json") == (Settings(), "")


def test_a_damaged_file_is_moved_aside_and_said_once(tmp_path):
    file = tmp_path / "settings.json"
    for damage in ('{"camera": 1', "[1]", "\udcff"):
        file.write_text(damage, encoding="utf-8", errors="surrogateescape")
        loaded, notice = settings.load(file)
        assert loaded == Settings() and "damaged" in notice and "settings.broken.json" in notice
        assert settings.load(file) == (Settings(), "")
        assert (tmp_path / "settings.broken.json").exists()


def test_unknown_and_wrong_values_count_as_absent(tmp_path):
    file = tmp_path / "settings.json"
    kept = {"camera": "front", "max_faces": 0, "smoothing": 7.0, "welcomed": True, "colour": 3}
    file.write_text(json.dumps(kept))
    assert settings.load(file) == (replace(Settings(), welcomed=True), "")


@pytest.mark.parametrize(
    ("said", "used"), [(1, 1), (16, 16), (17, 4), (-1, 4), (10**9, 4), (True, 4), (9.0, 4)]
)
def test_the_number_of_faces_has_bounds(tmp_path, said, used):
    file = tmp_path / "settings.json"
    file.write_text(json.dumps({"max_faces": said}))
    assert settings.load(file) == (replace(Settings(), max_faces=used), "")


def test_what_an_earlier_version_saved_under_other_names_is_kept(tmp_path):
    file = tmp_path / "settings.json"
    earlier = {"effort": "float32", "calm": 0.8, "show_box": False, "show_axes": True, "mirror": True}
    file.write_text(json.dumps({"show_eyes": True, "show_curves": "no", **earlier}))
    chosen = replace(Settings(), precision="float32", smoothing=0.8, view="box;axes;mirror")
    assert settings.load(file) == (chosen, "")
    file.write_text(json.dumps({**earlier, "precision": "int8", "smoothing": 0.2, "view": "bars"}))
    chosen = replace(Settings(), precision="int8", smoothing=0.2, view="bars")
    assert settings.load(file) == (chosen, "")


def test_a_file_that_cannot_be_read_is_said(tmp_path):
    loaded, notice = settings.load(tmp_path)  # a folder in its place
    assert loaded == Settings() and "cannot be read" in notice


def test_where_sessions_go(tmp_path):
    assert Settings(sessions=str(tmp_path)).sessions_folder == tmp_path
    assert Settings().sessions_folder == paths.sessions()


def test_networks_and_clip_are_in_the_checkout_or_inside_the_installed_package(tmp_path, monkeypatch):
    assert paths.is_checkout() and (paths.root() / "app" / "system" / "paths.py").is_file()
    shipped = tmp_path / "app" / "shipped"
    shipped.mkdir(parents=True)
    monkeypatch.setattr(paths, "PACKAGE", tmp_path / "app")
    assert not paths.is_checkout()
    assert paths.models() == shipped / "models" and paths.sample_clip() == shipped / "assets" / "sample.mp4"


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 100_000,
        b'{"a":' * 90 + b"1" + b"}" * 90,
        b'{"smoothing": 1e400}',
        b'{"camera": ' + b"9" * 5000 + b"}",
        b'{"sessions": "\\ud800"}',
        b'{"smoothing": NaN}',
        b"\xff\xfe",
        bytes(500),
        b'{"sessions": "' + b"x" * 20_000_000 + b'"}',
    ],
    ids=["deep", "deep objects", "infinite", "digits", "surrogate", "NaN", "no UTF-8", "zeros", "20 MB"],
)
def test_garbage_is_moved_aside_and_the_defaults_are_used(tmp_path, content):
    file = tmp_path / "settings.json"
    file.write_bytes(content)
    loaded, notice = settings.load(file)
    assert loaded == Settings() and "The settings were damaged" in notice and len(notice) < 500


@pytest.mark.parametrize(
    "kept",
    [{"camera": -1}, {"camera": 10**17}, {"sessions": "x" * 5000}, {"sessions": "a\0b"}, {"markers": "a\nb"},
     {"smoothing": -0.1}, {"precision": "x" * 5000}, {"view": ["box"]}, {"geometry": {}}],
)  # fmt: skip
def test_a_setting_that_nobody_can_have_chosen_counts_as_absent(tmp_path, kept):
    file = tmp_path / "settings.json"
    file.write_text(json.dumps({"welcomed": True} | kept))
    assert settings.load(file) == (replace(Settings(), welcomed=True), "")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a Unix thing: pipes and links")
def test_a_pipe_in_its_place_is_said_at_once(tmp_path):
    os.mkfifo(tmp_path / "settings.json")
    loaded, notice = settings.load(tmp_path / "settings.json")
    assert loaded == Settings() and "cannot be read (it is no file)" in notice
