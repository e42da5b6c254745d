"""The space bar is for the button or list that has the focus, although the window knows that key too."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox


def belongs_to_the_focus(event: QEvent) -> bool:
    """Asked of each event of the window; True takes the key from its shortcuts.

    Qt offers a key to the widget with the focus and then to its parents, before any shortcut gets it.
    """
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    pressed = event.key() == Qt.Key.Key_Space
    if pressed and isinstance(QApplication.focusWidget(), QAbstractButton | QComboBox):
        event.accept()
        return True
    return False
