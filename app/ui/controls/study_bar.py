"""The line under the toolbar while a study is open: who is recorded, and what is presented to them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from app.ui.controls.actions import Actions
from app.ui.controls.toolbar import Button
from app.ui.look.theme import Theme

NOBODY = "nobody chosen"


class StudyBar(QWidget):
    """Hidden without a study."""

    def __init__(self, actions: Actions, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("toolbar")  # its buttons look like those above
        self._theme, self._consent, self._recording = theme, True, False
        self._open = self._allowed = False
        self.who, self.what = QLabel(), QLabel()
        for label, name in ((self.who, "Who is recorded"), (self.what, "What is presented")):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setAccessibleName(name)
        self.what.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.what.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 6, 0)
        row.setSpacing(6)
        row.addWidget(self.who)
        row.addWidget(self.what, 1)
        self._running = [self._button(a) for a in (actions.skip_stimulus, actions.stop_presenting)]
        self.present = self._button(actions.present)
        for button in (*self._running, self.present, self._button(actions.next_participant)):
            row.addWidget(button)
        row.addWidget(self._button(actions.study))
        self.show_presentation("", running=False)
        self.set_theme(theme)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Takes the colours of `theme` from now on."""
        self._theme = theme
        who = theme.recording if self._recording else theme.text if self._consent else theme.warning
        self.who.setStyleSheet(f"color: {who}; font-weight: bold")
        self.what.setStyleSheet(f"color: {theme.quiet}")

    def allow(self, allowed: bool) -> None:
        """Whether it may be seen, as it may not before an audience."""
        self._allowed = allowed
        self.setVisible(self._open and self._allowed)

    def show_who(self, study: str, code: str, run: int, *, consent: bool, recording: bool) -> None:
        """Shows the study, and who is or will be recorded; a `study` of "" hides it."""
        self._open, self._consent, self._recording = bool(study), consent, recording
        who = f"{code}, run {run}" if code else NOBODY
        if recording:
            who = f"\N{BLACK CIRCLE} recording {who}"
        elif code and not consent:
            who += ", no consent"
        self.who.setText(f"{study[:40]}:  {who}")
        self.set_theme(self._theme)
        self.setVisible(self._open and self._allowed)

    def show_presentation(self, text: str, *, running: bool) -> None:
        """Says what is presented, and offers what can be done with it."""
        self.what.setText(text)
        self.what.setToolTip(text)
        for button in self._running:
            button.setVisible(running)

    def _button(self, action: QAction) -> Button:
        return Button(action)
