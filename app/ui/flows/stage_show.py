"""What happens on the stage by keys: its shape, the mimic game, the photo strip; its screen stays on."""

from __future__ import annotations

import random
import time
from pathlib import Path

from PySide6.QtCore import QObject

from app.system.atomic import replacing
from app.system.plain_file import PRIVATE_FOLDER
from app.ui.controls.actions import Actions
from app.ui.flows.awake import Awake
from app.ui.flows.player import Player
from app.ui.flows.record_flow import RecordFlow
from app.ui.panels.banner import Banner
from app.ui.panels.mimic_game import any_targets
from app.ui.panels.moments_row import COUNT, strip
from app.ui.panels.stage import Stage

NO_MOMENT = "No strong moment yet"
NOTHING_PLAYS = "The game needs faces: start a camera first"
GAME_ENDED = "The game ends with what was playing"


class StageShow(QObject):
    """The keys for shape and game show the stage first, where it is hidden; Shift+P saves in any case."""

    def __init__(
        self, actions: Actions, stage: Stage, player: Player, recording: RecordFlow, banner: Banner
    ) -> None:
        """The game is played with what `player` plays. Strips are saved into the folder of `recording`."""
        super().__init__()
        self._actions, self._stage, self._recording, self._banner = actions, stage, recording, banner
        self._player = player
        self._awake, self._choose = Awake(), random.Random()
        actions.stage_shape.triggered.connect(self._next_shape)
        actions.mimic.triggered.connect(self._play)
        actions.photo_strip.triggered.connect(self._save)
        actions.stage.toggled.connect(self._staged)
        stage.game_ended.connect(lambda: actions.mimic.setChecked(False))  # also by another source
        player.texts_changed.connect(self._end_with_source)

    def close(self) -> None:
        """The screen may go blank again."""
        self._awake.keep(False)

    def _staged(self, on: bool) -> None:
        self._awake.keep(on)
        if not on:
            self._end_game()

    def _next_shape(self) -> None:
        if self._actions.stage.isChecked():
            self._banner.say(self._stage.next_shape().value)
        else:
            self._actions.stage.trigger()

    def _play(self, on: bool) -> None:
        if not on:
            self._end_game()
            return
        if self._player.running is None:
            self._actions.mimic.setChecked(False)
            self._banner.say(NOTHING_PLAYS)
            return
        if not self._actions.stage.isChecked():
            self._actions.stage.trigger()
        self._stage.play_game(any_targets(self._choose))

    def _end_game(self) -> None:
        self._actions.mimic.setChecked(False)
        self._stage.play_game(())

    def _end_with_source(self) -> None:
        """A game in which nobody can move any more would stand still for ever; its result may stay."""
        game = self._stage.game
        if game is not None and not game.over and self._player.running is None:
            self._end_game()
            self._banner.say(GAME_ENDED)

    def _save(self) -> None:
        moments = self._stage.moments.best(COUNT)
        if not moments:
            self._banner.say(NO_MOMENT)
            return
        folder = self._recording.folder
        path = _free(folder / f"mien-{time.strftime('%Y-%m-%d-%H%M%S')}.png")
        image = strip(moments, self._stage.font(), mirrored=self._stage.picture.mirrored)
        try:
            folder.mkdir(PRIVATE_FOLDER, parents=True, exist_ok=True)
            with replacing(path, private=True) as draft:  # it shows faces
                # PySide takes a str here and no bytes, whatever its stubs say.
                if not image.save(str(draft), "PNG"):  # type: ignore[call-overload]
                    raise OSError
        except OSError:
            self._banner.say(f"{folder} cannot be written")
        else:
            self._banner.say(f"Saved as {path.name}")


def _free(path: Path) -> Path:
    """`path`, or the first name like it that is not taken."""
    number, found = 1, path
    while found.exists():
        number += 1
        found = path.with_stem(f"{path.stem}-{number}")
    return found
