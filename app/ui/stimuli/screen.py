"""The participant's screen: one picture, a cross, nothing, or a question; a call gives when it was shown."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QCloseEvent, QColor, QImage, QKeyEvent, QPainter, QPaintEvent, QPen, QScreen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.system import clock
from app.types import Image

GROUND, INK = QColor(64, 64, 64), QColor(235, 235, 235)  # neither blinds nor lights up the face
CROSS = 24  # pixels from the middle of the cross to its ends


class StimulusScreen(QWidget):
    """A window of its own without a frame. A picture fills it as far as its shape allows.

    The time that a call gives is read after the window was painted and handed to the system: from there to
    the light there is still the way through the compositor and the screen, which nobody can measure without
    a sensor on the glass.
    """

    left = Signal()  # Esc, or somebody closed the window

    def __init__(self) -> None:
        super().__init__(None, Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint)
        self.setWindowTitle("Mien: participant's screen")
        self.setAccessibleName("Participant's screen")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setCursor(Qt.CursorShape.BlankCursor)
        self._image: QImage | None = None
        self._cross = False
        self._page: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    @property
    def image(self) -> QImage | None:
        """The picture that it shows; None for none."""
        return self._image

    def open_on(self, screen: QScreen) -> None:
        """Fills `screen`."""
        self.setScreen(screen)
        self.setGeometry(screen.geometry())
        self.showFullScreen()

    def show_picture(self, image: QImage) -> float:
        """Shows `image`; when it was shown, in s of clock.now."""
        return self._present(image, cross=False)

    def show_cross(self) -> float:
        """Shows a cross to look at; when it was shown, in s of clock.now."""
        return self._present(None, cross=True)

    def show_nothing(self) -> float:
        """Shows the bare ground; when it was shown, in s of clock.now."""
        return self._present(None, cross=False)

    def ask(self, page: QWidget) -> float:
        """Shows a question until the next call of this class; when it was shown, in s of clock.now."""
        self._take_page_away()
        self._image, self._cross, self._page = None, False, page
        self._column.addWidget(page)
        self.unsetCursor()
        page.show()
        page.setFocus()
        self.repaint()
        return clock.now()

    def _present(self, image: QImage | None, *, cross: bool) -> float:
        self._take_page_away()
        self._image, self._cross = image, cross
        self.repaint()  # returns once it is painted and handed over
        return clock.now()

    def _take_page_away(self) -> None:
        if self._page is not None:
            self._column.removeWidget(self._page)
            self._page.hide()
            self._page.deleteLater()
            self._page = None
            self.setCursor(Qt.CursorShape.BlankCursor)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paints the picture in the middle, as large as it fits."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), GROUND)
        if self._image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            left, top = (self.width() - size.width()) / 2, (self.height() - size.height()) / 2
            painter.drawImage(QRectF(left, top, size.width(), size.height()), self._image)
        elif self._cross:
            painter.setPen(QPen(INK, 4))
            x, y = self.width() // 2, self.height() // 2
            painter.drawLine(x - CROSS, y, x + CROSS, y)
            painter.drawLine(x, y - CROSS, x, y + CROSS)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Esc leaves; every other key is the participant's."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 (Qt's name)
        """The operator decides what becomes of the run."""
        self.left.emit()
        super().closeEvent(event)


def to_qimage(image: Image) -> QImage:
    """`image` (height, width, 3) uint8 BGR as a picture of Qt with pixels of its own."""
    whole = np.ascontiguousarray(image)
    height, width = whole.shape[:2]
    return QImage(whole.data, width, height, 3 * width, QImage.Format.Format_BGR888).copy()
