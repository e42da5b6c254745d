"""How many of the faces in sight are measured, and the menu that chooses how many are at most."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.types import DEFAULT_MAX_FACES, MOST_FACES
from app.ui.controls.choice_menu import ChoiceMenu

MEANING = "How many faces are measured at most (F7)"


class FacesMenu(ChoiceMenu[int]):
    """Its text is "up to 4 faces", or "4 of 9 faces" where more are in sight; `chosen` gives the number.

    Where more are shown than are measured at most, as in a replay of a larger group, it is "9 faces".
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        numbers = range(1, MOST_FACES + 1)
        words = {number: f"Up to {number} faces" if number > 1 else "One face" for number in numbers}
        super().__init__("Faces", words, DEFAULT_MAX_FACES, f"{MOST_FACES} of 00 faces", parent)
        self.show_seen(0, 0)

    def show_choice(self, number: int) -> None:
        """Checks `number`, 1 to MOST_FACES, without a signal; nobody counts as seen until `show_seen`."""
        self.check(number)
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
