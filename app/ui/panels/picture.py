"""The picture: the newest result's own frame, untouched, with that same result's overlay over it."""

from __future__ import annotations

from collections.abc import Collection

import cv2
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QTransform
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.types import Frame, Image, Result
from app.ui.controls.view import SHOWN_AT_FIRST, View
from app.ui.look.fonts import figures
from app.ui.look.theme import Theme
from app.ui.panels import overlay
from app.ui.panels.readings import Readings


class PicturePanel(QWidget):
    """Shows results; `picked` says which face was clicked, `painted` that a result has reached the screen."""

    picked = Signal(int)
    painted = Signal(object)  # the Result

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._fresh = theme, False
        self._result: Result | None = None
        self.view: Collection[View] = SHOWN_AT_FIRST  # of which the overlays are drawn
        self.mirrored = False
        self.followed: int | None = None
        self.message = ""
        self.readings = Readings()  # of which the words are
        self.setMinimumSize(240, 180)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Picture")

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """The size it has where there is room enough, in pixels."""
        return QSize(720, 480)

    def set_theme(self, theme: Theme) -> None:
        """Takes the colours of `theme` from now on."""
        self._theme = theme
        self.update()

    def show_result(self, result: Result | None, message: str = "") -> None:
        """Shows `result`, or without one the `message` in the middle."""
        self._result, self._fresh, self.message = result, result is not None, message
        self.update()

    def show_picture(self, image: Image) -> None:
        """Shows a (height, width, 3) BGR picture alone."""
        self.show_result(Result(Frame(0, 0.0, image, 0.0)))

    @property
    def result(self) -> Result | None:
        """What is shown."""
        return self._result

    def to_widget(self) -> QTransform:
        """From the frame's pixels (whole numbers at pixel centres) to this widget's."""
        if self._result is None:
            return QTransform()
        target = self.target()
        scale = target.width() / self._result.frame.image.shape[1]
        if self.mirrored:
            return QTransform(-scale, 0, 0, scale, target.right() - scale / 2, target.top() + scale / 2)
        return QTransform(scale, 0, 0, scale, target.left() + scale / 2, target.top() + scale / 2)

    def target(self) -> QRectF:
        """The rectangle that the picture fills, as large as fits, in the middle."""
        if self._result is None:
            return QRectF(self.rect())
        height, width = self._result.frame.image.shape[:2]
        scale = min(self.width() / width, self.height() / height)
        size = QPointF(width * scale, height * scale)
        return QRectF((self.width() - size.x()) / 2, (self.height() - size.y()) / 2, size.x(), size.y())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paints the frame and its overlay; tells `painted` of each result once."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.ground if self._result else self._theme.panel))
        if self._result is None:
            painter.setPen(QColor(self._theme.quiet))
            painter.setFont(figures(self.font(), 1.2))
            room = self.rect().adjusted(24, 24, -24, -24)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.message)
            return
        self._paint_frame(painter, self._result.frame.image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        overlay.paint(
            painter, self._result.faces, self.to_widget(), self.view, self.font(), self.followed,
            self.readings.of,
        )  # fmt: skip
        painter.end()
        if self._fresh:
            self._fresh = False
            self.painted.emit(self._result)

    def _paint_frame(self, painter: QPainter, image: Image) -> None:
        self._paint_scaled(painter, image, self.target())

    def _paint_scaled(self, painter: QPainter, image: Image, target: QRectF) -> None:
        """A copy at the screen's own size: OpenCV scales many times faster than QPainter does."""
        ratio = self.devicePixelRatioF()
        size = max(1, round(target.width() * ratio)), max(1, round(target.height() * ratio))
        way = cv2.INTER_AREA if 2 * size[0] <= image.shape[1] else cv2.INTER_LINEAR
        scaled = cv2.cvtColor(cv2.resize(image, size, interpolation=way), cv2.COLOR_BGR2BGRA)
        if self.mirrored:
            scaled = cv2.flip(scaled, 1)
        view = QImage(scaled.data, size[0], size[1], scaled.strides[0], QImage.Format.Format_RGB32)
        view.setDevicePixelRatio(ratio)
        painter.drawImage(target.topLeft(), view)  # drawn at once, so the view never outlives `scaled`

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Tells `picked` which face was clicked."""
        if self._result is None:
            return
        for face in self._result.faces:
            corners = QRectF(QPointF(*face.box[:2].tolist()), QPointF(*face.box[2:].tolist()))
            if self.to_widget().mapRect(corners).contains(event.position()):
                self.picked.emit(face.id)
                return
