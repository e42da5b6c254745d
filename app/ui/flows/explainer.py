"""Finds out why a face got its expression, on a thread of its own: what plays goes on."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.sessions.info import read_info
from app.sessions.schema.files import INFO_FILE
from app.stages.affect import AffectReader
from app.stages.cards import read_card
from app.stages.heatmap import explain
from app.stages.models import load
from app.system import paths
from app.system.errors import UserError
from app.types import Face, Frame
from app.ui.flows.running import Measurement, Running
from app.ui.flows.worker import Tasks


class Explainer(QObject):
    """Its answers come by signals, in the order asked for."""

    explained = Signal(object, object)  # Face, and its Explained
    failed = Signal(str)  # one sentence: it was not

    def __init__(self) -> None:
        super().__init__()
        self._tasks = Tasks("explain")

    def explain(self, frame: Frame, face: Face, running: Running | None) -> None:
        """Finds out which parts of `face` speak for its expression, by the network of `running`."""
        self._tasks.submit(lambda: self._explain(frame, face, running), self.failed.emit)

    def close(self) -> None:
        """Takes no more questions; nobody waits for an answer."""
        self._tasks.close(wait=False)

    def _explain(self, frame: Frame, face: Face, running: Running | None) -> None:
        explained = explain(_reader(running), frame.image, face)
        if explained is None:
            raise UserError(
                "This network cannot tell which parts of a face it looks at: choose another precision."
            )
        self.explained.emit(face, explained)


def _reader(running: Running | None) -> AffectReader:
    """The network that measures; in a replay the one it was recorded with, or the one that ships.

    Raises ModelError and SessionError.
    """
    if isinstance(running, Measurement):
        return running.processor.pipeline.affect
    cards = [read_card(path) for path in sorted(paths.models().glob("*.toml"))]
    info = read_info(running.playback.source.path / INFO_FILE) if running is not None else None
    used = {model.sha256 for model in info.models} if info is not None else set()
    same = [card.path for card in cards if card.task == "affect" and card.sha256 in used]
    return AffectReader(load(next(iter(same), paths.models() / "affect.toml")))
