"""The expressions of one person as bars; over them valence and arousal, under them head, gaze and lids."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.stages.quality import MEANING
from app.types import EXPRESSIONS, Face, Signals
from app.ui.look.fade import Fade
from app.ui.look.fonts import pixels
from app.ui.look.opacity import faded
from app.ui.look.theme import Theme, accent
from app.ui.look.words import ADVICE, expression_words, head_words
from app.ui.panels.overlay import status_lamp

DOUBT = 0.4  # strength of bars whose values are in doubt
HEAD = "Head: yaw, pitch, roll. Gaze, an estimate: yaw, pitch. Degrees, positive to the person's left and up."
SMOOTHED = "Smoothed, as the slider says; recordings keep the raw values, too."
LEAST = 15.0  # pixels of a row that leaves room for the head's numbers


class Bars(QWidget):
    """`show_face` shows bars and numbers of one reading; `refresh` tells it to screen readers."""

    def __init__(self, theme: Theme, parent: QWidget | None = None, *, large: bool = False) -> None:
        """`large` is for the stage: words for the back row, without valence and arousal."""
        super().__init__(parent)
        self._large = large
        self._theme = theme
        self._id = 0
        self._tip = ""  # what the status means, and what to do
        self._status = "ok"
        self.smoothed = False  # whether what is shown is, which is then said
        self._fade = Fade()
        self._signals: Signals | None = None
        self._face: Face | None = None
        self._head: tuple[str, str, str] | None = None
        self.setMinimumSize(120 if large else 220, 168)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Expressions of the followed person")

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """The size it has where there is room enough, in pixels."""
        return QSize(420, 220)

    def set_theme(self, theme: Theme) -> None:
        """Takes the colours of `theme` from now on."""
        self._theme = theme
        self.update()

    def show_face(self, face: Face | None, time: float = 0.0) -> None:
        """The bars of `face` at `time` (s, of the source); None empties them."""
        known = self._id if self._signals is not None else 0
        self._id = face.id if face else 0
        self._tip = MEANING[face.status] if face else ""
        if face is not self._face:
            self._face, self._signals = face, face.shown if face else None
            self._head = head_words(face) if face else None
        self._status = face.status if face else "ok"
        if self._id != known:
            self._fade = Fade()
            self.refresh()
        self._fade.to(1.0 if self._status == "ok" else DOUBT, time)
        self.update()

    def refresh(self) -> None:
        """Tells what is shown now to screen readers, and in the tooltip."""
        self.setAccessibleDescription(self.summary())
        told = () if self._head is None else ("   ".join(self._head), HEAD)
        smoothed = (SMOOTHED,) if self.smoothed and self._signals is not None else ()
        self.setToolTip("\n".join((self._tip, *told, *smoothed)))

    def summary(self) -> str:
        """One line in words: `person 1: happy 87 %, valence +0.62, arousal +0.11`."""
        if self._signals is None:
            return "no face"
        best = f"{expression_words(self._signals.probs)} {100 * self._signals.probs.max():.0f} %"
        text = f"person {self._id}: {best}, {_pair(self._signals)}"
        return text if self._status == "ok" else text + self._why()

    def _why(self) -> str:
        return f", {ADVICE[self._status].words}: {ADVICE[self._status].tip}"

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paints head, bars and foot from the newest face."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.panel))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        margin = 12.0
        room, rows = self.height() - 2 * margin, len(EXPRESSIONS) + 1.4
        more = not self._large and room / (rows + 1.4) >= LEAST  # a row for the head
        row = room / (rows + 1.4 * more)
        largest = (self.width() - 2 * margin) / 9 if self._large else 15.0  # "contempt 100 %" fits
        painter.setFont(pixels(self.font(), min(row * (0.5 if self._large else 0.7), largest)))
        head = QRectF(margin, margin, self.width() - 2 * margin, row)
        self._paint_head(painter, head)
        names = max(painter.fontMetrics().horizontalAdvance(f"{name} ") for name in EXPRESSIONS) + 6
        numbers = painter.fontMetrics().horizontalAdvance("100 %") + 8
        for i, name in enumerate(EXPRESSIONS):
            line = QRectF(margin, margin + (i + 1.4) * row, self.width() - 2 * margin, row)
            self._paint_row(painter, line, i, name, names, numbers)
        if more and self._head is not None:
            self._paint_foot(painter, QRectF(margin, self.height() - margin - row, head.width(), row))

    def _paint_head(self, painter: QPainter, rect: QRectF) -> None:
        left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        middle = Qt.AlignmentFlag.AlignVCenter
        if self._signals is None:
            painter.setPen(QColor(self._theme.quiet))
            painter.drawText(rect, left | middle, "No face in view")
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(accent(self._theme, self._id))
        radius = rect.height() * 0.25
        painter.drawEllipse(QPointF(rect.left() + radius, rect.center().y()), radius, radius)
        text, metrics = f"{self._id}" if self._large else f"Person {self._id}", painter.fontMetrics()
        after = radius * 3.2 + metrics.horizontalAdvance(f"{text} ")
        lamp = QPointF(rect.left() + after + radius, rect.center().y())
        status_lamp(painter, lamp, radius * 0.8, self._status, self._theme)
        painter.setPen(QColor(self._theme.text))
        painter.drawText(rect.adjusted(radius * 3.2, 0, 0, 0), left | middle, text)
        rest = rect.adjusted(after + radius * 3, 0, 0, 0)
        if self._status != "ok":  # rather than the values: what to do about it
            advice = metrics.elidedText(self._why()[2:], Qt.TextElideMode.ElideRight, int(rest.width()))
            painter.setPen(QColor(self._theme.warning))
            if not self._large or not advice.endswith("\N{HORIZONTAL ELLIPSIS}"):  # the light says enough
                painter.drawText(rest, left | middle, advice)
        elif not self._large:
            pair = _pair(self._signals)
            painter.drawText(rest, right | middle, pair)
            free = rest.adjusted(0, 0, -metrics.horizontalAdvance(f"{pair}   "), 0)
            if self.smoothed and metrics.horizontalAdvance("smoothed") <= free.width():
                painter.setPen(QColor(self._theme.quiet))
                painter.drawText(free, right | middle, "smoothed")

    def _paint_foot(self, painter: QPainter, rect: QRectF) -> None:
        """Each of the three at a place of its own, so that none moves when another changes."""
        assert self._head is not None
        painter.setFont(pixels(self.font(), min(rect.height() * 0.65, rect.width() / 28)))
        painter.setPen(QColor(self._theme.quiet))
        for text, way in zip(self._head, ("AlignLeft", "AlignHCenter", "AlignRight"), strict=True):
            painter.drawText(rect, Qt.AlignmentFlag[way] | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_row(
        self, painter: QPainter, rect: QRectF, i: int, name: str, names: float, numbers: float
    ) -> None:
        middle = Qt.AlignmentFlag.AlignTop if self._large else Qt.AlignmentFlag.AlignVCenter
        best = self._signals is not None and int(self._signals.probs.argmax()) == i
        painter.setPen(QColor(self._theme.text if best else self._theme.quiet))
        painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | middle, name)
        if self._signals is not None:
            number = f"{100 * self._signals.probs[i]:.0f} %"
            painter.drawText(rect, Qt.AlignmentFlag.AlignRight | middle, number)
        track = rect.adjusted(names, rect.height() * 0.3, -numbers, -rect.height() * 0.3)
        if self._large:  # the bar below its words, as wide as there is room
            track = rect.adjusted(0, rect.height() * 0.64, 0, -rect.height() * 0.12)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(faded(QColor(self._theme.line), 0.6))
        painter.drawRoundedRect(track, 2, 2)
        if self._signals is not None:
            track.setWidth(max(2.0, track.width() * float(self._signals.probs[i])))
            strength = (1.0 if best else 0.45) * self._fade.value
            painter.setBrush(faded(accent(self._theme, self._id), strength))
            painter.drawRoundedRect(track, 2, 2)


def _pair(signals: Signals) -> str:
    return f"valence {signals.valence:+.2f}   arousal {signals.arousal:+.2f}".replace("-", "\N{MINUS SIGN}")
