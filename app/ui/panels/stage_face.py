"""The people on the stage: the picture fills its panel, and large words stand over each head."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent

from app.types import Face, Image, Result
from app.ui.look.fade import Fade
from app.ui.look.fonts import figures, pixels
from app.ui.look.theme import DARK, Theme, accent
from app.ui.look.words import ADVICE, degree_words
from app.ui.panels.overlay import CHIP, chip_place
from app.ui.panels.picture import PicturePanel

ROOM = 0.5  # of the largest face, that is left free around all of them
ALONE, CROWD = 12, 18  # parts of the height that a word is high, for one person and for several
SMALLEST = 13.0  # pixels


class StageFace(PicturePanel):
    """As a picture, but without a margin: what does not fit is cut off where nobody is."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.setMinimumSize(1, 1)  # the stage places it
        self._across, self._down, self._scale = (
            Fade(),
            Fade(),
            Fade(),
        )  # of what is shown, in the frame's pixels

    def show_result(self, result: Result | None, message: str = "") -> None:
        """Shows `result`, so that all its faces are in sight, or without one the `message`."""
        super().show_result(result, message)
        if result is not None and self.width() > 1:
            self._aim(result)

    def _aim(self, result: Result) -> None:
        """Glides to where all faces are in sight: as large as fills the panel, smaller for a wide group."""
        height, width = result.frame.image.shape[:2]
        fill = max(self.width() / width, self.height() / height)
        whole = min(self.width() / width, self.height() / height)
        middle, scale = (width / 2, height / 2), fill
        if result.faces:
            boxes = np.array([face.box for face in result.faces])
            left, top = boxes[:, :2].min(axis=0).tolist()
            right, bottom = boxes[:, 2:].max(axis=0).tolist()
            room = 2 * ROOM * float((boxes[:, 2:] - boxes[:, :2]).max())  # for the words
            fits = min(self.width() / (right - left + room), self.height() / (bottom - top + room))
            middle, scale = ((left + right) / 2, (top + bottom) / 2), min(fill, max(whole, fits))
        time = result.frame.time
        self._scale.to(scale, time)
        # never beyond the edge of the picture, unless it is smaller than the panel
        for fade, at, size, panel in (
            (self._across, middle[0], width, self.width()),
            (self._down, middle[1], height, self.height()),
        ):
            half = min(panel / scale, size) / 2
            fade.to(min(max(at, half), size - half), time)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Aims anew, at once."""
        super().resizeEvent(event)
        if self._result is not None:
            self._across, self._down, self._scale = Fade(), Fade(), Fade()
            self._aim(self._result)

    def target(self) -> QRectF:
        """The rectangle of the whole picture, of which the panel shows a part."""
        if self._result is None:
            return QRectF(self.rect())
        height, width = self._result.frame.image.shape[:2]
        scale, across = self._scale.value, self._across.value
        left = (width - across if self.mirrored else across) * scale
        top = self.height() / 2 - self._down.value * scale
        return QRectF(self.width() / 2 - left, top, width * scale, height * scale)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paints the part with the people, and the words; tells `painted` of each result once."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.panel))
        if self._result is None:
            painter.setPen(QColor(self._theme.quiet))
            painter.setFont(figures(self.font(), 1.2))
            room = self.rect().adjusted(12, 12, -12, -12)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.message)
            return
        self._paint_part(painter, self._result.frame.image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_people(painter, self._result.faces)
        painter.end()
        if self._fresh:
            self._fresh = False
            self.painted.emit(self._result)

    def _paint_part(self, painter: QPainter, image: Image) -> None:
        """Only the part that is seen is made as large as the panel."""
        shown = self.target().intersected(QRectF(self.rect()))
        part = self.to_widget().inverted()[0].mapRect(shown).translated(0.5, 0.5)
        rows = slice(max(0, round(part.top())), max(1, round(part.bottom())))
        columns = slice(max(0, round(part.left())), max(1, round(part.right())))
        self._paint_scaled(painter, image[rows, columns], shown)

    def _paint_people(self, painter: QPainter, faces: tuple[Face, ...]) -> None:
        room, taken = QRectF(self.rect()).adjusted(6, 6, -6, -6), list[QRectF]()
        part = ALONE if len(faces) == 1 else CROWD
        font = pixels(self.font(), max(SMALLEST, self.height() / part), bold=True)
        painter.setFont(font)
        for face in faces:
            box = self.to_widget().mapRect(
                QRectF(QPointF(*face.box[:2].tolist()), QPointF(*face.box[2:].tolist()))
            )
            if not box.intersects(room):
                continue
            colour = accent(DARK, face.id)
            painter.setPen(QPen(colour, 5 if face.id == self.followed and len(faces) > 1 else 2.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 0.12 * box.width(), 0.12 * box.width())
            read = self.readings.of(face)
            word = degree_words(read) if face.status == "ok" else ADVICE[face.status].words
            number = f"{face.id}  " if len(faces) > 1 else ""
            metrics = QFontMetricsF(font)
            text = metrics.elidedText(number + word, Qt.TextElideMode.ElideRight, room.width())
            width, height = metrics.horizontalAdvance(text) + metrics.height() * 0.8, metrics.height() * 1.2
            middle = QRectF(box.center().x() - width / 2, box.top(), width, box.height())
            place = chip_place(middle, min(width, room.width()), height, room, taken)
            taken.append(QRectF(place))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(CHIP)
            painter.drawRoundedRect(place, 0.25 * height, 0.25 * height)
            painter.setPen(colour.lighter(115))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
