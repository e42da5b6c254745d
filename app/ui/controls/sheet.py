"""A page over the window that blocks nothing; Tab stays inside it as long as it is open."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


class Sheet(QFrame):
    """The frame of a sheet in `window`: in its middle, never larger than it."""

    def __init__(self, window: QWidget, name: str) -> None:
        """`name` is told to screen readers."""
        super().__init__(window)
        self._window = window
        self.setObjectName("sheet")
        self.setAccessibleName(name)

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802 (Qt's name)
        """Goes to the next or the last of its own fields; after the last one comes the first.

        While it is hidden it has none, and the focus goes wherever Qt wants it.
        """
        fields = self._fields() if self.isVisible() else []
        if not fields:
            return super().focusNextPrevChild(forward)
        at = next((i for i, field in enumerate(fields) if field.hasFocus()), -1 if forward else 0)
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        fields[(at + (1 if forward else -1)) % len(fields)].setFocus(reason)
        return True

    def _fields(self) -> list[QWidget]:
        """What Tab reaches in it, in the order in which it was put together.

        Not by Qt's chain of focus: PySide makes each widget that it gives out a child, in Python, of the one
        that was asked, and when that one is deleted, the other is lost with all that Python keeps of it.
        """
        found: list[QWidget] = []
        for widget in self.findChildren(QWidget):
            reached = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible()
            part = any(other.isAncestorOf(widget) for other in found)  # such as the line in a spin box
            if reached and not part and widget.isEnabled():
                found.append(widget)
        return found


def scrolling(page: QWidget) -> QScrollArea:
    """`page`, which scrolls in windows that are smaller than it."""
    scroll = QScrollArea()
    scroll.setWidget(page)
    scroll.setWidgetResizable(True)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setAccessibleName(page.accessibleName())
    scroll.setStyleSheet("QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }")
    return scroll
