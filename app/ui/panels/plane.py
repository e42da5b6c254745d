"""The valence-arousal plane: Russell's circumplex with a moving point and a fading trail for each face."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QImage,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QRadialGradient,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.stages.circumplex import spread
from app.types import Face
from app.ui.look.colours import FAINT, blended, faded
from app.ui.look.fade import Fade
from app.ui.look.fonts import pixels
from app.ui.look.theme import Theme, accent
from app.ui.look.words import expression_words
from app.ui.panels import plane_labels
from app.ui.panels.plane_labels import LEAST, QUARTERS, Label

TRAIL = 5.0  # s that a trail lasts
FADE = 1.0  # s in which the point of a face that left fades away
DOUBT = 0.4  # presence of a face whose values are in doubt
STEP, PAUSE = 0.06, 0.24  # s between a trail's samples: closer ones cost time and show nothing; at rest
NEAR = 0.005  # in valence and arousal: less than a pixel, and so at rest
GLOW = 32  # pixels, radius of the picture that a spread is drawn from
POINT, HALO = 0.65, 1.8  # radius of a point and of what shines around it, in parts of the words' height
EDGE = 2  # pixels around a person's word, so that it stands out from what lies below
CHUNKS = 12  # steps in which a trail fades


@dataclass(slots=True)
class Trail:
    word: str = ""
    side: int = 0  # of the point, where its word stands: see `plane_labels.sides`
    presence: Fade = field(default_factory=Fade)  # 1, or less while the values are in doubt
    spread: tuple[float, float, float] = (0.0, 0.0, 0.0)  # see `_ellipse`
    samples: deque[tuple[float, float, float]] = field(default_factory=deque)  # time, valence, arousal


class Plane(QWidget):
    """Valence to the right, arousal up, both -1..1; `show_faces` moves the points, `square` says where."""

    def __init__(self, theme: Theme, parent: QWidget | None = None, *, large: bool = False) -> None:
        """`large` is for the stage: words for the back row, and only those that everybody knows."""
        super().__init__(parent)
        self._large = large
        self._theme, self._trails, self._now = theme, dict[int, Trail](), 0.0
        self._ground: QPixmap | None = None
        self._labels: tuple[Label, ...] = ()  # made with the ground
        self._name_font = self._number_font = self.font()
        self._glows: dict[tuple[int, int], QImage] = {}  # by colour and radius
        self.followed: int | None = None
        self.setMinimumSize(220, 170)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Valence-arousal plane")
        self.setAccessibleDescription("Right is pleasant, left unpleasant, up excited, down calm.")

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        return QSize(420, 400)

    def set_theme(self, theme: Theme) -> None:
        self._theme, self._ground = theme, None
        self._glows.clear()
        self.update()

    def clear(self) -> None:
        self._trails.clear()
        self._now = 0.0
        self.update()

    def show_faces(self, faces: Iterable[Face], time: float) -> None:
        """Adds the moment `time` (s, of the source); a time that runs back starts the trails anew."""
        if time < self._now:
            self._trails.clear()
        self._now = time
        for face in faces:
            signals = face.shown
            trail = self._trails.setdefault(face.id, Trail())
            if len(trail.samples) > 1 and _spare(trail.samples[-2], trail.samples[-1], time):
                trail.samples.pop()
            valence, arousal = (max(-1.0, min(v, 1.0)) for v in (signals.valence, signals.arousal))
            trail.samples.append((time, valence, arousal))
            trail.word, trail.spread = expression_words(signals.probs), _ellipse(spread(signals.probs))
            trail.presence.to(1.0 if face.status == "ok" else DOUBT, time)
        for face_id, trail in list(self._trails.items()):
            while trail.samples and trail.samples[0][0] < time - TRAIL:
                trail.samples.popleft()
            if not trail.samples or trail.samples[-1][0] < time - FADE:
                del self._trails[face_id]
        self.update()

    def wander(self, now: float) -> None:
        """Instead of a face, a point that goes slowly round by itself; `now` in s."""
        x = 0.62 * math.sin(now * 0.41) * (0.8 + 0.2 * math.sin(now * 0.17))
        y = 0.62 * math.cos(now * 0.29)
        trail = self._trails.setdefault(1, Trail())
        if not trail.samples or now - trail.samples[-1][0] >= STEP:
            trail.samples.append((now, x, y))
        while trail.samples[0][0] < now - TRAIL:
            trail.samples.popleft()
        trail.word = next(word for word, sx, sy in QUARTERS if sx * x >= 0 and sy * y >= 0)
        self._now = now
        self.update()

    def trail(self, face_id: int) -> tuple[tuple[float, float, float], ...]:
        """The samples of a face that are shown: time, valence, arousal, oldest first."""
        return tuple(self._trails[face_id].samples) if face_id in self._trails else ()

    def words(self, names: list[tuple[int, QRectF]]) -> list[Label]:
        """The words of the plane itself that are shown: those that `names` neither cover nor say."""
        said = {self._trails[face_id].word for face_id, _ in names}
        free = [label for label in self._labels if label.word not in said]
        return [label for label in free if not any(label.box.intersects(at) for _, at in names)]

    def square(self) -> QRectF:
        """The square -1..1 in widget pixels, with room around it for a point on its edge."""
        side = max(40.0, min(self.width(), self.height()) - 2 * self._words())
        return QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)

    def position(self, valence: float, arousal: float) -> QPointF:
        """Where a pair lies in widget pixels: (1, 0) is the middle of the square's right edge."""
        square = self.square()
        return QPointF(square.center().x() + valence * square.width() / 2,
                       square.center().y() - arousal * square.height() / 2)  # fmt: skip

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        ground = self._prepare()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, ground)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        order = sorted(self._trails, key=lambda i: i == self.followed)  # the followed one on top
        for face_id in order:
            self._paint_spread(painter, face_id, self._trails[face_id])
            self._paint_trail(painter, face_id, self._trails[face_id])
        names = self.names()
        self._paint_words(painter, names)  # over the trails, which would wipe them out
        for face_id in order:  # all points over all trails
            self._paint_point(painter, face_id, self._trails[face_id])
        painter.setFont(self._name_font)
        for face_id, place in names:
            self._paint_name(painter, place, face_id)
        painter.end()

    def _words(self) -> float:
        """Height of the words in pixels: they grow with the plane, for the back row."""
        side = min(self.width(), self.height())
        return max(side / 20, 14.0) if self._large else min(max(side / 30, LEAST), 34.0)

    def _prepare(self) -> QPixmap:
        """What lies below everything that moves, in the size of now."""
        ratio = self.devicePixelRatioF()
        if self._ground is None or self._ground.size() != self.size() * ratio:
            words = self._words()
            self._name_font = pixels(self.font(), words * 1.15, bold=True)
            self._number_font = pixels(self.font(), words * 0.85, bold=True)
            self._glows.clear()
            self._labels = plane_labels.own(self.square(), self.font(), words, large=self._large)
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
        for label in self._labels:  # no line runs through a word
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
        colour, size = accent(self._theme, face_id), self._words()
        presence = self._presence(trail)
        square = self.square()
        x, y, half = square.center().x(), square.center().y(), square.width() / 2
        points = [QPointF(x + half * valence, y - half * arousal) for _, valence, arousal in trail.samples]
        length = math.ceil(len(points) / CHUNKS)
        for start in range(0, len(points) - 1, length):
            chunk = points[start : start + length + 1]
            age = (self._now - trail.samples[min(start + length, len(points) - 1)][0]) / TRAIL
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
        if long * half < 1.5 * self._words():  # hidden by the point's own halo
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # its edge is transparent anyway
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setOpacity(self._presence(trail))
        painter.translate(self.position(*trail.samples[-1][1:]))
        painter.rotate(-angle)  # arousal goes up, the widget's y down
        painter.scale(long * half, max(short * half, self._words()))
        colour = accent(self._theme, face_id)
        glow = self._glow(colour, GLOW, (0.0, 0.34), (0.7, 0.22), (1.0, 0.0))
        painter.drawImage(QRectF(-1, -1, 2, 2), glow)
        painter.restore()

    def _glow(self, colour: QColor, radius: int, *stops: tuple[float, float]) -> QImage:
        """A disc in `colour`, as strong as `stops` say from its middle to its edge.

        Kept, since to draw a picture costs a small part of what a gradient does, for which Qt wakes threads.
        """
        key = colour.rgb(), radius
        if key not in self._glows:
            soft = QRadialGradient(QPointF(radius, radius), radius)
            for at, strength in stops:
                soft.setColorAt(at, faded(colour, strength))
            image = QImage(2 * radius, 2 * radius, QImage.Format.Format_ARGB32_Premultiplied)
            image.fill(Qt.GlobalColor.transparent)
            painter = QPainter(image)
            painter.fillRect(image.rect(), soft)
            painter.end()
            self._glows[key] = image
        return self._glows[key]

    def _paint_point(self, painter: QPainter, face_id: int, trail: Trail) -> None:
        presence, size, at = self._presence(trail), self._words(), self.position(*trail.samples[-1][1:])
        self._paint_dot(painter, at, accent(self._theme, face_id), presence, size)
        if len(self._trails) > 1:  # the number too: colour alone must not tell two people apart
            painter.setFont(self._number_font)
            painter.setPen(faded(QColor(self._theme.panel), presence))
            _write(painter, at, str(face_id), 0.5, 0.5)

    def _paint_dot(
        self, painter: QPainter, at: QPointF, colour: QColor, presence: float, size: float
    ) -> None:
        ratio = self.devicePixelRatioF()
        halo = self._glow(colour, math.ceil(HALO * size * ratio), (0.0, 0.55), (1.0, 0.0))
        reach = halo.width() / ratio / 2
        painter.setOpacity(presence)
        painter.drawImage(QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach), halo)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawEllipse(at, size * POINT, size * POINT)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setOpacity(1.0)

    def names(self) -> list[tuple[int, QRectF]]:
        """Where each person's word stands, the followed one first."""
        self._prepare()
        metrics, reach = QFontMetricsF(self._name_font), 1.1 * self._words()
        result = list[tuple[int, QRectF]]()
        taken = [self._point(trail) for trail in self._trails.values()]
        for face_id in sorted(self._trails, key=lambda i: i != self.followed):
            trail = self._trails[face_id]
            size = QSizeF(metrics.horizontalAdvance(trail.word) + 2 * EDGE, metrics.height() + 2 * EDGE)
            places = plane_labels.sides(self.position(*trail.samples[-1][1:]), size, reach, self.width())
            trail.side = plane_labels.choose(places, trail.side, QRectF(self.rect()), taken, self._labels)
            result.append((face_id, places[trail.side]))
            taken.append(places[trail.side])
        return result

    def _point(self, trail: Trail) -> QRectF:
        """The square around a face's point."""
        at, radius = self.position(*trail.samples[-1][1:]), POINT * self._words()
        return QRectF(at.x() - radius, at.y() - radius, 2 * radius, 2 * radius)

    def _paint_name(self, painter: QPainter, place: QRectF, face_id: int) -> None:
        """With an edge, so that it stands out from the words below."""
        trail = self._trails[face_id]
        word, presence = trail.word, self._presence(trail)
        painter.setPen(faded(QColor(self._theme.panel), 0.7 * presence))
        for dx, dy in ((-EDGE, 0), (EDGE, 0), (0, -EDGE), (0, EDGE)):
            painter.drawText(place.translated(dx, dy), Qt.AlignmentFlag.AlignCenter, word)
        painter.setPen(faded(accent(self._theme, face_id), presence))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, word)

    def _presence(self, trail: Trail) -> float:
        """1 while the face is in sight, fading to 0 when it has left; less while its values are in doubt."""
        return trail.presence.value * (1.0 - (self._now - trail.samples[-1][0]) / FADE)


def _spare(
    before: tuple[float, float, float], last: tuple[float, float, float], time: float
) -> bool:  # fmt: skip
    """Whether a trail looks the same without its `last` sample, now that there is one of `time`."""
    rests = abs(last[1] - before[1]) < NEAR and abs(last[2] - before[2]) < NEAR
    return time - before[0] < (PAUSE if rests else STEP)


def _ellipse(covariance: np.ndarray) -> tuple[float, float, float]:
    """Of a (2, 2) covariance: the longer and the shorter standard deviation, and the longer one's degrees."""
    (a, b), (_, d) = covariance.tolist()
    middle, apart = (a + d) / 2, math.hypot((a - d) / 2, b)
    longer, shorter = math.sqrt(max(middle + apart, 0.0)), math.sqrt(max(middle - apart, 0.0))
    return longer, shorter, math.degrees(math.atan2(2 * b, a - d)) / 2


def _write(painter: QPainter, at: QPointF, word: str, right: float, down: float) -> None:
    """`word` with the point `at` at the fraction (right, down) of its own box."""
    metrics = painter.fontMetrics()
    x = at.x() - right * metrics.horizontalAdvance(word)
    painter.drawText(QPointF(x, at.y() - down * metrics.height() + metrics.ascent()), word)
