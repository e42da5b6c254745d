"""The sheet under `?`: all keys, and what the numbers mean. It lies in the window and blocks nothing."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QKeySequence
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QScrollArea,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from app import __version__, paths
from app.ui.actions import Actions
from app.ui.theme import Theme

MEANING = """
<p><b>Valence</b> runs from &minus;1, unpleasant, to +1, pleasant. <b>Arousal</b> runs from &minus;1, calm,
to +1, excited. The point in the plane is where a face seems to be now; its tail is the last five seconds.</p>
<p><b>Expressions</b> are eight probabilities that add up to 100 %. The highest is how sure the program is;
where none reaches 50 % it names two, and says that it is not sure.</p>
<p>All of this is an estimate of what a face <b>shows</b>, not of what a person feels. The network was trained
on pictures that ten people each had voted on; valence and arousal are derived: trained on
published coordinates of the eight expressions (Russell and Mehrabian 1977), weighted by those votes, not on
ratings of faces.</p>
<p><b>Why</b> (F2): orange places of the frozen face speak for its expression, blue ones against it, grey ones
say nothing; beside the runner-up (F3) both have one scale. The network looked at these in that picture.</p>
<p><b>Gaze</b> is an estimate from the head and the eyes' centres, several degrees wide. <b>Head</b> is its
yaw, pitch and roll. An eye counts as closed when its lids leave a quarter of the usual opening.</p>
<p><b>Latency</b> is the time from a picture's capture to its paint: the median, then the 95th percentile of
the last five seconds. <b>Dropped</b> counts a camera's pictures that were left out because newer ones had
come.</p>
<p>Left and right are the person's own. Nothing leaves this computer.</p>
"""


ABOUT = f"""
<h3>About</h3>
<p>Mien {__version__}, Apache License 2.0.
<a href="licences" style="color: {{link}}">Licences of the libraries in it</a></p>
"""
FROM_SOURCE = (
    "Mien runs from its source here: each library in its environment brings its own licence text, and "
    "CONTRIBUTING.md names them all. The packaged program shows every text in this place."
)


class Sheet(QFrame):
    def __init__(self, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self.setObjectName("sheet")
        self.setAccessibleName("Keys, and what the numbers mean")
        self._page = page = QWidget()
        columns = QHBoxLayout(page)
        columns.setContentsMargins(24, 20, 24, 20)
        columns.setSpacing(32)
        columns.addLayout(_keys(actions))
        self._meaning = meaning = QLabel()
        flags = Qt.TextInteractionFlag
        meaning.setTextInteractionFlags(flags.LinksAccessibleByMouse | flags.LinksAccessibleByKeyboard)
        meaning.linkActivated.connect(self._show_licences)
        meaning.setWordWrap(True)
        meaning.setAccessibleName("What the numbers mean")
        meaning.setAlignment(Qt.AlignmentFlag.AlignTop)
        meaning.setMinimumWidth(300)
        columns.addWidget(meaning, 1)
        scroll = QScrollArea()
        scroll.setWidget(page)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setStyleSheet("QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        self.setFocusProxy(scroll)  # arrows scroll it
        self._pages = QStackedLayout()
        self._pages.addWidget(scroll)
        layout.addLayout(self._pages)
        self.hide()

    def set_look(self, look: Theme) -> None:
        about = ABOUT.format(link=look.focus)  # a label keeps the colour that links had when it was made
        self._meaning.setText(f"<h3>What the numbers mean</h3>{MEANING}{about}")

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 (Qt's name)
        self._pages.setCurrentIndex(0)
        super().hideEvent(event)

    def _show_licences(self) -> None:
        """The texts, in the sheet's place until it is closed."""
        if self._pages.count() == 1:
            file = paths.licences()
            text = QPlainTextEdit(file.read_text("utf-8") if file.exists() else FROM_SOURCE)
            text.setReadOnly(True)
            text.setAccessibleName("Licences")
            self._pages.addWidget(text)
        self._pages.setCurrentIndex(1)

    def fit(self) -> None:
        """In the middle of the window, never larger than it."""
        room = self._window.size()
        width = min(940, room.width() - 48)
        height = min(self._page.heightForWidth(width) + 4, room.height() - 48)
        self.setGeometry((room.width() - width) // 2, (room.height() - height) // 2, width, height)


def _keys(actions: Actions) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(14)
    grid.setVerticalSpacing(3)
    grid.addWidget(QLabel("<h3>Keys</h3>"), 0, 0, 1, 2)
    for row, action in enumerate(actions.all(), start=1):
        keys = (key.toString(QKeySequence.SequenceFormat.NativeText) for key in action.shortcuts())
        shown = " or ".join(keys)
        key = QLabel(f"<b>{shown}</b>")
        key.setAlignment(Qt.AlignmentFlag.AlignRight)
        grid.addWidget(key, row, 0)
        grid.addWidget(QLabel(action.toolTip().rsplit(" (", 1)[0]), row, 1)
    grid.setRowStretch(len(actions.all()) + 1, 1)
    return grid
