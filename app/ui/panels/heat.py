"""Where the points in the plane have been in the last minutes, as a soft glow behind them."""

from __future__ import annotations

import math
from collections.abc import Iterable

import cv2
import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from app.types import Face, Maps

CELLS = 80  # a side of the grid
REACH = 1.25  # of the grid in valence and arousal: beyond 1, so that no glow ends at an edge
HALF_LIFE = 60.0  # s after which a visit counts half
SPOT = 2.2  # cells, standard deviation of what one visit lights
EVERY = 0.5  # s between two pictures of it: more often nobody sees
STRONGEST = 0.4  # opacity at the place that was visited most


class Heat:
    """`add` takes the faces of each frame, `paint` draws the glow; an earlier time than before clears it."""

    def __init__(self) -> None:
        self.cells: Maps = np.zeros((CELLS, CELLS), np.float32)  # s spent there; row 0 is arousal 1
        self._time: float | None = None
        self._drawn: float | None = None  # time of the picture that is kept
        self._picture: QImage | None = None

    def clear(self) -> None:
        """Forgets all visits."""
        self.cells[:] = 0
        self._time = self._drawn = self._picture = None

    def add(self, faces: Iterable[Face], time: float) -> None:
        """The points of `faces` at `time`, in s of the source."""
        if self._time is not None and time < self._time:
            self.clear()
        passed = 0.0 if self._time is None else min(time - self._time, 1.0)
        self._time = time
        self.cells *= math.exp2(-passed / HALF_LIFE)
        for face in faces:
            if face.status == "ok":
                column, row = _cell(face.shown.valence), _cell(-face.shown.arousal)
                self.cells[row, column] += passed

    def paint(self, painter: QPainter, square: QRectF, colour: QColor) -> None:
        """Draws it round `square`, which stands for -1..1, in `colour`."""
        side = max(1, round(REACH * square.width()))
        picture, drawn = self._picture, self._drawn
        stale = drawn is None or self._time is None or not 0 <= self._time - drawn < EVERY
        if picture is None or picture.width() != side or stale:
            self._picture, self._drawn = self._render(side, colour), self._time
        if self._picture is not None:
            half = QPointF(side / 2, side / 2)
            painter.drawImage(square.center() - half, self._picture)

    def _render(self, side: int, colour: QColor) -> QImage | None:
        glow = cv2.GaussianBlur(self.cells, (0, 0), SPOT)
        most = float(glow.max())
        if most <= 0:
            return None
        large = cv2.resize(np.sqrt(glow / most), (side, side), interpolation=cv2.INTER_LINEAR)
        opacity = np.clip(large, 0, 1)[..., None] * STRONGEST
        premultiplied = np.array([colour.blue(), colour.green(), colour.red(), 255]) * opacity
        pixels = np.ascontiguousarray(premultiplied.round().astype(np.uint8))
        shown = QImage(pixels.data, side, side, 4 * side, QImage.Format.Format_ARGB32_Premultiplied)
        return shown.copy()  # Qt does not keep `pixels` alive


def _cell(value: float) -> int:
    return min(CELLS - 1, max(0, int((value / REACH + 1) / 2 * CELLS)))
