"""Sound by Qt's own player, QtMultimedia, of a package that Mien does not need otherwise."""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path
from typing import Any

import PySide6
from PySide6.QtCore import QObject, QUrl

PACKAGE = "PySide6.QtMultimedia"


def no_sound(path: Path) -> str:
    """Why the sound of the file at `path` cannot be played, in a sentence; "" where it can."""
    if importlib.util.find_spec(PACKAGE) is None:
        wanted = f"PySide6-Addons=={PySide6.__version__}"
        return f"{path.name} needs Qt's player of sounds, which is not installed: run pip install {wanted}."
    return ""


class Sound(QObject):
    """The sound of one file, loaded ahead; of a file without any it plays nothing."""

    def __init__(self, path: Path) -> None:
        """Begins to load. Raises ImportError where there is no player."""
        super().__init__()
        multimedia: Any = importlib.import_module(PACKAGE)
        self._player: Any = multimedia.QMediaPlayer(self)
        self._output: Any = multimedia.QAudioOutput(self)
        self._kinds: Any = multimedia.QMediaPlayer
        self._player.setAudioOutput(self._output)
        self._player.setSource(QUrl.fromLocalFile(str(path.absolute())))

    @property
    def problem(self) -> str:
        """One sentence where it cannot be decoded; else ""."""
        if self._player.error() == self._kinds.Error.NoError:
            return ""
        return f"{self._player.source().fileName()} cannot be played: {self._player.errorString()}."

    @property
    def ready(self) -> bool:
        """Whether it can begin, or never will."""
        status, kinds = self._player.mediaStatus(), self._kinds.MediaStatus
        return status in (kinds.LoadedMedia, kinds.BufferedMedia, kinds.InvalidMedia, kinds.EndOfMedia)

    @property
    def ended(self) -> bool:
        """Whether it has come to its end, or cannot be played."""
        status, kinds = self._player.mediaStatus(), self._kinds.MediaStatus
        return status in (kinds.EndOfMedia, kinds.InvalidMedia)

    def play(self) -> None:
        """Begins."""
        self._player.play()

    def close(self) -> None:
        """Falls silent."""
        self._player.stop()
