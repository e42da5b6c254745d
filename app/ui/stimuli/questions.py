"""The page of one question, answered by mouse or by keys alone."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.sessions.schema.limits import LONGEST_MARKER
from app.study.playlist import Question, QuestionKind
from app.ui.stimuli.affect_grid import AffectGrid

STYLE = """
    QLabel { color: #ebebeb; font-size: 22px; }
    QPushButton { color: #ebebeb; background: #555; border: 2px solid #888; border-radius: 8px;
        min-width: 48px; min-height: 48px; font-size: 20px; padding: 0 10px; }
    QPushButton:hover { background: #666; }
    QPushButton:focus, QPushButton:checked { border-color: #ffd75f; }
    QPushButton:disabled { color: #888; border-color: #666; }
    QLineEdit { color: #ebebeb; background: #333; border: 2px solid #888; font-size: 20px; padding: 8px; }
    QLineEdit:focus { border-color: #ffd75f; }
"""
ONE_ROW = 21  # buttons of a scale; a longer one gets a field for the number


class QuestionPage(QWidget):
    """A scale, a line of text or the affect grid; `answered` gives an `Answer` of `app.study.answers`."""

    answered = Signal(object)

    def __init__(self, question: Question) -> None:
        super().__init__()
        self._question, self._done = question, False
        self.setStyleSheet(STYLE)
        self.setAccessibleName(question.text)
        self._column = column = QVBoxLayout(self)
        column.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.setSpacing(24)
        label = QLabel(question.text)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setMinimumWidth(700)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(label)
        self.buttons: tuple[QPushButton, ...] = ()
        self.field: QLineEdit | None = None
        self.grid: AffectGrid | None = None
        if question.kind is QuestionKind.GRID:
            self._ask_grid()
        elif question.kind is QuestionKind.SCALE and question.highest - question.lowest < ONE_ROW:
            self._ask_scale()
        else:
            self._ask_field()

    def _ask_scale(self) -> None:
        row = QHBoxLayout()
        row.setAlignment(Qt.AlignmentFlag.AlignCenter)
        q = self._question
        numbers = range(q.lowest, q.highest + 1)
        self.buttons = tuple(QPushButton(str(number)) for number in numbers)
        for number, button in zip(numbers, self.buttons, strict=True):
            words = {q.lowest: q.lowest_words, q.highest: q.highest_words}.get(number, "")
            button.setAccessibleName(f"{number} {words}".strip())
            button.setAutoDefault(True)  # Return presses it
            button.clicked.connect(lambda _, number=number: self._answer(number))
            row.addWidget(button)
        row.insertWidget(0, QLabel(q.lowest_words))
        row.addWidget(QLabel(q.highest_words))
        self._column.addLayout(row)
        self.setFocusProxy(self.buttons[0])

    def _ask_field(self) -> None:
        self.field = field = QLineEdit()
        field.setAccessibleName(self._question.text)
        field.setMaxLength(LONGEST_MARKER - len(self._question.name) - 1)  # what an event can hold
        field.setFixedWidth(700)
        if self._question.kind is QuestionKind.SCALE:
            field.setPlaceholderText(f"{self._question.lowest} to {self._question.highest}")
        go_on = QPushButton("Continue")
        go_on.setAutoDefault(True)
        field.returnPressed.connect(self._take_field)
        go_on.clicked.connect(self._take_field)
        self._column.addWidget(field, 0, Qt.AlignmentFlag.AlignCenter)
        self._column.addWidget(go_on, 0, Qt.AlignmentFlag.AlignCenter)
        self.setFocusProxy(field)

    def _ask_grid(self) -> None:
        self.grid = AffectGrid()
        self.grid.chosen.connect(self._answer)
        self._column.addWidget(self.grid, 0, Qt.AlignmentFlag.AlignCenter)
        self.setFocusProxy(self.grid)

    def _take_field(self) -> None:
        assert self.field is not None
        said = self.field.text().strip()
        if self._question.kind is QuestionKind.TEXT:
            self._answer(said)
            return
        try:
            number = int(said)
        except ValueError:
            return
        if self._question.lowest <= number <= self._question.highest:
            self._answer(number)

    def _answer(self, answer: object) -> None:
        """Only the first one counts: a second press belongs to nothing."""
        if not self._done:
            self._done = True
            self.answered.emit(answer)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """A digit answers a scale; the arrows go from button to button."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if self.buttons and step:
            at = next((i for i, button in enumerate(self.buttons) if button.hasFocus()), 0)
            self.buttons[(at + step) % len(self.buttons)].setFocus()
        elif self.buttons and (text := event.text()).isdecimal() and self._question.highest <= 9:
            if self._question.lowest <= int(text) <= self._question.highest:
                self._answer(int(text))
        else:
            super().keyPressEvent(event)
