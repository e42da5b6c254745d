"""What docs/study.md shows of `study.toml` is a study."""

import re
from pathlib import Path

from app.study.study_text import read_study, study_text

PAGE = Path(__file__).parents[2] / "docs" / "study.md"


def test_the_study_of_the_page_can_be_read():
    text = re.search(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)[1]
    study = read_study(text)
    assert study.participant("P01").sessions[0].folder == "sessions/P01-run1"
    assert read_study(study_text(study)) == study
