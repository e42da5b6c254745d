"""One line in which the text of a marker is written."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget


class MarkerText(QLineEdit):
    """A line at the foot of `over`; Return answers, Esc or a click elsewhere hides it."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.setPlaceholderText("Text of the marker, then Return")
        self.setAccessibleName("Text of the marker")
        self.setMaxLength(200)
        self.hide()

    def ask(self) -> None:
        """Shows the empty line, with the focus."""
        room = self._over.rect().adjusted(12, 12, -12, -12)
        height = self.sizeHint().height()
        self.setGeometry(room.left(), room.bottom() - height, room.width(), height)
        self.clear()
        self.show()
        self.raise_()
        self.setFocus()

    def done(self) -> None:
        """Hides the line and gives the focus back."""
        self.hide()
        self._over.setFocus()

    def event(self, event: QEvent) -> bool:
        """Esc is for this line, although the window knows that key too."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.KeyPress:
                self.done()
            event.accept()
            return True
        if event.type() == QEvent.Type.FocusOut:
            self.hide()
        return super().event(event)
