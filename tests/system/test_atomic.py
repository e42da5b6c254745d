"""A file or a folder appears whole or not at all."""

import os

import pytest

from app.system.atomic import WriteError, output_file, replace_text, replacing, replacing_folder


def test_the_new_text_takes_the_place_of_the_old_and_nothing_else_is_left(tmp_path):
    path = tmp_path / "kept.json"
    for text in ("old", "naïve\nnew\n"):
        replace_text(path, text)
    assert path.read_bytes() == "naïve\nnew\n".encode()
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), ValueError, KeyboardInterrupt])
def test_a_failure_on_the_way_leaves_the_old_file(tmp_path, error):
    path = tmp_path / "kept"
    path.write_text("old")
    with pytest.raises((OSError, ValueError, KeyboardInterrupt)), replacing(path) as draft:
        draft.write_text("half")
        raise error
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_old_file_stays_in_its_place_until_the_draft_is_complete(tmp_path):
    path = tmp_path / "kept"
    path.write_text("old")
    with replacing(path) as draft:
        draft.write_text("new")
        assert path.read_text() == "old" and draft.parent == path.parent
    assert path.read_text() == "new"


def test_the_draft_is_on_the_disk_before_it_takes_the_place_of_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "kept"
    path.write_text("old")
    held = []
    fsync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (held.append(path.read_text()), fsync(handle)))
    replace_text(path, "new")
    assert held == (["old", "new"] if os.name == "posix" else ["old"])  # the second is of its name


def test_a_missing_folder_is_an_error_and_is_not_made(tmp_path):
    with pytest.raises(OSError):
        replace_text(tmp_path / "unplugged" / "kept", "text")
    assert not list(tmp_path.iterdir())


def test_a_folder_takes_the_place_of_the_old_one_with_all_that_was_in_it(tmp_path):
    folder = tmp_path / "pictures"
    for name in ("old", "new"):
        with replacing_folder(folder) as draft:
            (draft / name).write_text(name)
    assert [file.name for file in folder.iterdir()] == ["new"]
    assert list(tmp_path.iterdir()) == [folder]


def test_a_failure_on_the_way_leaves_the_old_folder(tmp_path):
    folder = tmp_path / "pictures"
    folder.mkdir()
    (folder / "old").write_text("old")
    with pytest.raises(OSError), replacing_folder(folder) as draft:
        (draft / "new").write_text("half")
        raise OSError(28, "No space left on device")
    assert [file.name for file in folder.iterdir()] == ["old"]
    assert list(tmp_path.iterdir()) == [folder]


def test_what_the_user_asked_for_gets_its_folder_and_one_sentence_where_it_cannot_be_written(tmp_path):
    path = tmp_path / "deep" / "er" / "page.html"
    with output_file(path) as draft:
        draft.write_text("page")
    assert path.read_text() == "page"
    with (
        pytest.raises(
            WriteError, match=r"page\.html cannot be written \(No space left.*choose another place"
        ),
        output_file(path) as draft,
    ):
        draft.write_text("half")
        raise OSError(28, "No space left on device")
    assert path.read_text() == "page"
