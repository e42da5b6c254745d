"""What a widget writes by painting: each text with the place of its ink."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QWidget

SHADOW = 4.5  # pixels by which the same text may be painted again, as its own edge


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    ink: QRectF
    device: Any  # what it was painted on; `ink` counts from there
    direct: bool  # on the widget itself

    def shadows(self, other: Text) -> bool:
        apart = self.ink.topLeft() - other.ink.topLeft()
        return self.text == other.text and max(abs(apart.x()), abs(apart.y())) <= SHADOW


def painted(widget: QWidget, monkeypatch: Any) -> list[Text]:
    """Every text that is painted when `widget` is."""
    texts: list[Text] = []
    write: Callable[..., None] = QPainter.drawText

    def note(painter: QPainter, *arguments: Any) -> None:
        place = arguments[0]
        metrics = QFontMetricsF(painter.font())
        if isinstance(place, QPoint | QPointF):
            text, start = arguments[1], QPointF(place)
        elif isinstance(place, QRect | QRectF):
            text = arguments[2]
            taken = painter.boundingRect(QRectF(place), int(arguments[1]), text)
            start = QPointF(taken.left(), taken.top() + metrics.ascent())
        ink = metrics.tightBoundingRect(text).translated(start)
        device = painter.device()
        texts.append(Text(text, painter.worldTransform().mapRect(ink), device, isinstance(device, QWidget)))
        write(painter, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(QPainter, "drawText", note)
        widget.grab()
    return [text for text in texts if text.text.strip()]


def collisions(texts: list[Text]) -> list[tuple[str, str]]:
    """Pairs of texts on the same device that lie on each other."""
    return [
        (one.text, other.text)
        for one, other in combinations(texts, 2)
        if one.device is other.device and not one.shadows(other) and one.ink.intersects(other.ink)
    ]


def cut_off(texts: list[Text], room: QRectF) -> list[str]:
    """Texts whose ink leaves `room`, a widget's own rectangle."""
    return [text.text for text in texts if text.direct and not room.adjusted(-1, -1, 1, 1).contains(text.ink)]
