"""The notice bar: one sentence in the window, with buttons where there is something to do. Never a dialog."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from app.ui.look.theme import Theme

BRIEF = 6000  # ms that a notice stays in front of an audience
BREAK = "\N{ZERO WIDTH SPACE}"  # lets a long path go on in the next line


class NoticeBar(QFrame):
    """Hidden until `say`; the newest sentence replaces the one before."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice_bar")
        self._theme, self._warning = theme, False
        self._mark, self._text = QLabel("\N{BLACK CIRCLE}"), QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._close = close = QPushButton("Dismiss")
        close.setToolTip("Hide this message")
        close.clicked.connect(self.put_away)
        self._buttons: list[QPushButton] = []
        self._aside = False  # put away only for the audience
        self._brief = QTimer(self)
        self._brief.setSingleShot(True)
        self._brief.timeout.connect(self._put_aside)
        self._audience = False
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 5, 6, 5)
        for widget in (self._mark, self._text, close):
            self._row.addWidget(widget)
        self._row.setStretch(1, 1)
        self.hide()
        self.set_theme(theme)

    @property
    def text(self) -> str:
        """What it says now; "" while it is hidden."""
        return "" if self.isHidden() else self._text.text().replace(BREAK, "")

    def say(self, text: str, *actions: QAction, warning: bool = False) -> None:
        """Shows `text` with a button for each of `actions`, which puts the notice bar away."""
        for button in self._buttons:
            button.hide()
            button.deleteLater()
        self._buttons = [self._button(action) for action in actions]
        for place, button in enumerate(self._buttons, start=2):
            self._row.insertWidget(place, button)
        for one, other in pairwise((self._text, *self._buttons, self._close)):  # Tab goes as they stand
            QWidget.setTabOrder(one, other)
        self._text.setText(text.replace("/", f"/{BREAK}").replace("\\", f"\\{BREAK}"))
        self._warning = warning
        self.set_theme(self._theme)
        self.setAccessibleName(text)
        self._aside = False
        self.show()
        if self._audience:
            self._brief.start(BRIEF)

    def put_away(self) -> None:
        """Hides what is said, for good."""
        self._aside = False
        self._brief.stop()
        self.hide()

    def before_audience(self, on: bool) -> None:
        """On the stage a notice goes by itself after a while; afterwards it is there again."""
        self._audience = on
        if not on:
            self._brief.stop()
            self.setVisible(not self.isHidden() or self._aside)
            self._aside = False
        elif not self.isHidden():
            self._brief.start(BRIEF)

    def _put_aside(self) -> None:
        self._aside = True
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Takes the colours of `theme` from now on."""
        self._theme = theme
        self._mark.setStyleSheet(f"color: {theme.warning if self._warning else theme.focus}")

    def _button(self, action: QAction) -> QPushButton:
        button = QPushButton(action.text())
        button.setToolTip(action.toolTip())
        button.clicked.connect(self.put_away)
        button.clicked.connect(lambda: action.trigger())
        return button
