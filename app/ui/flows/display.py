"""The newest result, from the mailbox into the panels; now and then the curves."""

from __future__ import annotations

from app.playing.history import History
from app.system.mailbox import Mailbox
from app.types import Result
from app.ui.panels.grid import PanelGrid

CURVES_EVERY = 10  # polls between two drawings of the curves; one with a new result is left to that ...
LATEST = 15  # ... but not for ever


class Display:
    """`poll` is called by a fast clock: polling an empty mailbox costs nothing."""

    def __init__(self, panels: PanelGrid, history: History) -> None:
        self._panels, self._history = panels, history
        self._unpainted = 0  # results since one was painted
        self._polls = 0  # since the curves were drawn

    def poll(self, results: Mailbox[Result], pictures: int) -> Result | None:
        """Shows what is newest, if it is new, and gives it; one of `pictures` results is painted."""
        result = results.take()
        if result is not None:
            self._unpainted += 1
            if self._unpainted >= pictures:
                self._unpainted = 0
                self._panels.show_result(result)
        self._polls += 1
        if self._polls >= (CURVES_EVERY if result is None else LATEST):
            self._polls = 0
            self._panels.show_history(self._history)
        return result
