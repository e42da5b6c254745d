"""Where a camera is chosen by its picture: a tile for each, with its sizes and rates."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHideEvent, QIcon, QImage, QKeyEvent, QPainter, QPixmap, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.sources.camera import WANTED
from app.sources.devices import Device
from app.sources.preview import CameraChoice
from app.sources.source import Mode
from app.types import Image
from app.ui.look.fonts import figures
from app.ui.look.theme import Theme

PICTURE = QSize(224, 126)  # pixels of a tile's picture
ACROSS = 3  # tiles beside each other
USUAL = tuple(Mode(w, h, 30.0, "MJPG") for w, h in ((1920, 1080), (1280, 720), (640, 480)))


class CameraChooser(QFrame):
    """Drops down from the toolbar. `looked_for` when it opens, `left` when it is closed again."""

    chosen = Signal(object, object)  # Device, Mode
    looked_for = Signal()
    left = Signal()

    def __init__(self, theme: Theme, buttons: Iterable[QWidget], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("chooser")
        self.setAccessibleName("Cameras and videos")
        self._theme = theme
        self._tiles: dict[Device, CameraTile] = {}
        self._used: Device | None = None
        self._usual = WANTED
        self._said, self._grid, row = QLabel(), QGridLayout(), QHBoxLayout()
        for button in buttons:
            row.addWidget(button)
            if isinstance(button, QToolButton):
                button.clicked.connect(self.close)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(10)
        column.addWidget(self._said)
        column.addLayout(self._grid)
        column.addLayout(row)

    def set_theme(self, theme: Theme) -> None:
        """Takes the colours of `theme` from now on."""
        self._theme = theme

    def drop_down(self, place: QPoint, used: Device | None, mode: Mode) -> None:
        """Opens at `place` on the screen; `used` is the camera that plays, `mode` what it was asked for."""
        self._used, self._usual = used, mode
        self._clear()
        self._say("Looking for cameras \N{HORIZONTAL ELLIPSIS}")
        self.adjustSize()
        self.move(place)
        self.show()

    def show_cameras(self, found: tuple[CameraChoice, ...]) -> None:
        """A tile for each; the first one has the focus."""
        if not self.isVisible():
            return
        self._clear()
        self._say("" if found else "No camera was found: plug one in, then open this again.")
        for number, choice in enumerate(found):
            used = choice.device == self._used
            tile = CameraTile(choice, self._usual if used or len(found) == 1 else WANTED, used, self._theme)
            tile.chosen.connect(self._choose)
            self._tiles[choice.device] = tile
            self._grid.addWidget(tile, number // ACROSS, number % ACROSS, Qt.AlignmentFlag.AlignTop)
            tile.show()  # only what is visible can have the focus
        self._fit()
        if found:
            self._tiles[found[0].device].button.setFocus()

    def show_picture(self, device: Device, image: Image | None, why: str) -> None:
        """What `device` sees, or one sentence why nothing."""
        tile = self._tiles.get(device)
        if tile is not None and self.isVisible():
            tile.show_picture(image, why)

    def show_used(self, image: Image) -> None:
        """What the camera in use sees."""
        for tile in self._tiles.values():
            if tile.used and self.isVisible():
                tile.show_picture(image, "")

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Closes it with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Asks for the cameras."""
        super().showEvent(event)
        self.looked_for.emit()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 (Qt's name)
        """Says that nobody looks at the cameras any more."""
        super().hideEvent(event)
        self.left.emit()

    def _choose(self, device: Device, mode: Mode) -> None:
        self.close()
        self.chosen.emit(device, mode)

    def _say(self, text: str) -> None:
        self._said.setText(text)
        self._said.setVisible(bool(text))

    def _clear(self) -> None:
        for tile in self._tiles.values():
            tile.hide()
            self._grid.removeWidget(tile)
            tile.deleteLater()
        self._tiles = {}

    def _fit(self) -> None:
        """As large as its cards, and wholly on the screen."""
        self.adjustSize()
        screen = self.screen().availableGeometry()
        x = max(screen.left(), min(self.x(), screen.right() - self.width()))
        y = max(screen.top(), min(self.y(), screen.bottom() - self.height()))
        self.move(x, y)


class CameraTile(QWidget):
    """A camera's picture, its name, and what it can be asked for."""

    chosen = Signal(object, object)  # Device, Mode

    def __init__(self, choice: CameraChoice, wanted: Mode, used: bool, theme: Theme) -> None:
        super().__init__()
        self.device, self.used, self._theme = choice.device, used, theme
        self.button = PictureButton()
        self.button.setText(f"{choice.device.name} (in use)" if used else choice.device.name)
        self.button.setAccessibleName(self.button.text())
        self.button.setToolTip("Use this camera")
        self.modes = QComboBox()
        self.modes.setAccessibleName(f"Size and rate of {choice.device.name}")
        self.modes.setToolTip(
            "The sizes and rates of this camera"
            if choice.modes
            else "Common sizes: this system does not say which ones the camera has. The status bar shows "
            "the mode the camera actually granted"
        )
        modes = choice.modes or USUAL
        for mode in modes:
            self.modes.addItem(in_words(mode), mode)
        self.modes.setCurrentIndex(nearest(modes, wanted))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.button)
        column.addWidget(self.modes)
        self.button.clicked.connect(self._choose)
        self.modes.activated.connect(lambda _: self._choose() if self.used else None)
        self.show_picture(None, "" if used else "Waiting for its picture \N{HORIZONTAL ELLIPSIS}")

    def show_picture(self, image: Image | None, why: str) -> None:
        """Shows what the camera sees, BGR, or without a picture one sentence: why there is none."""
        self.button.setIcon(QIcon(self._message(why) if image is None else self._scaled(image)))

    def _choose(self) -> None:
        self.chosen.emit(self.device, self.modes.currentData())

    def _message(self, text: str) -> QPixmap:
        pixmap = self._blank()
        painter = QPainter(pixmap)
        painter.setPen(QColor(self._theme.quiet))
        painter.setFont(figures(self.font(), 0.85))
        room = QRect(0, 0, PICTURE.width(), PICTURE.height()).adjusted(8, 6, -8, -6)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, text)
        painter.end()
        return pixmap

    def _scaled(self, image: Image) -> QPixmap:
        pixmap, ratio = self._blank(), self.devicePixelRatioF()
        height, width = image.shape[:2]
        scale = min(pixmap.width() / width, pixmap.height() / height)
        size = max(1, round(width * scale)), max(1, round(height * scale))
        small = cv2.cvtColor(cv2.resize(image, size, interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2BGRA)
        view = QImage(small.data, *size, small.strides[0], QImage.Format.Format_RGB32)
        view.setDevicePixelRatio(ratio)
        painter = QPainter(pixmap)  # drawn at once, so the view never outlives `small`
        left, top = (pixmap.width() - size[0]) / 2 / ratio, (pixmap.height() - size[1]) / 2 / ratio
        painter.drawImage(QPoint(round(left), round(top)), view)
        painter.end()
        return pixmap

    def _blank(self) -> QPixmap:
        pixmap = QPixmap(PICTURE * self.devicePixelRatioF())
        pixmap.setDevicePixelRatio(self.devicePixelRatioF())
        pixmap.fill(QColor(self._theme.panel))
        return pixmap


class PictureButton(QToolButton):
    """A button with a large icon; Enter presses it as the space bar does."""

    def __init__(self) -> None:
        super().__init__()
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setIconSize(PICTURE)
        self.setFixedWidth(PICTURE.width() + 24)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Takes Enter as a press."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


def in_words(mode: Mode) -> str:
    """A mode as text: `1280 x 720   30/s   MJPG`."""
    size = f"{mode.width} \N{MULTIPLICATION SIGN} {mode.height}"
    return "   ".join(part for part in (size, f"{mode.rate:.3g}/s", mode.format) if part)


def nearest(modes: tuple[Mode, ...], wanted: Mode) -> int:
    """The place of the mode most like `wanted`: size first, then rate."""

    def off(mode: Mode) -> tuple[float, float, bool]:
        size = abs(mode.width - wanted.width) + abs(mode.height - wanted.height)
        return size, abs(mode.rate - wanted.rate), mode.format != wanted.format

    return min(range(len(modes)), key=lambda i: off(modes[i]))
