"""Which affect network runs, and the menu that chooses one, or leaves it to the machine."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QFontMetrics
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from app.stages.cards import Card, ModelError, read_card
from app.stages.precision import CARDS
from app.system import paths
from app.types import AUTOMATIC, PRECISION_CHOICES
from app.ui.look.fonts import figures
from app.ui.look.theme import Theme

MEANING = "Which networks run, and at which precision (F6)"


class NetworkMenu(QToolButton):
    """Its text is the choice and what runs; `chosen` gives one of PRECISION_CHOICES."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("networks")
        self.setAccessibleName("Networks")
        self.setFont(figures(self.font()))
        self._running = MEANING
        self.setToolTip(MEANING)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setMinimumWidth(QFontMetrics(self.font()).horizontalAdvance("auto: int8") + 16)
        menu, group = QMenu(self), QActionGroup(self)
        self.setMenu(menu)
        self.actions_by_choice: dict[str, QAction] = {}
        for choice in PRECISION_CHOICES:
            action = menu.addAction(worded(choice))
            action.setCheckable(True)
            action.triggered.connect(lambda _, c=choice: self.chosen.emit(c))
            group.addAction(action)
            self.actions_by_choice[choice] = action
        self.show_choice(AUTOMATIC)

    @property
    def choice(self) -> str:
        """The choice that is checked, one of PRECISION_CHOICES."""
        return next(choice for choice, action in self.actions_by_choice.items() if action.isChecked())

    def show_choice(self, choice: str) -> None:
        """Checks `choice`, one of PRECISION_CHOICES, without a signal."""
        self.actions_by_choice[choice].setChecked(True)

    def show_running(self, cards: tuple[Card, ...], choice: str) -> None:
        """What runs by now: the affect network's precision in the text, everything in the tooltip."""
        self.show_choice(choice)
        precision = next((card.precision for card in cards if card.task == "affect"), "")
        self.setText(f"auto: {precision}" if precision and choice == AUTOMATIC else precision)
        lines = [", ".join(filter(None, (f"{c.task}: {c.file}, {c.precision}", c.figures))) for c in cards]
        self._running = "\n".join([MEANING, *lines])
        self.setToolTip(self._running)

    def show_why(self, sentence: str) -> None:
        """What is done for each frame, and why."""
        self.setToolTip(f"{self._running}\n{sentence}".rstrip())

    def set_theme(self, theme: Theme) -> None:
        """Takes the colours of `theme` from now on."""
        self.setStyleSheet(
            f"QToolButton#networks {{ color: {theme.quiet}; border: 2px solid transparent; }}"
            f"QToolButton#networks:hover {{ border-color: {theme.line}; }}"
            f"QToolButton#networks:focus {{ border-color: {theme.focus}; }}"
        )


def worded(choice: str) -> str:
    """One of PRECISION_CHOICES in the menu, with its card's figures."""
    if choice == AUTOMATIC:
        return "Automatic: as much as this machine can do in time"
    try:
        figures = read_card(paths.models() / f"{CARDS[choice]}.toml").figures
    except ModelError:  # said when it is to be loaded
        figures = ""
    return f"{choice}: {figures}" if figures else choice
