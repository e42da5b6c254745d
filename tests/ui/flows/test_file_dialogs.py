"""What the dialogs that open a file show at first: every kind that Mien reads."""

import pytest

from app.sources.kinds import PICTURES
from app.ui.flows.file_dialogs import VIDEOS


@pytest.mark.parametrize("end", sorted({".flv", ".mkv", ".mp4", ".mts", ".ogv", ".ts", ".webm"} | PICTURES))
def test_no_kind_that_is_read_is_hidden(end):
    assert f"*{end}" in VIDEOS.partition("(")[2].rstrip(")").split()
