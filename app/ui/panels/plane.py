"""The valence-arousal plane: Russell's circumplex with a moving point and a fading trail for each face."""

from __future__ import annotations

import math
from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from app.types import Face
from app.ui.look.fonts import pixels
from app.ui.look.opacity import FAINT, blended, faded
from app.ui.look.theme import Theme, accent
from app.ui.panels import face_outline, plane_labels
from app.ui.panels.burst import Burst
from app.ui.panels.glow import Glows
from app.ui.panels.heat import Heat
from app.ui.panels.plane_labels import LEAST, Label
from app.ui.panels.readings import Readings
from app.ui.panels.spread_points import apart
from app.ui.panels.trails import TRAIL, Trail, Trails

GLOW = 32  # pixels, radius of the picture that a spread is drawn from
POINT, HALO = 0.65, 1.8  # radius of a point and of what shines around it, in parts of the words' height
EDGE = 2  # pixels around a person's word, so that it can be read over anything
CHUNKS = 12  # steps in which a trail fades


class Plane(QWidget):
    """Valence to the right, arousal up, both -1..1; `show_faces` moves the points, `square` says where."""

    def __init__(self, theme: Theme, parent: QWidget | None = None, *, large: bool = False) -> None:
        """`large` is for the stage: words for the back row, and only those that everybody knows."""
        super().__init__(parent)
        self._large = large
        self._theme, self.trails = theme, Trails()
        self.readings = Readings()
        self._wandering: float | None = None  # s, while the point stands for nobody
        self._ground: QPixmap | None = None
        self.labels: tuple[Label, ...] = ()  # made with the ground
        self._name_font = self._number_font = self.font()
        self._glows = Glows()
        self.heat, self.burst = Heat(), Burst()  # of the large plane
        self.followed: int | None = None
        self.badge = QToolButton(self)  # there while values are counted from a baseline
        self.badge.setObjectName("badge")
        self.badge.setText("from baseline \N{MULTIPLICATION SIGN}")
        self.badge.setAccessibleName("Values count from the baseline: press to count from zero again")
        self.badge.setToolTip(
            "Values show the change from each person's neutral face; count from zero again (Shift+L)"
        )
        self.badge.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.badge.move(6, 6)
        self.badge.hide()
        self.setMinimumSize(220, 170)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Valence-arousal plane")
        self.setAccessibleDescription("Right is pleasant, left unpleasant, up excited, down calm.")

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """The size it has where there is room enough, in pixels."""
        return QSize(420, 400)

    def set_theme(self, theme: Theme) -> None:
        """Takes the colours of `theme` from now on."""
        self._theme, self._ground = theme, None
        self._glows.clear()
        self.update()

    def clear(self) -> None:
        """Takes every point and trail away."""
        self.trails.clear()
        self.heat.clear()
        self._wandering = None
        self.badge.hide()
        self.update()

    def show_faces(self, faces: Iterable[Face], time: float) -> None:
        """Adds the faces at `time` (s, of the source); an earlier time than before clears the trails."""
        seen = tuple(faces)
        self.trails.add(seen, time, self.readings.of)
        if self._large:
            self.heat.add(seen, time)
        self.badge.setVisible(any(face.baseline is not None for face in seen))
        self.update()

    def read_again(self, faces: Iterable[Face]) -> None:
        """Only the words of `faces` change, to what is read now."""
        self.trails.read_again(faces, self.readings.of)
        self.update()

    def wander(self, now: float) -> None:
        """Moves a point slowly round, in place of a face; `now` in s."""
        self.trails.wander(now)
        self._wandering = now
        self.update()

    def trail(self, face_id: int) -> tuple[tuple[float, float, float], ...]:
        """The samples of a face that are shown: time, valence, arousal, oldest first."""
        return tuple(self.trails.by_face[face_id].samples) if face_id in self.trails.by_face else ()

    def words(self, names: list[tuple[int, QRectF]]) -> list[Label]:
        """The words of the plane itself that are shown: those that `names` neither cover nor say."""
        said = {self.trails.by_face[face_id].word for face_id, _ in names}
        free = [label for label in self.labels if label.word not in said]
        return [label for label in free if not any(label.box.intersects(at) for _, at in names)]

    def square(self) -> QRectF:
        """The square -1..1 in widget pixels, with room around it for a point on its edge."""
        side = max(40.0, min(self.width(), self.height()) - 2 * self.word_height())
        return QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)

    def position(self, valence: float, arousal: float) -> QPointF:
        """The place of a pair in widget pixels: (1, 0) is the middle of the square's right edge."""
        square = self.square()
        return QPointF(square.center().x() + valence * square.width() / 2,
                       square.center().y() - arousal * square.height() / 2)  # fmt: skip

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paints spreads and trails, then words, then points and names."""
        ground = self._prepare()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, ground)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._large:
            self.heat.paint(painter, self.square(), QColor(self._theme.focus))
        order = sorted(self.trails.by_face, key=lambda i: i == self.followed)  # the followed one on top
        for face_id in order:
            self._paint_spread(painter, face_id, self.trails.by_face[face_id])
            self._paint_trail(painter, face_id, self.trails.by_face[face_id])
        if self._wandering is not None:
            face_outline.paint(painter, self.square(), accent(self._theme, 1), self._wandering)
        names, places = self.names(), self.places()
        self._paint_words(painter, names)  # over the trails, which would wipe them out
        for face_id in order:
            self._paint_halo(painter, face_id, self.trails.by_face[face_id], places[face_id])
        for face_id in order:  # all points over all trails and halos
            self._paint_point(painter, face_id, self.trails.by_face[face_id], places[face_id])
        painter.setFont(self._name_font)
        for face_id, place in names:
            self._paint_name(painter, place, face_id)
        if self.burst.goes_on(self.trails.now):
            reach = 6 * self.word_height()
            for face_id, at in places.items():
                self.burst.paint(painter, at, reach, accent(self._theme, face_id), self.trails.now)
        painter.end()

    def word_height(self) -> float:
        """Of the words, in pixels: they grow with the plane, for the back row."""
        side = min(self.width(), self.height())
        return max(side / 20, 14.0) if self._large else min(max(side / 30, LEAST), 34.0)

    def _prepare(self) -> QPixmap:
        """The background, in the size of the widget."""
        ratio = self.devicePixelRatioF()
        if self._ground is None or self._ground.size() != self.size() * ratio:
            words = self.word_height()
            self._name_font = pixels(self.font(), words * 1.15, bold=True)
            self._number_font = pixels(self.font(), words * 0.85, bold=True)
            self._glows.clear()
            self.labels = plane_labels.own(self.square(), self.font(), words, large=self._large)
            self._ground = self._paint_ground(ratio)
        return self._ground

    def _paint_ground(self, ratio: float) -> QPixmap:
        pixmap = QPixmap(self.size() * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(QColor(self._theme.panel))
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        square, line = self.square(), QColor(self._theme.line)
        painter.setPen(QPen(line, 1))
        painter.drawLine(self.position(-1, 0), self.position(1, 0))
        painter.drawLine(self.position(0, -1), self.position(0, 1))
        for radius in (0.5, 1.0):
            painter.setPen(QPen(faded(line, 0.6 if radius < 1 else 1.0), 1 if radius < 1 else 1.5))
            painter.drawEllipse(square.center(), radius * square.width() / 2, radius * square.height() / 2)
        for label in self.labels:  # no line runs through a word
            painter.fillRect(label.box, QColor(self._theme.panel))
        painter.end()
        return pixmap

    def _paint_words(self, painter: QPainter, names: list[tuple[int, QRectF]]) -> None:
        quiet = QColor(self._theme.quiet)
        faint = faded(quiet, FAINT)
        for label in self.words(names):
            painter.setFont(label.font)
            painter.setPen(faint if label.faint else quiet)
            painter.drawText(label.at, label.word)

    def _paint_trail(self, painter: QPainter, face_id: int, trail: Trail) -> None:
        colour, size = accent(self._theme, face_id), self.word_height()
        presence = trail.presence(self.trails.now)
        square = self.square()
        x, y, half = square.center().x(), square.center().y(), square.width() / 2
        points = [QPointF(x + half * valence, y - half * arousal) for _, valence, arousal in trail.samples]
        length = math.ceil(len(points) / CHUNKS)
        for start in range(0, len(points) - 1, length):
            chunk = points[start : start + length + 1]
            age = (self.trails.now - trail.samples[min(start + length, len(points) - 1)][0]) / TRAIL
            strength = 0.75 * presence * (1 - age) ** 1.5
            pen = QPen(blended(colour, self._theme.panel, strength), size * (0.35 - 0.2 * age))
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            painter.drawPolyline(QPolygonF(chunk))

    def _paint_spread(self, painter: QPainter, face_id: int, trail: Trail) -> None:
        """A soft ellipse round the point: where it might as well be, by one standard deviation each way."""
        long, short, angle = trail.spread
        half = self.square().width() / 2
        if long * half < 1.5 * self.word_height():  # hidden by the point's own halo
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # its edge is transparent anyway
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setOpacity(trail.presence(self.trails.now))
        painter.translate(self.position(*trail.point))
        painter.rotate(-angle)  # arousal goes up, the widget's y down
        painter.scale(long * half, max(short * half, self.word_height()))
        colour = accent(self._theme, face_id)
        glow = self._glows.disc(colour, GLOW, (0.0, 0.34), (0.7, 0.22), (1.0, 0.0))
        painter.drawImage(QRectF(-1, -1, 2, 2), glow)
        painter.restore()

    def places(self) -> dict[int, QPointF]:
        """Where each person's point is painted, in widget pixels: those on one spot stand side by side."""
        exact = {id: self.position(*trail.point) for id, trail in self.trails.by_face.items()}
        return apart(exact, 2.1 * POINT * self.word_height())

    def _paint_halo(self, painter: QPainter, face_id: int, trail: Trail, at: QPointF) -> None:
        """What shines around a point, and where it is moved aside a line to where it really is."""
        presence, ratio = trail.presence(self.trails.now), self.devicePixelRatioF()
        exact = self.position(*trail.point)
        colour, size = accent(self._theme, face_id), self.word_height()
        halo = self._glows.disc(colour, math.ceil(HALO * size * ratio), (0.0, 0.55), (1.0, 0.0))
        reach = halo.width() / ratio / 2
        painter.setOpacity(presence)
        painter.drawImage(QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach), halo)
        if (at - exact).manhattanLength() > 1.0:
            painter.setPen(QPen(colour, 1.5))
            painter.drawLine(at, exact)
        painter.setOpacity(1.0)

    def _paint_point(self, painter: QPainter, face_id: int, trail: Trail, at: QPointF) -> None:
        presence, size = trail.presence(self.trails.now), self.word_height()
        painter.setOpacity(presence)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(accent(self._theme, face_id))
        painter.drawEllipse(at, size * POINT, size * POINT)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setOpacity(1.0)
        if len(self.trails.by_face) > 1:  # the number too: colour alone must not tell two people apart
            painter.setFont(self._number_font)
            painter.setPen(faded(QColor(self._theme.panel), presence))
            _write(painter, at, str(face_id), 0.5, 0.5)

    def names(self) -> list[tuple[int, QRectF]]:
        """The place of each person's word that has room, in widget pixels, the followed one first."""
        self._prepare()
        metrics, reach = QFontMetricsF(self._name_font), 1.1 * self.word_height()
        result = list[tuple[int, QRectF]]()
        points = self.places()
        taken = [self.point_box(at) for at in points.values()]
        for face_id in sorted(self.trails.by_face, key=lambda i: i != self.followed):
            trail = self.trails.by_face[face_id]
            size = QSizeF(metrics.horizontalAdvance(trail.word) + 2 * EDGE, metrics.height() + 2 * EDGE)
            places = plane_labels.sides(points[face_id], size, reach, self.width())
            trail.side = plane_labels.choose(places, trail.side, QRectF(self.rect()), taken, self.labels)
            if face_id != self.followed and any(places[trail.side].intersects(other) for other in taken):
                continue  # in a crowd the number on the point must do
            result.append((face_id, places[trail.side]))
            taken.append(places[trail.side])
        return result

    def point_box(self, at: QPointF) -> QRectF:
        """The square around a point."""
        radius = POINT * self.word_height()
        return QRectF(at.x() - radius, at.y() - radius, 2 * radius, 2 * radius)

    def _paint_name(self, painter: QPainter, place: QRectF, face_id: int) -> None:
        """Paints the name with an edge, so that it can be read over other words."""
        trail = self.trails.by_face[face_id]
        word, presence = trail.word, trail.presence(self.trails.now)
        painter.setPen(faded(QColor(self._theme.panel), 0.7 * presence))
        for dx, dy in ((-EDGE, 0), (EDGE, 0), (0, -EDGE), (0, EDGE)):
            painter.drawText(place.translated(dx, dy), Qt.AlignmentFlag.AlignCenter, word)
        painter.setPen(faded(accent(self._theme, face_id), presence))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, word)


def _write(painter: QPainter, at: QPointF, word: str, right: float, down: float) -> None:
    """`word` with the point `at` at the fraction (right, down) of its own box."""
    metrics = painter.fontMetrics()
    x = at.x() - right * metrics.horizontalAdvance(word)
    painter.drawText(QPointF(x, at.y() - down * metrics.height() + metrics.ascent()), word)
