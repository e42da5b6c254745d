"""Large words over the picture for a moment: what was just marked, what is counted down."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QLabel, QWidget

from app.ui.look.fonts import pixels

SHOWN = 1600  # ms


class Banner(QLabel):
    """In the lower part of `over`, whose size it follows; the newest words replace those before."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.over = over
        self.setObjectName("banner")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setStyleSheet(
            "QLabel#banner { color: white; background: rgba(14, 16, 20, 205); border-radius: 8px; }"
        )
        self._hiding = QTimer(self)
        self._hiding.setSingleShot(True)
        self._hiding.timeout.connect(self.hide)
        over.installEventFilter(self)
        self.hide()

    def say(self, text: str) -> None:
        """Shows `text`, in place of the words before, for SHOWN ms."""
        self.setText(text)
        self.setAccessibleName(text)
        self._fit()
        self.show()
        self.raise_()
        self._hiding.start(SHOWN)

    def move_over(self, over: QWidget) -> None:
        """Shows its words over this widget from now on."""
        self.over.removeEventFilter(self)
        self.over = over
        self.setParent(over)
        over.installEventFilter(self)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Keeps its place when what is below it changes its size."""
        if event.type() == QEvent.Type.Resize:
            self._fit()
        return False

    def _fit(self) -> None:
        room = self.over.rect().adjusted(8, 8, -8, -8)
        self.setFont(pixels(self.font(), max(14.0, min(room.height() * 0.09, 46.0))))
        wanted = self.fontMetrics().horizontalAdvance(self.text()) + 40
        if wanted > room.width():  # smaller words rather than words without their ends
            self.setFont(
                pixels(self.font(), self.font().pixelSize() * (room.width() - 40) / (wanted - 40) - 0.5)
            )
            wanted = self.fontMetrics().horizontalAdvance(self.text()) + 40
        width, height = min(wanted, room.width()), int(self.fontMetrics().height() * 1.5)
        top = room.bottom() - room.height() // 9 - height
        self.setGeometry(room.center().x() - width // 2, top, width, height)
