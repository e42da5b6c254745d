"""Marks over a face where it moves: a ring at the place of each action, larger the stronger it is."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTransform

from app.stages.actions.names import ACTIONS
from app.stages.actions.points import opposite
from app.types import Face
from app.ui.look.opacity import faded

LEAST = 0.15  # of an action: below, nothing is drawn
RADIUS = 0.035  # of the face's width, of a disc of full strength
# Where each action is seen: a landmark of the right half, or of the middle.
PLACES = {
    "au1": 107, "au2": 70, "au4": 52, "au5": 159, "au6": 50, "au9": 197, "au10": 40, "au12": 61, "au14": 216,
    "au15": 91, "au17": 199, "au20": 17, "au24": 0, "au25": 13, "au26": 152, "au43": 145,
}  # fmt: skip
_SHADE = QColor(14, 16, 20)


def place(name: str) -> int:
    """The landmark at which the value `name` of ACTIONS is marked."""
    action, _, side = name.partition("_")
    return opposite(PLACES[action]) if side == "left" else PLACES[action]


def paint(painter: QPainter, face: Face, to_widget: QTransform, colour: QColor) -> None:
    """Draws the marks of `face`; none where its actions or landmarks are not known, as in a replay."""
    if face.actions is None or not face.landmarks.any():
        return
    width = to_widget.mapRect(QRectF(0, 0, float(face.box[2] - face.box[0]), 1.0)).width()
    for name, value in zip(ACTIONS, face.actions.shown.tolist(), strict=True):
        if not value >= LEAST:  # NaN is not known
            continue
        x, y = face.landmarks[place(name), :2].tolist()
        at, radius = to_widget.map(QPointF(x, y)), max(2.0, RADIUS * width * value**0.5)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen_colour, pen_width in ((faded(_SHADE, 0.5 * value), 3.5), (faded(colour, value), 2.0)):
            painter.setPen(QPen(pen_colour, pen_width))
            painter.drawEllipse(at, radius, radius)
