"""The page of the first start: what Mien does, that nothing leaves the computer, and whether all works."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.sources.source import Source
from app.system import paths
from app.ui.flows.worker import guarded

TEXT = """
<h2>Mien reads faces</h2>
<p>It finds each face in the picture, the centres of its eyes, the expression that it shows, and how
<b>pleasant</b> (valence) and how <b>excited</b> (arousal) it looks. What a face shows is not what a person
feels: take it as an estimate.</p>
<p><b>Nothing leaves this computer.</b> Mien opens no connection of its own. It keeps no picture and no number
unless you press Record; recordings are saved in your own folder, and stay there when Mien is removed.</p>
"""


class Welcome(QFrame):
    """Covers `window` until one of its buttons is pressed; `chosen` then carries the Source to play.

    With a `source` that is no camera it asks for nothing: that may play at once, and the page is below it.
    """

    chosen = Signal(object)
    _checked = Signal(str)

    def __init__(self, window: QWidget, source: Source | None, sample: Callable[[], Source]) -> None:
        super().__init__(window)
        self.setObjectName("sheet")
        self.setAccessibleName("Welcome to Mien")
        self._window = window
        self.asks = source is None or source.live
        text = QLabel(TEXT)
        text.setWordWrap(True)
        self.check = QLabel("Checking that everything works \N{HORIZONTAL ELLIPSIS}")
        self.check.setTextFormat(Qt.TextFormat.PlainText)
        self.check.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.check, 1)
        if self.asks:
            row.addWidget(self._button("Play the sample clip", lambda: self._choose(sample())))
            if source is not None:
                row.addWidget(self._button("Use the camera", lambda: self._choose(source)))
        else:
            row.addWidget(self._button("Got it", self.put_away))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 8, 24, 14)
        column.setSpacing(10)
        column.addWidget(text, 1)
        column.addLayout(row)
        self._checked.connect(self.check.setText)
        window.installEventFilter(self)
        self._fit()

    def test(self) -> None:
        """Begins the self-test, on a thread of its own."""
        threading.Thread(target=guarded, args=(self._test, self._say), daemon=True, name="selftest").start()

    def put_away(self) -> None:
        """Hides the page for good."""
        self._window.removeEventFilter(self)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Keeps its place when the window changes its size."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self._fit()
        return False

    def _button(self, text: str, work: Callable[[], None]) -> QPushButton:
        button = QPushButton(text)
        button.clicked.connect(work)
        button.setDefault(True)
        return button

    def _choose(self, source: Source) -> None:
        self.put_away()
        self.chosen.emit(source)

    def _fit(self) -> None:
        """In the middle where it asks; else over the curves, so that faces and values are seen."""
        width = min(620 if self.asks else 976, self._window.width() - 48)
        height = max(self.heightForWidth(width), self.minimumSizeHint().height())
        left, room = (self._window.width() - width) // 2, self._window.height() - height
        self.setGeometry(left, max(24, room // 2 if self.asks else room - 8), width, height)
        self.raise_()

    def _test(self) -> None:
        # The networks take long to import, and this page is shown once.
        from app.analysis.selftest import selftest

        found = list(selftest(paths.models(), paths.sample_clip()))
        self._say(f"{len(found)} parts were tried, and everything works.")

    def _say(self, text: str) -> None:
        """On the thread of the test."""
        with suppress(RuntimeError):  # the window has been closed meanwhile
            self._checked.emit(f"Self-test: {text}")
