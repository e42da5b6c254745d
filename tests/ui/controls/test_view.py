"""The table of views: each has all that a switch needs, and is kept for the next start."""

from __future__ import annotations

import pytest

from app.ui.controls.actions import TABLE
from app.ui.controls.view import SHOWN_AT_FIRST, View, from_setting, to_setting


@pytest.mark.parametrize(
    "shown", [SHOWN_AT_FIRST, frozenset(), frozenset(View), frozenset({View.AXES, View.BARS})]
)
def test_what_is_shown_is_read_back(shown: frozenset[View]) -> None:
    assert from_setting(to_setting(shown)) == shown


def test_only_what_differs_from_the_first_start_is_kept_and_unknown_names_are_left_out() -> None:
    assert to_setting(SHOWN_AT_FIRST) == "" and from_setting("") == SHOWN_AT_FIRST
    assert to_setting(SHOWN_AT_FIRST - {View.BOX} | {View.MIRROR}) == "box;mirror"
    assert from_setting("box;of a later version") == SHOWN_AT_FIRST - {View.BOX}


@pytest.mark.parametrize("view", View)
def test_each_view_is_an_action(view: View) -> None:
    entry = TABLE[view.action]
    assert (entry.text, entry.keys, entry.tip, entry.checked) == (view.text, (view.key,), view.tip, view.on)
