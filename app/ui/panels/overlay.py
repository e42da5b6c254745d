"""What is drawn over a picture: box, eyes, head, the expression's word, the id; in the person's colour."""

from __future__ import annotations

from collections.abc import Callable, Collection

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QTransform

from app.types import Face
from app.ui.controls.view import View
from app.ui.look.fonts import pixels
from app.ui.look.theme import DARK, Theme, accent
from app.ui.look.words import expression_words, sure_words
from app.ui.panels import action_overlay, head_overlay

CORNER = 0.18  # length of a box's corner as a part of its shorter side
# Over a picture the theme is always the dark one, since a picture is neither light nor dark.
THEME = DARK
CHIP = QColor(14, 16, 20, 205)


def paint(
    painter: QPainter, faces: tuple[Face, ...], to_widget: QTransform, view: Collection[View], font: QFont,
    followed: int | None = None, read: Callable[[Face], Face] = lambda face: face,
) -> None:  # fmt: skip
    """Draws over `faces` what `view` names; `to_widget` maps the frame's pixels to the widget's.

    `read` gives each face as it was read last, of which the words are.
    """
    placed = [(face, accent(THEME, face.id), to_widget.mapRect(_box(face))) for face in faces]
    for face, colour, box in placed:
        if View.BOX in view:
            _corners(painter, box, colour, 3 if face.id == followed else 2)
        if View.AXES in view:
            head_overlay.axes(painter, face, to_widget)
        if View.GAZE in view:
            head_overlay.rays(painter, face, to_widget, colour)
        if View.MOVES in view:
            action_overlay.paint(painter, face, to_widget, colour)
        head_overlay.eyes(
            painter, face, to_widget, colour, font, rings=View.EYES in view, lids=View.LIDS in view
        )
    taken: list[QRectF] = []
    part, most = (32, 22.0) if len(faces) == 1 else (44, 16.0)  # one alone has the room for large words
    bold = pixels(font, min(max(painter.viewport().height() / part, 12.0), most), bold=True)
    if View.EXPRESSION in view or View.ID in view:  # over all faces, so that every one can be read
        for face, colour, box in placed:
            _chip(painter, read(face), box, colour, view, bold, taken)


def status_lamp(painter: QPainter, at: QPointF, radius: float, status: str, theme: Theme) -> None:
    """How well a face is seen: a green disc, or an amber triangle, so that colour alone does not tell."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.good if status == "ok" else theme.warning))
    if status == "ok":
        painter.drawEllipse(at, radius, radius)
    else:
        ends = [(0.0, -1.1), (1.15, 0.9), (-1.15, 0.9)]
        painter.drawPolygon([QPointF(at.x() + x * radius, at.y() + y * radius) for x, y in ends])


def _box(face: Face) -> QRectF:
    return QRectF(QPointF(*face.box[:2].tolist()), QPointF(*face.box[2:].tolist()))


def _corners(painter: QPainter, box: QRectF, colour: QColor, width: int) -> None:
    reach = CORNER * min(box.width(), box.height())
    for pen in (QPen(QColor(0, 0, 0, 90), width + 2), QPen(colour, width)):
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        for corner, dx, dy in ((box.topLeft(), 1, 1), (box.topRight(), -1, 1),
                               (box.bottomLeft(), 1, -1), (box.bottomRight(), -1, -1)):  # fmt: skip
            ends = QPointF(corner.x() + dx * reach, corner.y()), QPointF(corner.x(), corner.y() + dy * reach)
            painter.drawPolyline([ends[0], corner, ends[1]])


def _chip(
    painter: QPainter,
    face: Face,
    box: QRectF,
    colour: QColor,
    view: Collection[View],
    bold: QFont,
    taken: list[QRectF],
) -> None:
    """The id on the person's colour, then the word and how sure it is; moved where another chip is."""
    badge = f"{face.id}" if View.ID in view else ""
    word = f"{expression_words(face.smooth.probs)}, {sure_words(face)}" if View.EXPRESSION in view else ""
    metrics = QFontMetricsF(bold)
    pad, height = metrics.height() * 0.35, metrics.height() * 1.3
    room = QRectF(painter.viewport()).adjusted(2, 2, -2, -2)
    badge_width = metrics.horizontalAdvance(badge) + 2 * pad if badge else 0.0
    lamp = metrics.height() * 0.75 if word else 0.0  # room for the light
    most = room.width() - badge_width - lamp - 2 * pad
    if metrics.horizontalAdvance(word) > most:
        word = metrics.elidedText(word, Qt.TextElideMode.ElideRight, most)
    word_width = lamp + metrics.horizontalAdvance(word) + 2 * pad if word else 0.0
    rect = chip_place(box, badge_width + word_width, height, room, taken)
    taken.append(QRectF(rect))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(CHIP)
    painter.drawRoundedRect(rect, 4, 4)
    painter.setFont(bold)
    if badge:
        left = QRectF(rect.left(), rect.top(), badge_width, height)
        painter.setBrush(colour)
        painter.drawRoundedRect(left, 4, 4)
        painter.setPen(QColor(THEME.ground))
        painter.drawText(left, Qt.AlignmentFlag.AlignCenter, badge)
    if word:
        painter.setPen(QColor(THEME.text if face.status == "ok" else THEME.quiet))
        rest = rect.adjusted(badge_width + lamp, 0, 0, 0)
        painter.drawText(rest, Qt.AlignmentFlag.AlignCenter, word)
        status_lamp(
            painter, QPointF(rest.left() - 0.1 * lamp, rect.center().y()), lamp * 0.3, face.status, THEME
        )


def chip_place(box: QRectF, width: float, height: float, room: QRectF, taken: list[QRectF]) -> QRectF:
    """The place of a chip: over its `box`, else under it, else as near as possible, inside `room`."""
    above, step = box.top() - height - 6, height + 2
    rect = QRectF(box.left(), above, width, height)
    rect.moveTop(max(above, room.top()))
    rect.moveLeft(max(room.left(), min(rect.left(), room.right() - width)))
    if not any(rect.intersects(other) for other in taken):
        return rect
    rows = range(1, int(room.height() / step) + 1)
    away = (rect.top() + way * row * step for row in rows for way in (1, -1))
    for top in (box.bottom() + 6, *away):
        other = QRectF(rect.left(), top, width, height)
        if room.contains(other) and not any(other.intersects(chip) for chip in taken):
            return other
    return rect
