"""Why: the picture is frozen and explained, while measuring and recording go on behind it."""

from __future__ import annotations

import time
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer

from app.stages.heatmap import Explained
from app.types import Face, Result
from app.ui.controls.actions import Actions
from app.ui.flows.live import Live
from app.ui.flows.player import Player
from app.ui.panels.frozen import Still
from app.ui.panels.notice import NoticeBar
from app.ui.panels.panels import Panels

CLOCK = 1000  # ms between two texts


class Why(QObject):
    """The picture and its explanation are of one moment; nothing here waits for the network."""

    def __init__(self, live: Live, commands: Actions, body: Panels, player: Player, strip: NoticeBar) -> None:
        super().__init__(player)
        self._live, self._commands, self._body = live, commands, body
        self._player, self._strip = player, strip
        self._still: Still | None = None
        self._since, self._begun = "", 0.0  # when it was frozen: as a clock shows it, and time.monotonic()
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._tell)
        commands.why.toggled.connect(self._toggle)
        commands.runner_up.toggled.connect(self._compare)
        body.cleared.connect(lambda: commands.why.setChecked(False))
        live.explained.connect(self._explained)
        live.unexplained.connect(self._refuse)
        for view in body.frozen:
            view.picked.connect(self._explain)

    def next_person(self) -> None:
        """Goes on to the next face, of the frozen picture while there is one."""
        if self._still is None:
            self._body.follow_next()
            return
        ids = [face.id for face in self._still.result.faces]
        self._explain(ids[(ids.index(self._still.face_id) + 1) % len(ids)])

    def _toggle(self, on: bool) -> None:
        if on:
            self._freeze(self._body.video.result)
        else:
            self._still = None
            self._clock.stop()
            self._commands.runner_up.setChecked(False)
            self._body.freeze(False)

    def _freeze(self, result: Result | None) -> None:
        if result is None:
            self._refuse("There is no picture to explain: start a camera, a video or a replay first.")
        elif result.frame.image_note:
            self._refuse(f"Only a real picture can be explained, and {result.frame.image_note}.")
        elif not result.faces:
            self._refuse("There is no face to explain: press F2 again with a face in the picture.")
        else:
            ids = [face.id for face in result.faces]
            followed = self._body.followed
            self._still = Still(result, followed if followed in ids else ids[0])
            self._since, self._begun = time.strftime("%H:%M:%S"), time.monotonic()
            self._show()
            self._explain(self._still.face_id)
            self._tell()
            self._body.freeze(True)
            self._clock.start(CLOCK)

    def _compare(self, on: bool) -> None:
        if on and self._still is None:
            self._commands.why.setChecked(True)
        self._show()

    def _explain(self, face_id: int) -> None:
        assert self._still is not None
        self._body.follow(face_id)
        self._still = Still(self._still.result, face_id)  # what was explained stays in view until then
        self._live.explain(self._still.result.frame, self._face)

    def _explained(self, face: Face, explained: Explained) -> None:
        if self._still is not None and face is self._face:
            self._still = replace(self._still, explained=explained)
            self._show()

    def _refuse(self, text: str) -> None:
        self._commands.why.setChecked(False)
        self._commands.runner_up.setChecked(False)
        self._strip.say(text)

    def _show(self) -> None:
        if self._still is not None:
            for view in self._body.frozen:
                view.show_still(self._still, self._commands.runner_up.isChecked())

    def _tell(self) -> None:
        going = "Measuring and recording go on" if self._player.is_recording else "Measuring goes on"
        person = ". N: next person" if self._still and len(self._still.result.faces) > 1 else ""
        text = (
            f"Frozen since {self._since} ({time.monotonic() - self._begun:.0f} s). {going}. "
            f"F2 or Esc: live. F3: runner-up{person}"
        )
        for view in self._body.frozen:
            view.notice.setText(text)

    @property
    def _face(self) -> Face:
        assert self._still is not None
        return next(face for face in self._still.result.faces if face.id == self._still.face_id)
