"""What each person seems to express and how sure the program is, in words for a stranger."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from app.types import Face
from app.ui.look.theme import Theme, accent
from app.ui.look.words import expression_words, sure_words

PEOPLE = 4  # that there is room for
PARTS = {1: 6.5, 2: 8.5}  # of the width that a letter is high, by how many people there are
CROWD = 11.0  # the same where there are more
SMALLEST = 8.0  # pixels: a label that is not laid out yet has no width


class ExpressionSummary(QLabel):
    """Two lines a person, in the person's own colour; the words grow with the width."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._faces: tuple[Face, ...] = ()
        self.setAccessibleName("What each person seems to express")
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.setMinimumHeight(1)  # its height follows its width
        self.setMargin(8)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Takes the colours of `theme` from now on."""
        self._theme = theme
        self.setStyleSheet(f"color: {theme.text}; background: {theme.panel}")
        self._write()

    def show_faces(self, faces: tuple[Face, ...]) -> None:
        """Of `faces` the first few; called as often as a text can be read."""
        self._faces = faces[:PEOPLE]
        self._write()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Lets the words grow with the width."""
        super().resizeEvent(event)
        self._write()

    def _write(self) -> None:
        people, width = len(self._faces), max(0, self.width() - 2 * self.margin())
        large, lines, said = max(SMALLEST, width / PARTS.get(people, CROWD)), [], []
        for face in self._faces:
            number = f"{face.id} " if people > 1 else ""
            word, sure = expression_words(face.smooth.probs), sure_words(face)
            said.append(f"{number}{word}, {sure}")
            lines.append(
                f'<p style="margin: 0 0 {0.3 * large:.0f}px 0">'
                f'<b style="font-size: {large:.0f}px; color: {accent(self._theme, face.id).name()}">'
                f"{number}{word}</b><br>"
                f'<span style="font-size: {max(0.7 * large, width / 12):.0f}px">{sure}</span></p>'
            )
        text = "".join(lines)
        self.setVisible(bool(text))
        if text != self.text():  # the layout costs more than the comparison
            self.setText(text)
            self.setAccessibleDescription("; ".join(said))
