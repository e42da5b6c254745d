"""Which affect network runs, and the menu that chooses one, or leaves it to the machine."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.stages.cards import ModelError, UsedCard, read_card
from app.stages.precision import CARDS
from app.system import paths
from app.types import AUTOMATIC, PRECISION_CHOICES
from app.ui.controls.choice_menu import ChoiceMenu

MEANING = "Which networks run, and at which precision (F6)"


class NetworkMenu(ChoiceMenu[str]):
    """Its text is the choice and what runs; `chosen` gives one of PRECISION_CHOICES."""

    def __init__(self, parent: QWidget | None = None) -> None:
        words = {choice: worded(choice) for choice in PRECISION_CHOICES}
        super().__init__("Networks", words, AUTOMATIC, "auto: int8", parent)
        self._running = MEANING
        self.setToolTip(MEANING)

    def show_running(self, cards: tuple[UsedCard, ...], choice: str) -> None:
        """What runs by now: the affect network's precision in the text, everything in the tooltip."""
        self.check(choice)
        precision = next((card.precision for card in cards if card.task == "affect"), "")
        self.setText(f"auto: {precision}" if precision and choice == AUTOMATIC else precision)
        lines = [", ".join(filter(None, (f"{c.task}: {c.file}, {c.precision}", c.figures))) for c in cards]
        self._running = "\n".join([MEANING, *lines])
        self.setToolTip(self._running)

    def show_why(self, sentence: str) -> None:
        """What is done for each frame, and why."""
        self.setToolTip(f"{self._running}\n{sentence}".rstrip())


def worded(choice: str) -> str:
    """One of PRECISION_CHOICES in the menu, with its card's figures."""
    if choice == AUTOMATIC:
        return "Automatic: as much as this machine can do in time"
    try:
        figures = read_card(paths.models() / f"{CARDS[choice]}.toml").figures
    except ModelError:  # said when it is to be loaded
        figures = ""
    return f"{choice}: {figures}" if figures else choice
