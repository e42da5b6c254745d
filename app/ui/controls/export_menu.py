"""The formats that a recording can be exported to, as a menu."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QMenu, QWidget

from app.ui.look.words import EXPORT_WORDS

NOTHING = "Record something, or open a recording"


class ExportMenu(QMenu):
    """`chosen` gives the name of a format; while there is nothing to export it says what to do instead."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Export", parent)
        self.subject: Callable[[], str] = lambda: ""  # the name of the recording; "" while there is none
        self._said = self.addAction(NOTHING)
        self._said.setEnabled(False)
        self.formats = tuple(self.addAction(words) for words in EXPORT_WORDS.values())
        for name, action in zip(EXPORT_WORDS, self.formats, strict=True):
            action.triggered.connect(lambda _, name=name: self.chosen.emit(name))
        self.aboutToShow.connect(self._fit)

    def pop_up_below(self, widget: QWidget) -> None:
        """Opens at the right end of `widget`, inside of it."""
        self._fit()
        left = max(0, widget.width() - self.sizeHint().width())
        self.popup(widget.mapToGlobal(QPoint(left, widget.height())))

    def _fit(self) -> None:
        subject = self.subject()
        self._said.setText(f"{subject} as" if subject else NOTHING)
        for action in self.formats:
            action.setEnabled(bool(subject))
