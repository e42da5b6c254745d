"""Which frames were measured, in `session.json` and out of it again."""

import pytest

from app.sessions.recorded_selection import from_settings, to_settings
from app.sources.selection import ALL, Selection


def test_a_session_keeps_what_differs_from_all():
    assert to_settings(ALL) == {} and from_settings({"max_faces": 4}) == ALL
    for chosen in (Selection(every=3), Selection(rate=2.5, rotate=90, seconds=4.0), Selection(as_clip=25.0)):
        assert from_settings(to_settings(chosen)) == chosen


@pytest.mark.parametrize(
    "edited",
    [{"every": 0}, {"every": 2.5}, {"every": True}, {"rotate": 45}, {"rate": -1}, {"rate": "5"},
     {"rate": 1e9}, {"seconds": -1}, {"seconds": float("nan")}, {"rotate": [90]},
     *({"as_clip": rate} for rate in (-1, 1e9, True, "30", float("nan")))],
)  # fmt: skip
def test_settings_that_somebody_edited_are_refused(edited):
    with pytest.raises(ValueError, match=r"every|rotate|rate|seconds|as_clip|number"):
        from_settings(edited)
