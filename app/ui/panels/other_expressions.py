"""One face as each of the eight expressions, with a slider for their strength; each says that it is made
up."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from app.stages import made_up
from app.stages.synthesis import Change
from app.types import EXPRESSIONS, Image
from app.ui.look.fonts import pixels
from app.ui.look.theme import Theme

COLUMNS, STEPS = 4, 20
WAIT = "One moment \N{HORIZONTAL ELLIPSIS}"
MEANING = (
    "Made up by a network that learnt from small grey pictures: no photos, and no proof of what anybody "
    "feels. Open mouths are rarely closed, contempt fails, fear and disgust smear. They are never recorded "
    "or sent."
)


class OtherExpressions(QWidget):
    """`strength_changed` gives the wanted strength, 0 the face as it is .. 1."""

    strength_changed = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("The face with other expressions, made up")
        self._image: Image | None = None
        self._changes: tuple[Change, ...] = ()
        self._mirrored = False
        self.caption, self.meaning = QLabel(WAIT), QLabel(MEANING)
        for label in (self.caption, self.meaning):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.tiles = tuple(Tile(expression) for expression in EXPRESSIONS)
        self.slider, self.masks = QSlider(Qt.Orientation.Horizontal), QPushButton("What would have to change")
        self.masks.setCheckable(True)
        self.slider.setRange(0, STEPS)
        self.slider.setValue(STEPS)
        self.slider.setAccessibleName("Strength, from the face as it is to the whole expression")
        self.masks.setToolTip("Show in orange which parts of the face the network makes anew")
        for control in (self.slider, self.masks):
            control.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._lay_out()
        self.slider.valueChanged.connect(lambda value: self.strength_changed.emit(value / STEPS))
        self.masks.toggled.connect(self._draw)
        self.set_theme(theme)

    @property
    def strength(self) -> float:
        """The wanted strength, 0..1."""
        return self.slider.value() / STEPS

    def set_strength(self, strength: float) -> None:
        """Moves the slider to `strength`, 0..1, without a word."""
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(strength * STEPS))

    def set_theme(self, theme: Theme) -> None:
        """Takes the colours of `theme` from now on."""
        self.meaning.setStyleSheet(f"color: {theme.quiet}")
        self.masks.setStyleSheet(
            f"QPushButton {{ color: {theme.text}; background: {theme.raised}; border-radius: 6px; "
            f"border: 1px solid {theme.line}; padding: 4px 10px; }}"
            f"QPushButton:hover {{ border-color: {theme.quiet}; }}"
            f"QPushButton:checked {{ color: {theme.ground}; background: {theme.focus}; }}"
            f"QPushButton:focus {{ border: 2px solid {theme.focus}; padding: 3px 9px; }}"
        )

    def mirror(self, on: bool) -> None:
        """Mirrors the faces, not their words; or shows them as they were taken."""
        self._mirrored = on
        self._draw()

    def show_changes(self, caption: str, image: Image, changes: Sequence[Change]) -> None:
        """Shows the changes of a face in a BGR `image`, one for each of EXPRESSIONS."""
        self.caption.setText(caption)
        self.setAccessibleDescription(caption)
        self._image, self._changes = image, tuple(changes)
        self._draw()

    def say(self, sentence: str) -> None:
        """Shows `sentence` in place of the faces."""
        self.caption.setText(sentence)
        self.setAccessibleDescription(sentence)
        self._image, self._changes = None, ()
        self._draw()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Words grow with the screen."""
        super().resizeEvent(event)
        height = min(max(12.0, self.height() / 34), 26.0)
        self.caption.setFont(pixels(self.font(), 1.4 * height, bold=True))
        self.meaning.setFont(pixels(self.font(), 0.85 * height))

    def _lay_out(self) -> None:
        faces = QGridLayout()
        faces.setSpacing(6)
        for place, tile in enumerate(self.tiles):
            faces.addWidget(tile, place // COLUMNS, place % COLUMNS)
        row, words = QHBoxLayout(), QLabel("Strength")
        words.setBuddy(self.slider)
        row.setSpacing(8)
        row.addWidget(words)
        row.addWidget(self.slider, 1)
        row.addWidget(self.masks)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.caption)
        column.addLayout(faces, 1)
        column.addLayout(row)
        column.addWidget(self.meaning)

    def _draw(self) -> None:
        if self._image is None:
            for tile in self.tiles:
                tile.show_nothing()
            return
        for tile, change in zip(self.tiles, self._changes, strict=True):
            tile.show_change(self._image, change, masks=self.masks.isChecked(), mirrored=self._mirrored)


class Tile(QWidget):
    """One made face, drawn anew for each size so that it is sharp."""

    def __init__(self, expression: str) -> None:
        super().__init__()
        self._expression = expression
        self._shown: tuple[Image, Change] | None = None
        self.masks = self.mirrored = False
        self._drawn: Image | None = None
        self.setMinimumSize(80, 80)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(f"Made up: {expression}")

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """The size it has where there is room enough, in pixels."""
        return QSize(220, 220)

    @property
    def picture(self) -> Image | None:
        """What is drawn, (side, side, 3) BGR in the screen's own pixels; None for nothing."""
        if self._drawn is None and self._shown is not None:
            side = max(16, round(min(self.width(), self.height()) * self.devicePixelRatioF()))
            view = made_up.close_up_of_mask if self.masks else made_up.close_up
            self._drawn = view(*self._shown, side=side, mirrored=self.mirrored)
        return self._drawn

    def show_change(self, image: Image, change: Change, *, masks: bool, mirrored: bool) -> None:
        """Shows a `change` of a face in a BGR `image`, or with `masks` where it would have to change."""
        self._shown, self.masks, self.mirrored = (image, change), masks, mirrored
        self._drawn = None
        self.update()

    def show_nothing(self) -> None:
        """Is empty."""
        self._shown = self._drawn = None
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Draws at the new size."""
        super().resizeEvent(event)
        self._drawn = None

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paints the face in the middle."""
        drawn = self.picture
        if drawn is None:
            return
        side = drawn.shape[0]
        view = QImage(drawn.data, side, side, drawn.strides[0], QImage.Format.Format_BGR888)
        ratio = self.devicePixelRatioF()
        view.setDevicePixelRatio(ratio)
        painter = QPainter(self)
        painter.drawImage(
            round((self.width() - side / ratio) / 2), round((self.height() - side / ratio) / 2), view
        )
