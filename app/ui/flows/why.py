"""Why: the picture is frozen and explained, while measuring and recording go on behind it."""

from __future__ import annotations

import time
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from app.stages.heatmap import Explained
from app.types import Face, Result
from app.ui.controls.actions import Actions
from app.ui.flows.explainer import Explainer
from app.ui.flows.notices import Notices
from app.ui.flows.player import Player
from app.ui.flows.record_flow import RecordFlow
from app.ui.panels.frozen import FrozenFrame
from app.ui.panels.grid import PanelGrid

CLOCK = 1000  # ms between two texts


class Why(QObject):
    """The picture and its explanation are of one moment; nothing here waits for the network.

    `chose` says which face of which frozen result is looked at, `ended` that nothing is frozen any more.
    """

    chose = Signal(object, object)  # Result, Face
    ended = Signal()

    def __init__(
        self, explainer: Explainer, actions: Actions, panels: PanelGrid, player: Player,
        recording: RecordFlow, notices: Notices,
    ) -> None:  # fmt: skip
        super().__init__(player)
        self._explainer, self._actions, self._panels = explainer, actions, panels
        self._player, self._recording, self._notices = player, recording, notices
        self._frozen: FrozenFrame | None = None
        self._since, self._begun = "", 0.0  # when it was frozen: as a clock shows it, and time.monotonic()
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._tell)
        actions.why.toggled.connect(self._toggle)
        actions.runner_up.toggled.connect(self._compare)
        panels.cleared.connect(lambda: actions.why.setChecked(False))
        explainer.explained.connect(self._explained)
        explainer.failed.connect(self._refuse)
        for view in panels.frozen:
            view.picked.connect(self._explain)

    @property
    def chosen(self) -> tuple[Result, Face] | None:
        """What is frozen, and the face that is looked at; None where nothing is frozen."""
        return None if self._frozen is None else (self._frozen.result, self._face)

    def next_person(self) -> None:
        """Goes on to the next face, of the frozen picture while there is one."""
        if self._frozen is None:
            self._panels.follow_next()
            return
        ids = [face.id for face in self._frozen.result.faces]
        self._explain(ids[(ids.index(self._frozen.face_id) + 1) % len(ids)])

    def _toggle(self, on: bool) -> None:
        if on:
            self._freeze(self._panels.picture.result)
        else:
            self._frozen = None
            self._clock.stop()
            self._actions.runner_up.setChecked(False)
            self._panels.freeze(False)
            self.ended.emit()

    def _freeze(self, result: Result | None) -> None:
        if result is None:
            self._refuse("There is no picture to explain: start a camera, a video or a replay first.")
        elif result.frame.image_note:
            self._refuse(f"Only a real picture can be explained, and {result.frame.image_note}.")
        elif not result.faces:
            self._refuse("There is no face to explain: press F2 again with a face in the picture.")
        else:
            ids = [face.id for face in result.faces]
            followed = self._panels.followed
            self._frozen = FrozenFrame(result, followed if followed in ids else ids[0])
            self._since, self._begun = time.strftime("%H:%M:%S"), time.monotonic()
            self._show()
            self._explain(self._frozen.face_id)
            self._tell()
            self._panels.freeze(True)
            self._clock.start(CLOCK)

    def _compare(self, on: bool) -> None:
        if on and self._frozen is None:
            self._actions.why.setChecked(True)
        self._show()

    def _explain(self, face_id: int) -> None:
        assert self._frozen is not None
        self._panels.follow(face_id)
        # what is shown changes when the answer comes
        self._frozen = FrozenFrame(self._frozen.result, face_id)
        self._explainer.explain(self._frozen.result.frame, self._face, self._player.running)
        self.chose.emit(self._frozen.result, self._face)

    def _explained(self, face: Face, explained: Explained) -> None:
        if self._frozen is not None and face is self._face:
            self._frozen = replace(self._frozen, explained=explained)
            self._show()

    def _refuse(self, text: str) -> None:
        self._actions.why.setChecked(False)
        self._actions.runner_up.setChecked(False)
        self._notices.say(text)

    def _show(self) -> None:
        if self._frozen is not None:
            for view in self._panels.frozen:
                view.show_frozen(self._frozen, self._actions.runner_up.isChecked())

    def _tell(self) -> None:
        person = ". N: next person" if self._frozen and len(self._frozen.result.faces) > 1 else ""
        text = (
            f"Frozen since {self._since} ({time.monotonic() - self._begun:.0f} s). {self._going}. "
            f"F2 or Esc: back to live. F3: runner\u2011up. F4: other expressions{person}"
        )
        for view in self._panels.frozen:
            view.notice.setText(text)

    @property
    def _going(self) -> str:
        """What goes on behind the frozen picture."""
        running = self._player.running
        if running is None:
            return "Nothing is measured any more"
        if running.paused:
            return "What plays is paused"
        if not running.playback.measuring:
            return "The replay goes on"
        return "Measuring and recording go on" if self._recording.is_recording else "Measuring goes on"

    @property
    def _face(self) -> Face:
        assert self._frozen is not None
        return next(face for face in self._frozen.result.faces if face.id == self._frozen.face_id)
