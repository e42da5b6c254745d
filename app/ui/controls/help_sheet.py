"""The help sheet: all keys, and what the numbers mean. It is shown in the window and blocks nothing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QHideEvent, QKeySequence
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from app import __version__
from app.system import paths
from app.ui.controls.actions import SECTIONS, Actions
from app.ui.controls.sheet import Sheet, scrolling
from app.ui.look.theme import Theme

MEANING = """
<p><b>Valence</b> runs from &minus;1, unpleasant, to +1, pleasant. <b>Arousal</b> runs from &minus;1, calm,
to +1, excited. The point in the plane is what a face shows now; its trail is the last five seconds.</p>
<p><b>Expressions</b> are eight probabilities that add up to 100 %. The highest says how sure Mien is.
Where none reaches 50 %, Mien names two and says that it is not sure.</p>
<p>All of this is an estimate of what a face <b>shows</b>, not of what a person feels. The network was trained
on pictures, each of which ten people had voted on. Its valence and arousal were trained on ratings of some of
these pictures, and of others, by a vision-language model, not by people: they are one rater's view.</p>
<p><b>Why</b> (F2) freezes the picture: orange parts of the face speak for the expression, blue parts
against it, grey parts say nothing. F3 compares it with the second expression, on the same scale.</p>
<p><b>Gaze</b> is estimated from the head and the eye centres, to within several degrees. <b>Head</b> is its
yaw, pitch and roll. An eye counts as closed below a quarter of its usual opening.</p>
<p><b>Latency</b> is the time from a frame's capture to its paint: the median, then the 95th percentile of the
last five seconds. <b>Dropped</b> counts frames of a camera that were skipped because newer frames had
arrived.</p>
<p>Left and right are the person's own. Nothing leaves this computer.</p>
"""


ABOUT = f"""
<h3>About</h3>
<p>Mien {__version__}, Apache License 2.0.
<a href="licences" style="color: {{link}}">Licences of the libraries in it</a></p>
"""
PAGES = (
    ("Keys", "What each key does"),
    ("Keys for recordings", "What each key does with recordings and in a study"),
    ("What the numbers mean", "What is shown, what it says about a face, and the licences"),
)
KEPT = ("Study", "Recordings")  # sections of the second page
WIDEST, EDGE = 980, 16  # pixels
ONE_LINE = 66  # letters of a tip that a column has room for in one line, about
FROM_SOURCE = (
    "This Mien uses the libraries of its Python environment, and each brings its own licence text there. The "
    "packaged program, which brings the libraries along, shows every text in this place."
)


class HelpSheet(Sheet):
    """Three pages, each of which a window of 1024 x 640 shows whole, and the texts of the licences."""

    def __init__(self, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent, "Keys, and what the numbers mean")
        self._meaning = meaning = QLabel()
        flags = Qt.TextInteractionFlag
        meaning.setTextInteractionFlags(flags.LinksAccessibleByMouse | flags.LinksAccessibleByKeyboard)
        meaning.linkActivated.connect(self._show_licences)
        meaning.setWordWrap(True)
        meaning.setAccessibleName("What the numbers mean")
        meaning.setAlignment(Qt.AlignmentFlag.AlignTop)
        first = [title for title in SECTIONS if title not in KEPT]
        self._shown = (_keys(actions, first, PAGES[0][0]), _keys(actions, KEPT, PAGES[1][0]), meaning)
        self._pages, self._tabs, self._row = QStackedLayout(), QButtonGroup(self), QHBoxLayout()
        for number, (name, tip) in enumerate(PAGES):
            self._pages.addWidget(scrolling(self._shown[number]))
            tab = QPushButton(name)
            tab.setCheckable(True)
            tab.setProperty("toggle", "true")
            tab.setToolTip(tip)
            self._tabs.addButton(tab, number)
            self._row.addWidget(tab)
        self._row.addStretch(1)
        self._tabs.idClicked.connect(self._pages.setCurrentIndex)
        self._tabs.button(0).setChecked(True)
        self.setFocusProxy(self._tabs.button(0))  # the arrow keys go from one to the other
        layout = QVBoxLayout(self)
        layout.setContentsMargins(EDGE, EDGE, EDGE, EDGE)
        layout.setSpacing(EDGE)
        layout.addLayout(self._row)
        layout.addLayout(self._pages)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Takes the colours of `theme` from now on."""
        about = ABOUT.format(link=theme.focus)  # a label keeps the colour that links had when it was made
        self._meaning.setText(f"{MEANING}{about}")

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 (Qt's name)
        """Begins with the keys the next time."""
        self._pages.setCurrentIndex(0)
        self._tabs.button(0).setChecked(True)
        super().hideEvent(event)

    def _show_licences(self) -> None:
        """The texts, in the sheet's place until it is closed or another page is chosen."""
        if self._pages.count() == len(PAGES):
            file = paths.licences()
            text = QPlainTextEdit(file.read_text("utf-8") if file.exists() else FROM_SOURCE)
            text.setReadOnly(True)
            text.setAccessibleName("Licences")
            self._pages.addWidget(text)
        self._pages.setCurrentIndex(len(PAGES))

    def fit(self) -> None:
        """In the middle of the window, never larger than it; as tall as its tallest page."""
        room = self._window.size()
        width = min(WIDEST, room.width() - 32)
        frame = 2 * self.frameWidth()
        tallest = max(page.heightForWidth(width - 2 * EDGE - frame) for page in self._shown)
        height = min(tallest + self._row.sizeHint().height() + 3 * EDGE + frame, room.height() - 32)
        self.setGeometry((room.width() - width) // 2, (room.height() - height) // 2, width, height)


def _keys(actions: Actions, titles: Sequence[str], name: str) -> QWidget:
    """Sections of the table of actions, in two columns of about the same length, as the page `name`."""
    page = QWidget()
    page.setAccessibleName(name)
    columns = QHBoxLayout(page)
    columns.setContentsMargins(0, 0, 0, 0)
    columns.setSpacing(24)
    rows = [(title, entry) for title in titles for entry in SECTIONS[title]]
    lines = [2 if len(actions.named(name).toolTip()) > ONE_LINE else 1 for _, name in rows]
    split = min(range(len(rows)), key=lambda i: max(sum(lines[:i]), sum(lines[i:])))
    for some in (rows[:split], rows[split:]):
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(1)
        written = ""
        for title, name in some:  # a section that goes on in the second column has its title there, too
            if title != written:
                written, heading = title, QLabel(f"<b>{title}</b>")
                heading.setContentsMargins(0, 3, 0, 0)
                grid.addWidget(heading, grid.rowCount(), 0, 1, 2)
            _add_key(grid, actions.named(name))
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(grid.rowCount(), 1)
        columns.addLayout(grid, 1)
    return page


def _add_key(grid: QGridLayout, action: QAction) -> None:
    keys = (key.toString(QKeySequence.SequenceFormat.NativeText) for key in action.shortcuts())
    key, tip = QLabel(f"<b>{' or '.join(keys)}</b>"), QLabel(action.toolTip().rsplit(" (", 1)[0])
    key.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
    tip.setAlignment(Qt.AlignmentFlag.AlignTop)
    tip.setWordWrap(True)
    row = grid.rowCount()
    grid.addWidget(key, row, 0)
    grid.addWidget(tip, row, 1)
