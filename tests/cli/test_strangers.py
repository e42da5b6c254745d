"""Every command says one sentence of a session that cannot be, and ends with exit code 1 or 2."""

import pytest

from app.__main__ import main
from tests.made_session import make_session
from tests.sessions.test_strangers import EVENT, WRONG_EVENTS, WRONG_INFO, WRONG_ROWS, spoilt

FORMATS = ("parquet", "bids", "xdf", "elan", "csv")
COMMANDS = (["report"], ["verify"], *(["export", "--format", name] for name in FORMATS))
WRONG = {
    **{f"info: {what}": ("session.json", change) for what, change in WRONG_INFO.items()},
    **{f"rows: {what}": ("faces.csv", change) for what, change in WRONG_ROWS.items()},
    **{
        f"events: {what}": ("events.csv", lambda _, text=text: (EVENT + text).encode())
        for what, text in WRONG_EVENTS.items()
    },
}


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_is_one_sentence_and_no_failure_of_mien(tmp_path, capsys, what):
    name, change = WRONG[what]
    folder = make_session(tmp_path / "made", frames=3)
    spoilt(folder, name, change)
    for command in COMMANDS:
        code = main([*command, str(folder)])
        said = capsys.readouterr()
        assert code in (0, 1, 2) and "failed (" not in said.err and "Traceback" not in said.err
        if code == 2:
            assert said.err.count("\n") == 1 and str(folder) in said.err and len(said.err) < 700
        if name == "session.json":
            assert code == 2
