"""What is drawn of a head: the centres and lids of its eyes, where they seem to look, where it points."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen, QTransform

from app.stages.eyelids import CLOSED
from app.stages.pose import turned
from app.types import Face, Gaze
from app.ui.look.fonts import pixels
from app.ui.look.opacity import faded
from app.ui.look.theme import AXES

RING = 0.09  # radius of an eye's ring in eye distances
REACH = 1.8  # length in eye distances of a ray that lies in the picture's plane
AXIS = 0.11  # length of an axis as a part of the box's height
DOUBT = 0.4  # strength of a ray while the face's values are in doubt
SHADE = QColor(14, 16, 20)


def eyes(
    painter: QPainter, face: Face, to_widget: QTransform, colour: QColor, font: QFont,
    *, rings: bool, lids: bool,
) -> None:  # fmt: skip
    """A ring and a dot on each centre, fainter where the network doubts it.

    With `lids`, a closed eye is an arc instead, with an L or an R: the person's own left or right.
    """
    for i, (sure, open_) in enumerate(zip(face.eye_confidence.tolist(), face.openness, strict=True)):
        if lids and open_ < CLOSED:
            _lid(painter, face, i, to_widget, colour, font)
        elif rings:
            _ring(painter, face, i, to_widget, faded(colour, 0.35 + 0.65 * sure), 0.35 + 0.65 * sure)


def rays(painter: QPainter, face: Face, to_widget: QTransform, colour: QColor) -> None:
    """From each open eye to where both seem to look, an estimate; fainter the less it can be believed."""
    gaze = face.gaze_smooth
    if gaze is None or not np.isfinite([gaze.yaw, gaze.pitch]).all():
        return
    for i, eye in enumerate(face.smooth.eyes):
        strength = _belief(face, i)
        if strength > 0:
            ends = (to_widget.map(QPointF(*at)) for at in (eye.tolist(), tip(face, i, gaze)))
            line = QLineF(*ends)
            for pen in _pens(colour, strength):
                painter.setPen(pen)
                painter.drawLine(line)


def tip(face: Face, eye: int, gaze: Gaze) -> tuple[float, float]:
    """Where the ray of an eye (0 left, 1 right) ends: x, y in pixels of the frame."""
    yaw, pitch = np.radians([gaze.yaw, gaze.pitch])
    x, y = face.smooth.eyes[eye].tolist()
    length = REACH * _apart(face)
    return x + length * float(np.sin(yaw) * np.cos(pitch)), y - length * float(np.sin(pitch))


def axes(painter: QPainter, face: Face, to_widget: QTransform) -> None:
    """Three short axes beside the face: to the head's left, up, and out of the face, which ends in a dot."""
    box = to_widget.mapRect(QRectF(QPointF(*face.box[:2].tolist()), QPointF(*face.box[2:].tolist())))
    length = float(np.clip(AXIS * box.height(), 10, 40))
    room = 1.15 * length
    view = QRectF(painter.viewport()).adjusted(room + 2, room + 2, -room - 2, -room - 2)
    at = QPointF(
        min(max(box.right() + room + 4, view.left()), view.right()),
        min(max(box.bottom() - room, view.top()), view.bottom()),
    )
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(faded(SHADE, 0.6))
    painter.drawEllipse(at, room, room)
    step, origin = length / _scale(to_widget), to_widget.map(QPointF())
    parts = zip(pointers(face), AXES, (2.0, 2.0, 3.0), strict=True)
    for (x, y, _), colour, width in sorted(parts, key=lambda part: -part[0][2]):  # the farthest first
        end = at + (to_widget.map(QPointF(x, y)) - origin) * step
        painter.setPen(_pen(QColor(colour), width))
        painter.drawLine(at, end)
        if width > 2:
            painter.setBrush(QColor(colour))
            painter.drawEllipse(end, 2.0, 2.0)


def pointers(face: Face) -> list[list[float]]:
    """Unit vectors x, y, z to the head's left, up, and out of the face; z away from the camera."""
    left, down, out = turned(face.pose)
    return [left.tolist(), (-down).tolist(), out.tolist()]


def _ring(
    painter: QPainter, face: Face, eye: int, to_widget: QTransform, colour: QColor, strength: float
) -> None:
    at, radius = to_widget.map(QPointF(*face.smooth.eyes[eye].tolist())), _radius(face, to_widget)
    painter.setPen(QPen(colour, 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(at, radius, radius)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(faded(QColor("white"), strength))
    painter.drawEllipse(at, 1.5, 1.5)


def _lid(painter: QPainter, face: Face, eye: int, to_widget: QTransform, colour: QColor, font: QFont) -> None:
    """As a child draws a sleeping eye, along the line through both eyes."""
    scale, radius = _scale(to_widget), _radius(face, to_widget)
    left, right = face.smooth.eyes.astype(float)
    along = (left - right) / max(1e-6, float(np.hypot(*(left - right))))
    below = np.array([-along[1], along[0]])  # of the face, as y runs down
    middle, reach = face.smooth.eyes[eye].astype(float), 1.6 * radius / scale

    def at(u: float, v: float) -> QPointF:
        return to_widget.map(QPointF(*(middle + reach * (u * along + v * below)).tolist()))

    path = QPainterPath(at(-1, -0.3))
    path.quadTo(at(0, 1.3), at(1, -0.3))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in _pens(colour, 1.0):
        painter.setPen(pen)
        painter.drawPath(path)
    size = min(max(10.0, 1.6 * radius), 22.0)
    outside = (1.2 + 0.7 * size / (scale * reach)) * (1, -1)[eye]
    place = QRectF(0, 0, 2 * size, 2 * size)
    place.moveCenter(at(outside, 0))
    painter.setFont(pixels(font, size, bold=True))
    for shade, shift in ((SHADE, 1.0), (colour, 0.0)):  # its own shadow, so that it is read on any skin
        painter.setPen(shade)
        painter.drawText(place.translated(shift, shift), Qt.AlignmentFlag.AlignCenter, "LR"[eye])


def _belief(face: Face, eye: int) -> float:
    """0..1: how sure the eye's centre is, how far its lid leaves it free, and how well the face is seen."""
    free = (face.openness[eye] - CLOSED) / CLOSED  # full from half open on
    strength = float(face.eye_confidence[eye]) * min(1.0, max(0.0, free))
    return strength if face.status == "ok" else DOUBT * strength


def _pens(colour: QColor, strength: float) -> tuple[QPen, QPen]:
    """One under the other, so that a line is seen on any picture."""
    return _pen(faded(SHADE, 0.5 * strength), 4.5), _pen(faded(colour, strength), 2.5)


def _pen(colour: QColor, width: float) -> QPen:
    return QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)


def _apart(face: Face) -> float:
    return float(np.hypot(*(face.smooth.eyes[0] - face.smooth.eyes[1])))


def _radius(face: Face, to_widget: QTransform) -> float:
    return max(2.5, RING * _apart(face) * _scale(to_widget))


def _scale(to_widget: QTransform) -> float:
    return float(np.hypot(to_widget.m11(), to_widget.m12()))
