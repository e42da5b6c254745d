"""Shift+W on the stage: the live faces wear an expression, made up by a network."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.stages.made_up import worn
from app.stages.synthesis import MISSING, Synthesizer, obstacle
from app.types import EXPRESSIONS, Image, Result
from app.ui.controls.actions import Actions
from app.ui.controls.view import Group
from app.ui.flows.notices import Notices
from app.ui.flows.synthesis_thread import SynthesisThread
from app.ui.panels.grid import PanelGrid

ORDER = (*EXPRESSIONS[1:], EXPRESSIONS[0])  # neutral last: most faces are


class WornExpression(QObject):
    """It looks at what is painted, never at what is recorded or sent; of results that come too fast it leaves
    some out.
    """

    _made = Signal(object, str)  # picture, expression
    _failed = Signal(str)

    def __init__(
        self, thread: SynthesisThread, actions: Actions, panels: PanelGrid, notices: Notices
    ) -> None:
        super().__init__(panels)
        self._thread, self._actions, self._panels, self._notices = thread, actions, panels, notices
        self.expression = ""  # that is worn; "" for none
        actions.wear.triggered.connect(self.next)
        actions.stage.toggled.connect(lambda on: None if on else self.end())
        for view, action in actions.view.items():
            if view.group is Group.PANEL:
                action.triggered.connect(self.end)
        panels.painted.connect(self._painted)
        self._made.connect(self._show)
        self._failed.connect(self._refuse)

    def next(self) -> None:
        """The next expression; after the last the faces are as they are. It brings the stage with it."""
        if not self._thread.installed:
            self._refuse(MISSING)
            return
        place = ORDER.index(self.expression) + 1 if self.expression else 0
        if place == len(ORDER):
            self.end()
            return
        self._actions.stage.setChecked(True)
        self.expression = ORDER[place]
        self._panels.stage.wear(self.expression)
        if (result := self._panels.stage.picture.result) is not None:
            self._painted(result)

    def end(self) -> None:
        """Shows the panel again."""
        self.expression = ""
        self._panels.stage.wear("")

    def _refuse(self, sentence: str) -> None:
        self.end()
        self._notices.say(sentence)

    def _painted(self, result: Result) -> None:
        if not self.expression or result.frame.image_note:
            return
        expression, mirrored = self.expression, self._panels.stage.picture.mirrored

        def make(synthesizer: Synthesizer) -> None:
            self._made.emit(worn(synthesizer, result, expression, mirrored=mirrored), expression)

        self._panels.stage.say_of_worn(_sentence(result), nobody=not result.faces)
        self._thread.submit(self, make, self._failed.emit)

    def _show(self, picture: Image, expression: str) -> None:
        if expression == self.expression:
            self._panels.stage.worn.show_picture(picture)


def _sentence(result: Result) -> str:
    """Why somebody wears nothing; "" where everybody does."""
    reasons = [reason for face in result.faces if (reason := obstacle(result.frame.image, face))]
    return f" {reasons[0][0].upper()}{reasons[0][1:]}." if reasons else ""
