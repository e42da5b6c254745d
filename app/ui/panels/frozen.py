"""The frozen picture: where the expression is seen, in words and colours; or winner beside runner-up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QLinearGradient, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.stages import heatmap
from app.stages.activation import Reasons
from app.stages.heatmap import Explained
from app.types import EXPRESSIONS, Image, Result
from app.ui.controls.view import View
from app.ui.look.fonts import pixels
from app.ui.look.theme import Theme
from app.ui.look.words import mixed
from app.ui.panels.other_expressions import OtherExpressions
from app.ui.panels.picture import PicturePanel

PERCENT = "\N{NO-BREAK SPACE}%"
OTHERS = frozenset({View.BOX, View.ID})  # drawn where several faces can be chosen


@dataclass(frozen=True, slots=True, eq=False)
class FrozenFrame:
    """What is frozen, and of whom it is explained; without `explained` that is still being worked out."""

    result: Result
    face_id: int
    explained: Explained | None = None


class FrozenPanel(QWidget):
    """`picked` says which face was clicked; `compared` whether the runner-up is shown beside the winner."""

    picked = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Frozen picture")
        self.frozen: FrozenFrame | None = None
        self.compared = False
        self.sides = _Side(theme), _Side(theme)
        self.notice, self.scale, self.meaning = _label(), _Scale(), _label()
        self.others = OtherExpressions(theme)  # in place of the sides, once they are asked for
        self.others.hide()
        self.notice.setObjectName("frozen")
        row = QHBoxLayout()
        row.setSpacing(8)
        for side in self.sides:
            row.addWidget(side, 1)
        side.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.notice)
        column.addLayout(row, 1)
        column.addWidget(self.others, 1)
        column.addWidget(self.scale)
        column.addWidget(self.meaning)
        self.sides[0].picture.picked.connect(self.picked)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Takes the colours of `theme` from now on."""
        self.notice.setStyleSheet(
            f"QLabel#frozen {{ color: {theme.ground}; background: {theme.focus}; border-radius: 4px; "
            "padding: 3px 8px; }"
        )
        self.meaning.setStyleSheet(f"color: {theme.quiet}")
        self.others.set_theme(theme)
        for side in self.sides:
            side.picture.set_theme(theme)

    def mirror(self, on: bool) -> None:
        """Mirrors what is frozen, or shows it as it was taken."""
        self.others.mirror(on)
        for side in self.sides:
            side.picture.mirrored = on
            side.picture.update()

    def show_frozen(self, frozen: FrozenFrame, compared: bool) -> None:
        """Shows `frozen`; with `compared` the winner beside the runner-up, both close up."""
        self.frozen, self.compared = frozen, compared
        self.sides[1].setVisible(compared and self.others.isHidden())
        self._show()

    def show_others(self, on: bool) -> None:
        """Shows the face with other expressions in place of what explains it."""
        for part in (self.sides[0], self.scale, self.meaning):
            part.setVisible(not on)
        self.sides[1].setVisible(self.compared and not on)
        self.others.setVisible(on)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Words grow with the screen."""
        super().resizeEvent(event)
        height = min(max(12.0, self.height() / 34), 30.0)
        self.notice.setFont(pixels(self.font(), height))
        self.scale.setFont(pixels(self.font(), height, bold=True))
        self.meaning.setFont(pixels(self.font(), 0.85 * height))
        for side in self.sides:
            side.caption.setFont(pixels(self.font(), 1.6 * height, bold=True))

    def _show(self) -> None:
        assert self.frozen is not None
        frozen = self.frozen
        face = next(face for face in frozen.result.faces if face.id == frozen.face_id)
        explained = frozen.explained
        if explained is None:
            self.sides[0].show_result("Why? One moment \N{HORIZONTAL ELLIPSIS}", frozen.result)
            self.sides[1].show_result("", None)
            return
        found = explained.reasons
        first, second = (EXPRESSIONS[i] for i in found.best)
        sure, less = (f"{100 * found.probs[i]:.0f}{PERCENT}" for i in found.best)
        several = len(frozen.result.faces) > 1
        if self.compared:
            self.sides[0].show_close(f"{first}  {sure}", explained.winner, found)
            self.sides[1].show_close(f"or {second}?  {less}", explained.runner_up, found)
            self.scale.say("it")
        else:
            frame = replace(frozen.result.frame, image=explained.winner)
            shown = Result(frame, frozen.result.faces if several else ())
            doubt = ", not sure" if mixed(found.probs) else " sure"
            self.sides[0].picture.followed = face.id
            ask = f"Person {face.id}: why" if several else "Why"
            self.sides[0].show_result(f"{ask} {first}?  {sure}{doubt}", shown)
            self.scale.say(first)
        whose = f"person {face.id} in this one" if several else "this one"
        self.meaning.setText(
            f"The network sees only the bright square. Network {found.card.name} ({found.card.precision}), "
            f"{whose} picture: {first} {sure}, then {second} {less}."
        )
        self.setAccessibleDescription(f"{self.sides[0].caption.text()}. {self.meaning.text()}")


class _Side(QWidget):
    """One picture with its caption: the whole frame, or the face large in the shape of its place."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.caption, self.picture = _label(), PicturePanel(theme)
        self.picture.view = OTHERS
        self._close: tuple[Image, Reasons] | None = None
        self.picture.setMinimumSize(100, 90)
        self.picture.setAccessibleName("Frozen picture")
        self.picture.installEventFilter(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.caption)
        column.addWidget(self.picture, 1)

    def show_result(self, caption: str, result: Result | None) -> None:
        self._close = None
        self.caption.setText(caption)
        self.picture.show_result(result)

    def show_close(self, caption: str, image: Image, found: Reasons) -> None:
        self._close = image, found
        self.caption.setText(caption)
        self._cut()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        if event.type() == QEvent.Type.Resize:
            self._cut()
        return False

    def _cut(self) -> None:
        if self._close is not None:
            image, found = self._close
            shape = self.picture.width() / max(1, self.picture.height())
            self.picture.show_picture(image[heatmap.around(found, image.shape[1::-1], shape)])


class _Scale(QWidget):
    """From blue to orange, with words for both ends."""

    def __init__(self) -> None:
        super().__init__()
        self._what = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def say(self, what: str) -> None:
        """What orange speaks for, and blue against."""
        self._what = what
        self.setAccessibleName(f"Blue speaks against {what}, orange for {what}, grey says nothing")
        self.update()

    def setFont(self, font: QFont | str | Sequence[str]) -> None:  # noqa: N802 (Qt's name)
        super().setFont(font)
        self.setFixedHeight(round(1.5 * self.fontMetrics().height()))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        painter = QPainter(self)
        blend = QLinearGradient(0, 0, self.width(), 0)
        blend.setColorAt(0, QColor(*heatmap.BLUE[::-1]))
        blend.setColorAt(0.5, QColor(120, 120, 120))
        blend.setColorAt(1, QColor(*heatmap.WARM[::-1]))
        painter.fillRect(self.rect(), blend)
        painter.setPen(QColor("white"))
        room = self.rect().adjusted(8, 0, -8, 0)
        if not self._what:
            return
        for side, words in (
            (Qt.AlignmentFlag.AlignLeft, f"speaks against {self._what}"),
            (Qt.AlignmentFlag.AlignHCenter, "says nothing"),
            (Qt.AlignmentFlag.AlignRight, f"speaks for {self._what}"),
        ):
            painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, words)


def _label() -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
