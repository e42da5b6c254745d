"""What is entered for the next recording."""

from __future__ import annotations

from app.ui.window import Window


def test_names_of_markers_are_kept_for_the_next_start(window: Window) -> None:
    window.details_sheet.name_fields[4].setText("pause; coffee")
    assert window.settings().markers == "start;stop;;;pause, coffee"
