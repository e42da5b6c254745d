"""How many of the faces in sight are measured, and the menu that chooses how many are at most."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QFontMetrics
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from app.types import DEFAULT_MAX_FACES, MOST_FACES
from app.ui.look.fonts import figures
from app.ui.look.theme import Theme

MEANING = "How many faces are measured at most (F7)"


class FacesMenu(QToolButton):
    """Its text is "up to 4 faces", or "4 of 9 faces" where more are in sight; `chosen` gives the number.

    Where more are shown than are measured at most, as in a replay of a larger group, it is "9 faces".
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("faces")
        self.setAccessibleName("Faces")
        self.setFont(figures(self.font()))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        widest = QFontMetrics(self.font()).horizontalAdvance(f"{MOST_FACES} of 00 faces")
        self.setMinimumWidth(widest + 16)
        menu, group = QMenu(self), QActionGroup(self)
        self.setMenu(menu)
        self.actions_by_number: dict[int, QAction] = {}
        for number in range(1, MOST_FACES + 1):
            action = menu.addAction(f"Up to {number} faces" if number > 1 else "One face")
            action.setCheckable(True)
            action.triggered.connect(lambda _, n=number: self.chosen.emit(n))
            group.addAction(action)
            self.actions_by_number[number] = action
        self.show_choice(DEFAULT_MAX_FACES)

    @property
    def choice(self) -> int:
        """The number that is checked, 1 to MOST_FACES."""
        return next(number for number, action in self.actions_by_number.items() if action.isChecked())

    def show_choice(self, number: int) -> None:
        """Checks `number`, 1 to MOST_FACES, without a signal; nobody counts as seen until `show_seen`."""
        self.actions_by_number[number].setChecked(True)
        self.show_seen(0, 0)

    def show_seen(self, measured: int, seen: int) -> None:
        """So many faces are `measured`, and so many are in sight."""
        if seen > measured:
            self.setText(f"{measured} of {seen} faces")
            self.setToolTip(f"{MEANING}\n{seen} faces are in sight, and {measured} of them are measured.")
        else:
            at_most = f"up to {self.choice} faces" if self.choice > 1 else "one face"
            self.setText(f"{measured} faces" if measured > self.choice else at_most)
            self.setToolTip(MEANING)

    def set_theme(self, theme: Theme) -> None:
        """Takes the colours of `theme` from now on."""
        self.setStyleSheet(
            f"QToolButton#faces {{ color: {theme.quiet}; border: 2px solid transparent; }}"
            f"QToolButton#faces:hover {{ border-color: {theme.line}; }}"
            f"QToolButton#faces:focus {{ border-color: {theme.focus}; }}"
        )
