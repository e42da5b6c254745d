"""What only the user knows of a recording: who, under which condition, with consent, and what is saved."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.sessions.header import Details, RecordingOptions
from app.sessions.video_recorder import VideoKind
from app.ui.controls.sheet import Sheet, scrolling

KINDS = (
    (None, "Numbers only"),
    (VideoKind.CLEAN, "Numbers and the picture"),
    (VideoKind.OVERLAY, "Numbers and the picture with its overlay"),
    (VideoKind.BLURRED, "Numbers and the picture with faces blurred"),
)


class DetailsSheet(Sheet):
    """A form in the window that blocks nothing; `options` are read when a recording starts."""

    def __init__(self, markers: str, window: QWidget) -> None:
        """`markers` are the names of the keys 1 to 9, separated by ";"."""
        super().__init__(window, "Details of the recording")
        self.participant, self.condition = QLineEdit(), QLineEdit()
        self.consent = QCheckBox("The person agreed to be recorded")
        self.notes = QPlainTextEdit()
        self.notes.setMaximumHeight(70)
        self.notes.setTabChangesFocus(True)
        self.video = QComboBox()
        self.video.addItems([text for _, text in KINDS])
        self.video.setToolTip("Only faces that are found are blurred: one that is not found stays visible")
        self.participant.textEdited.connect(lambda: self.consent.setChecked(False))  # it was another's
        names = (*(name.strip() for name in markers.split(";")), *[""] * 9)[:9]
        self.name_fields = tuple(QLineEdit(name) for name in names)
        self.close_button = QPushButton("Done")
        self.close_button.setToolTip("Close this; what you entered is kept (Esc)")
        self._page = QWidget()
        form = QFormLayout(self._page)
        form.setContentsMargins(24, 18, 24, 18)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scrolling(self._page))
        form.addRow(QLabel("<h3>The next recording</h3>"))
        for label, field in (
            ("Participant's code", self.participant), ("Condition", self.condition), ("", self.consent),
            ("Notes", self.notes), ("What is saved", self.video), ("Markers", self._markers()),
            ("", self.close_button),
        ):  # fmt: skip
            form.addRow(label, field)
            field.setAccessibleName(label or getattr(field, "text", str)())
        self.hide()

    def options(self) -> RecordingOptions:
        """What is entered now, for the next recording."""
        details = Details(
            self.participant.text().strip(), self.condition.text().strip(),
            self.notes.toPlainText().strip(), self.consent.isChecked(),
        )  # fmt: skip
        return RecordingOptions(details, KINDS[self.video.currentIndex()][0])

    def names(self) -> tuple[str, ...]:
        """What the keys 1 to 9 mark."""
        texts = (field.text().strip() for field in self.name_fields)
        return tuple(text or f"marker {i}" for i, text in enumerate(texts, start=1))

    def marker_names(self) -> str:
        """The names of the keys 1 to 9 as one text, for the settings."""
        return ";".join(field.text().replace(";", ",").strip() for field in self.name_fields).rstrip(";")

    def show_up(self, on: bool) -> None:
        """Shows it with the focus in its first field, or hides it."""
        self.setVisible(on)
        if on:
            self.fit()
            self.raise_()
            self.participant.setFocus()

    def fit(self) -> None:
        """In the middle of the window, never larger than it."""
        room, wanted = self._window.size(), self._page.sizeHint().height() + 2 * self.frameWidth()
        width, height = min(560, room.width() - 16), min(wanted, room.height() - 16)
        self.setGeometry((room.width() - width) // 2, (room.height() - height) // 2, width, height)

    def _markers(self) -> QWidget:
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        for i, field in enumerate(self.name_fields):
            field.setPlaceholderText(f"marker {i + 1}")
            field.setAccessibleName(f"Name of the key {i + 1}")
            field.setMaxLength(40)
            grid.addWidget(QLabel(str(i + 1)), i // 3, 2 * (i % 3))
            grid.addWidget(field, i // 3, 2 * (i % 3) + 1)
        return box
