"""The actions of one person's face as bars: left and right where they differ, and the blinks."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.stages.actions.names import ACTIONS, HONEST, TABLE, Action, columns
from app.types import ActionValues, Face
from app.ui.look.fonts import pixels
from app.ui.look.opacity import faded
from app.ui.look.theme import Theme, accent

COLUMNS = 2, 3, 4  # of rows beside each other, whichever gives the largest letters
FOOT = "of two bars the upper is the left; from geometry, not coded by people"
DOUBT = 0.4  # strength of bars whose values are in doubt
BAR = 0.34  # of a row's width that its bars take
PLACE = {name: index for index, name in enumerate(ACTIONS)}


class ActionBars(QWidget):
    """`show_face` shows the actions of one reading; the upper bar of a pair is the person's left."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._face: Face | None = None
        self.setMinimumSize(220, 120)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Actions of the followed person's face")
        self.setToolTip(
            f"How far each part of the face has moved: {HONEST}. Of two bars the upper is the left."
        )

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """The size it has where there is room enough, in pixels."""
        return QSize(420, 200)

    def set_theme(self, theme: Theme) -> None:
        """Takes the colours of `theme` from now on."""
        self._theme = theme
        self.update()

    def show_face(self, face: Face | None) -> None:
        """The actions of `face`; None, and a face whose actions are not known, empties them."""
        if face is not self._face:
            self._face = face
            self.update()

    def refresh(self) -> None:
        """Tells what is shown now to screen readers."""
        self.setAccessibleDescription(self.summary())

    def summary(self) -> str:
        """One line in words: `person 1: au12_left 84 %, au6_left 40 %, 18 blinks a minute`."""
        values = self._values()
        if self._face is None or values is None:
            return "no actions"
        seen = np.nan_to_num(values)  # NaN is not known
        moved = sorted(((float(seen[i]), name) for i, name in enumerate(ACTIONS)), reverse=True)
        said = [f"{name} {100 * value:.0f} %" for value, name in moved if value >= 0.1]
        return f"person {self._face.id}: {', '.join([*said, *self._blinks()]) or 'nothing moves'}"

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paints a row for each action, and the blinks below."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.panel))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        margin = self._margin
        rows = -(-len(TABLE) // (count := self._columns()))
        width, height = self._cell(count)
        painter.setFont(pixels(self.font(), self.letters()))
        values = self._values()
        for i, action in enumerate(TABLE):
            column, row = divmod(i, rows)
            at = QRectF(margin + column * (width + margin), margin + row * height, width, height)
            self._paint_row(painter, at, action, values)
        painter.setPen(QColor(self._theme.quiet))
        foot = QRectF(margin, self.height() - margin - height, self.width() - 2 * margin, height)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(foot, Qt.AlignmentFlag.AlignLeft | middle, FOOT)
        painter.drawText(foot, Qt.AlignmentFlag.AlignRight | middle, "".join(self._blinks()))

    def letters(self) -> float:
        """The height of its letters in pixels."""
        return self._letters(self._columns())

    @property
    def _margin(self) -> float:
        return min(12.0, self.height() / 20)

    def _columns(self) -> int:
        return max(COLUMNS, key=self._letters)

    def _letters(self, count: int) -> float:
        width, height = self._cell(count)
        return min(height * 0.7, width / 15, 15.0)

    def _cell(self, count: int) -> tuple[float, float]:
        """Width and height in pixels of a row where there are `count` columns, and a foot below."""
        rows = -(-len(TABLE) // count) + 1
        return (self.width() - (count + 1) * self._margin) / count, (self.height() - 2 * self._margin) / rows

    def _values(self) -> ActionValues | None:
        return None if self._face is None or self._face.actions is None else self._face.actions.shown

    def _blinks(self) -> list[str]:
        rate = float("nan") if self._face is None else self._face.blink_rate
        return [] if rate != rate else [f"{rate:.0f} blinks a minute"]

    def _paint_row(
        self, painter: QPainter, rect: QRectF, action: Action, values: ActionValues | None
    ) -> None:
        names = columns(action)
        known = [] if values is None else [float(values[PLACE[name]]) for name in names]
        clear = any(value >= 0.5 for value in known)
        painter.setPen(QColor(self._theme.text if clear else self._theme.quiet))
        words = painter.fontMetrics().elidedText(
            action.words, Qt.TextElideMode.ElideRight, int(rect.width() * (1 - BAR) - 6)
        )
        painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
        each = rect.height() * 0.64 / len(names)
        painter.setPen(Qt.PenStyle.NoPen)
        strength = 1.0 if self._face is not None and self._face.status == "ok" else DOUBT
        for i in range(len(names)):
            top = rect.top() + rect.height() * 0.18 + i * each
            track = QRectF(rect.right() - BAR * rect.width(), top, BAR * rect.width(), each - 1.5)
            painter.setBrush(faded(QColor(self._theme.line), 0.6))
            painter.drawRoundedRect(track, 1.5, 1.5)
            if known and known[i] == known[i] and self._face is not None:
                track.setWidth(max(1.0, track.width() * known[i]))
                painter.setBrush(faded(accent(self._theme, self._face.id), strength))
                painter.drawRoundedRect(track, 1.5, 1.5)
