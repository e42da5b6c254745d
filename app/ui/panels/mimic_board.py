"""The board of the mimic game, over the picture: what is asked for, the time left, and the points."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.system.counted import counted
from app.ui.look.fonts import pixels
from app.ui.look.opacity import faded
from app.ui.look.theme import DARK, accent
from app.ui.panels.mimic_game import POINTS, ROUNDS, GameState, Phase
from app.ui.panels.stage_places import ABOVE, BELOW

SHOWN = 4  # people whose points there is room for


class MimicBoard(QWidget):
    """`show_state` moves it; it lies over the whole stage, and its ground covers only two bands."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._state: GameState | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName("Mimic game")

    def show_state(self, state: GameState) -> None:
        """Paints `state` from now on, and tells it to screen readers where it has changed."""
        before, self._state = self._state, state
        if before is None or (before.phase, before.round) != (state.phase, state.round):
            self.setAccessibleDescription(self.words(state))
        self.update()

    def words(self, state: GameState) -> str:
        """What the board says in large letters."""
        if state.phase is Phase.OVER:
            if state.winner is None:
                return "Nobody scored"
            alone = len(state.scores) == 1
            total = f"{state.scores[0].total} of {POINTS * ROUNDS}"
            return f"You have {total}" if alone else f"{state.winner} wins with {total}"
        if state.phase is Phase.PRAISE:
            best = max((score.now for score in state.scores), default=0)
            return f"Round {state.round}: {counted(best, 'point') if best else 'no points'}"
        ready = "Get ready: " if state.phase is Phase.READY else ""
        asked = f"{state.asked[0].lower()}{state.asked[1:]}" if ready else f"{state.asked}!"
        return f"{ready}{asked}"

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paints the band above with the words, and below that of the points."""
        if self._state is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = faded(QColor(DARK.ground), 0.78)
        above = QRectF(0, 0, self.width(), self.height() * ABOVE)
        below = QRectF(0, self.height() * (1 - BELOW), self.width(), self.height() * BELOW)
        painter.fillRect(above, ground)
        self._paint_words(painter, above, self._state)
        if self._state.scores:
            painter.fillRect(below, ground)
            self._paint_scores(painter, below, self._state)
        painter.end()

    def _paint_words(self, painter: QPainter, band: QRectF, state: GameState) -> None:
        side = 0.62 * band.height()
        ring = QRectF(band.height() * 0.19, band.center().y() - side / 2, side, side)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(DARK.line), 0.12 * side))
        painter.drawEllipse(ring)
        colour = QColor(DARK.good if state.phase is Phase.SHOW else DARK.quiet)
        painter.setPen(QPen(colour, 0.12 * side))
        painter.drawArc(ring, 90 * 16, round(360 * 16 * state.left))
        painter.setPen(QColor(DARK.text))
        painter.setFont(pixels(self.font(), 0.36 * side, bold=True))
        painter.drawText(ring, Qt.AlignmentFlag.AlignCenter, f"{state.round}/{ROUNDS}")
        room = band.adjusted(ring.right() + 0.2 * side, 0, -0.2 * side, 0)
        self._write(painter, room, self.words(state), 0.46 * band.height())

    def _paint_scores(self, painter: QPainter, band: QRectF, state: GameState) -> None:
        width = band.width() / max(1, min(len(state.scores), SHOWN))
        for i, score in enumerate(state.scores[:SHOWN]):
            place = QRectF(i * width, band.top(), width, band.height()).adjusted(16, 8, -16, -8)
            tall = place.height()
            bar = QRectF(place.left(), place.bottom() - 0.2 * tall, place.width(), 0.16 * tall)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(DARK.line))
            painter.drawRoundedRect(bar, 4, 4)
            painter.setBrush(accent(DARK, score.person))
            bar.setWidth(max(2.0, bar.width() * score.total / (POINTS * ROUNDS)))
            painter.drawRoundedRect(bar, 4, 4)
            painter.setPen(accent(DARK, score.person))
            words = place.adjusted(0, 0, 0, -0.24 * place.height())
            self._write(
                painter, words, f"{score.person}:  {counted(score.total, 'point')}", 0.62 * words.height()
            )

    def _write(self, painter: QPainter, room: QRectF, text: str, height: float) -> None:
        """As large as `height`, or as large as fits."""
        painter.setFont(pixels(self.font(), height, bold=True))
        wide = painter.fontMetrics().horizontalAdvance(text)
        if wide > room.width():
            painter.setFont(pixels(self.font(), height * room.width() / wide * 0.98, bold=True))
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
