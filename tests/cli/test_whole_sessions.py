"""What recover and verify say of a finished session: nothing is called whole or ok that was not seen."""

import json
import shutil

import pytest

from app.__main__ import main
from tests.made_session import make_session


@pytest.fixture
def folder(tmp_path):
    return make_session(tmp_path / "made", frames=3, faces=1, absent=range(0))


@pytest.mark.parametrize("name", ["faces.csv", "events.csv", "events-added.csv", "video.mkv"])
@pytest.mark.parametrize("as_what", ["link", "folder"])
def test_a_finished_session_with_a_file_that_is_none_is_not_called_whole(
    tmp_path, folder, capsys, name, as_what
):
    elsewhere = tmp_path / "elsewhere"
    shutil.copy(folder / "faces.csv", elsewhere)
    (folder / name).unlink(missing_ok=True)
    if as_what == "link":
        (folder / name).symlink_to(elsewhere)
    else:
        (folder / name).mkdir()
    before = elsewhere.read_bytes()
    assert main(["recover", str(folder)]) == 2
    said = capsys.readouterr()
    assert (
        said.out == ""
        and said.err.startswith(f"{folder / name} cannot be read (")
        and said.err.count("\n") == 1
    )
    assert elsewhere.read_bytes() == before


def test_a_finished_session_is_whole_unless_rows_are_gone(folder, capsys):
    assert main(["recover", str(folder)]) == 0
    assert "is whole already: there is nothing to recover" in capsys.readouterr().out
    rows = (folder / "faces.csv").read_text()
    (folder / "faces.csv").write_text("".join(rows.splitlines(keepends=True)[:-1]))
    assert main(["recover", str(folder)]) == 1
    said = capsys.readouterr().out
    assert "so that nothing can be recovered. " in said and "it has 2 of the 3 rows" in said
    (folder / "faces.csv").unlink()
    assert main(["recover", str(folder)]) == 2
    assert "faces.csv cannot be read" in capsys.readouterr().err


def test_what_was_not_checked_is_a_note_and_not_ok(folder, capsys):
    assert main(["verify", str(folder)]) == 1  # its network is made up
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()[1:]]
    assert [line.split()[0] for line in lines] == ["note", "note", "DIFFERS", "note"]
    assert lines[-1] == "note     Without the same networks the rows are not computed again."
    about = folder / "session.json"
    about.write_text(json.dumps(json.loads(about.read_text()) | {"models": []}))
    assert main(["verify", str(folder)]) == 0
    said = capsys.readouterr().out
    assert (
        "note     There is no clean video, so the rows cannot be computed again." in said and "ok" not in said
    )
