"""F4: the frozen face as each of the eight expressions, made up by a network."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.stages.synthesis import MISSING, Synthesizer, obstacle
from app.types import EXPRESSIONS, Face, Frame, Result
from app.ui.controls.actions import Actions
from app.ui.flows.notices import Notices
from app.ui.flows.synthesis_thread import SynthesisThread
from app.ui.flows.why import Why
from app.ui.panels.grid import PanelGrid


class OtherExpressionsFlow(QObject):
    """Another view of what `Why` has frozen; nothing here waits for the network."""

    _made = Signal(object, object)  # the Face, and its changes as a tuple
    _failed = Signal(str)

    def __init__(
        self, thread: SynthesisThread, why: Why, actions: Actions, panels: PanelGrid, notices: Notices
    ) -> None:
        super().__init__(why)
        self._thread, self._why, self._actions = thread, why, actions
        self._panels, self._notices = panels, notices
        self._of: tuple[Frame, Face] | None = None  # what is shown or being made
        actions.other_expressions.toggled.connect(self._toggle)
        actions.runner_up.toggled.connect(lambda on: self._end() if on else None)
        why.chose.connect(self._show)
        why.ended.connect(self._end)
        self._made.connect(self._answered)
        self._failed.connect(self._refuse)
        for view in panels.frozen:
            view.others.strength_changed.connect(self._set_strength)

    def _toggle(self, on: bool) -> None:
        if on and not self._thread.installed:
            self._refuse(MISSING)
            return
        if on:
            self._actions.runner_up.setChecked(False)
            self._actions.why.setChecked(True)  # which says so where nothing can be frozen
            if not self._actions.why.isChecked():
                self._end()
                return
        for view in self._panels.frozen:
            view.show_others(on)
        self._panels.stage.show_view(self._panels.stage.view)
        if on and self._why.chosen is not None:
            self._show(*self._why.chosen)

    def _end(self) -> None:
        self._of = None
        self._actions.other_expressions.setChecked(False)

    def _refuse(self, sentence: str) -> None:
        self._end()
        self._notices.say(sentence)

    def _show(self, result: Result, face: Face) -> None:
        """Makes them of this face of a frozen result."""
        if not self._actions.other_expressions.isChecked():
            return
        if reason := obstacle(result.frame.image, face):
            self._of = None
            self._say(f"Nothing can be made of this face, since {reason}.")
            return
        self._of = result.frame, face
        self._ask()

    def _set_strength(self, strength: float) -> None:
        for view in self._panels.frozen:
            view.others.set_strength(strength)
        if self._of is not None:
            self._ask()

    def _ask(self) -> None:
        assert self._of is not None
        (frame, face), strength = self._of, self._panels.frozen[0].others.strength

        def make(synthesizer: Synthesizer) -> None:
            self._made.emit(face, synthesizer.changes(frame.image, face, EXPRESSIONS, strength))

        self._thread.submit(self, make, self._failed.emit)

    def _answered(self, face: Face, changes: object) -> None:
        if self._of is None or self._of[1] is not face or not isinstance(changes, tuple):
            return
        caption = f"Person {face.id} as each expression" if len(self._faces) > 1 else "As each expression"
        for view in self._panels.frozen:
            view.others.show_changes(f"{caption}, made up", self._of[0].image, changes)

    @property
    def _faces(self) -> tuple[Face, ...]:
        chosen = self._why.chosen
        return () if chosen is None else chosen[0].faces

    def _say(self, sentence: str) -> None:
        for view in self._panels.frozen:
            view.others.say(sentence)
