"""A quiet button in the status bar whose menu offers one choice of several."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QFontMetrics
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from app.ui.look.fonts import figures
from app.ui.look.theme import Theme

Choice = TypeVar("Choice")


class ChoiceMenu(QToolButton, Generic[Choice]):
    """Exactly one of its choices is checked; `chosen` gives the one that the user picks."""

    chosen = Signal(object)

    def __init__(
        self, name: str, choices: Mapping[Choice, str], first: Choice, widest: str, parent: QWidget | None
    ) -> None:
        """`name` is told to screen readers; `choices` maps each to its words, and `first` is checked.

        The button is never narrower than the text `widest`, so that nothing beside it moves.
        """
        super().__init__(parent)
        self.setObjectName(name.lower())
        self.setAccessibleName(name)
        self.setFont(figures(self.font()))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setMinimumWidth(QFontMetrics(self.font()).horizontalAdvance(widest) + 16)
        menu, group = QMenu(self), QActionGroup(self)
        self.setMenu(menu)
        self.actions_by_choice: dict[Choice, QAction] = {}
        for choice, words in choices.items():
            action = menu.addAction(words)
            action.setCheckable(True)
            action.triggered.connect(lambda _, c=choice: self.chosen.emit(c))
            group.addAction(action)
            self.actions_by_choice[choice] = action
        self.check(first)

    @property
    def choice(self) -> Choice:
        """The choice that is checked."""
        return next(choice for choice, action in self.actions_by_choice.items() if action.isChecked())

    def check(self, choice: Choice) -> None:
        """Checks `choice`, without a signal."""
        self.actions_by_choice[choice].setChecked(True)

    def set_theme(self, theme: Theme) -> None:
        """Takes the colours of `theme` from now on."""
        button = f"QToolButton#{self.objectName()}"
        self.setStyleSheet(
            f"{button} {{ color: {theme.quiet}; border: 2px solid transparent; }}"
            f"{button}:hover {{ border-color: {theme.line}; }}"
            f"{button}:focus {{ border-color: {theme.focus}; }}"
        )
