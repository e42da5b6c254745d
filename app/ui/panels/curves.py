"""Valence, arousal and the expressions over the last half minute, in the people's own colours.

Lines one pixel wide, two on a fine screen, without antialiasing, in fixed ranges, made once. Antialiased
ones cost ten times as much; two pixels cost half as much again, as long as pyqtgraph does not cut a line up.
"""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.playing.history import Trace
from app.types import EXPRESSIONS, MOST_FACES, Floats
from app.ui.look.fonts import figures
from app.ui.look.opacity import blended
from app.ui.look.theme import Theme, accent

PEOPLE = MOST_FACES  # lines in a plot: as many as there are colours
DOUBT = 0.35  # strength of a line where its values are in doubt
ROOMY = 1100  # pixels of width at which large words have their own size; they grow with it
LANE = 0.84  # part of an expression's lane that a probability of 1 fills


class _Curve(pg.PlotCurveItem):
    """A line in a plot of fixed ranges: it reaches as far as they do, and its values need not be searched."""

    def __init__(self, plot: pg.PlotItem) -> None:
        super().__init__(antialias=False)
        self._reach = plot.getViewBox().viewRect()
        self.setSegmentedLineMode("off")
        plot.addItem(self)

    def boundingRect(self) -> QRectF:  # noqa: N802 (Qt's name)
        return self._reach if self.getData()[0] is not None else QRectF()


class Curves(pg.GraphicsLayoutWidget):
    """Left: valence over arousal, a line a person. Right: a lane for each expression of the followed one."""

    plots: tuple[pg.PlotItem, ...] = ()  # pyqtgraph resizes before they are made

    def __init__(
        self, theme: Theme, seconds: float = 30.0, parent: QWidget | None = None, *, large: bool = False
    ) -> None:
        """`large` is for the stage: words and lines for the back row."""
        super().__init__(parent)
        self._large = large
        self._theme, self._seconds = theme, seconds
        self._colours: dict[pg.PlotCurveItem, str] = {}
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(132)
        self.setAccessibleName("Valence, arousal and expressions over the last 30 seconds")
        self._thirds = (0, 2) if large else (0, 1, 2)  # thirds of the time that are written below
        self.ci.layout.setContentsMargins(8, 8, 24, 4)
        self.ci.layout.setSpacing(6)
        tiny = self._font(2.2 if large else 0.85)
        words = [(0.85, "pleasant"), (0, "valence"), (-0.85, "unpleasant")]
        valence = self._plot(0, 0, (-1.1, 1.1), words, tiny)
        words = [(0.85, "excited"), (0, "arousal"), (-0.85, "calm")]
        arousal = self._plot(1, 0, (-1.1, 1.1), words, tiny)
        lanes = self._plot(0, 1, (0, len(EXPRESSIONS)), [], tiny, rows=2)
        lanes.getAxis("left").setTicks([[(_lane(i) + LANE / 2, name) for i, name in enumerate(EXPRESSIONS)]])
        self.ci.layout.setColumnStretchFactor(0, 1)
        self.ci.layout.setColumnStretchFactor(1, 1)
        for row in (0, 1):
            self.ci.layout.setRowPreferredHeight(row, 1000)  # as much as there is, shared evenly
        valence.getAxis("bottom").hide()
        self.plots = (valence, arousal, lanes)
        levels = [(valence, 0.0), (arousal, 0.0), *((lanes, _lane(i)) for i in range(len(EXPRESSIONS)))]
        self._levels = [plot.addLine(y=level) for plot, level in levels]
        self.valence = tuple(_Curve(valence) for _ in range(PEOPLE))
        self.arousal = tuple(_Curve(arousal) for _ in range(PEOPLE))
        self.probs = tuple(_Curve(lanes) for _ in EXPRESSIONS)
        self.doubtful = {  # the same lines where their values are in doubt
            curve: _Curve(plot)
            for plot, curves in zip(self.plots, (self.valence, self.arousal, self.probs), strict=True)
            for curve in curves
        }
        self.markers: tuple[float, ...] = ()  # s, on the clock of `now`; upright lines in every plot
        self.marker_lines = tuple(_Curve(plot) for plot in self.plots)
        self.set_theme(theme)

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """The size it has where there is room enough, in pixels."""
        return QSize(900, 200)

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802 (Qt's name)
        """On the stage words grow with it, and the curves keep most of the room."""
        super().resizeEvent(event)
        if self.plots and self._large:
            part = self.width() / ROOMY
            font = self._font(2.2 * part)
            self.ci.layout.setContentsMargins(8, 8, 60 * part, 4)
            for plot in self.plots:
                left, bottom = plot.getAxis("left"), plot.getAxis("bottom")
                left.setWidth(QFontMetrics(font).horizontalAdvance("unpleasant") + 14)
                bottom.setHeight(44 * part)
                for axis in (left, bottom):
                    axis.setStyle(tickFont=font)

    def _font(self, scale: float) -> QFont:
        return figures(QFont(self.font()), scale)

    def set_theme(self, theme: Theme) -> None:
        """Takes the colours of `theme` from now on."""
        self._theme = theme
        self.setBackground(theme.panel)
        self._colours.clear()
        for mark in self.marker_lines:
            mark.setPen(pg.mkPen(theme.warning, width=1))
        for level in self._levels:
            level.setPen(pg.mkPen(theme.line, width=1))
        for plot in self.plots:
            for side in ("left", "bottom"):
                plot.getAxis(side).setPen(theme.line)
                plot.getAxis(side).setTextPen(theme.quiet)

    @property
    def _width(self) -> int:
        """Of a line in the screen's own pixels."""
        return (3 if self._large else 1) * (2 if self.devicePixelRatioF() >= 1.5 else 1)

    def show_traces(self, traces: tuple[Trace, ...], now: float, followed: int | None) -> None:
        """The `traces` of History up to `now`, s on the source's clock; the lanes are of face `followed`."""
        shown = traces[-PEOPLE:]
        for i in range(PEOPLE):
            for curve, name in ((self.valence[i], "valence"), (self.arousal[i], "arousal")):
                if i < len(shown):
                    self._draw(curve, shown[i], getattr(shown[i], name), now)
                else:
                    self._empty(curve)
        lanes = next((trace for trace in traces if trace.id == followed), None)
        for i, curve in enumerate(self.probs):
            if lanes is not None:
                self._draw(curve, lanes, _lane(i) + LANE * lanes.probs[i], now)
            else:
                self._empty(curve)
        self._show_markers(now)

    def _draw(self, curve: pg.PlotCurveItem, trace: Trace, values: Floats, now: float) -> None:
        """`values` of `trace`; what is in doubt as a faint line that reaches to what is not."""
        colour, faint = accent(self._theme, trace.id), self.doubtful[curve]
        self._colour(curve, colour.name())
        if not trace.doubt.any():
            self._clear(faint)
            curve.setData(trace.time - now, values, connect="finite")
            return
        near = trace.doubt.copy()
        near[:-1] |= trace.doubt[1:]
        near[1:] |= trace.doubt[:-1]
        self._colour(faint, blended(colour, self._theme.panel, DOUBT).name())
        if trace.doubt.all():  # a line of nothing would cost as much as the other
            self._clear(curve)
        else:
            curve.setData(trace.time - now, np.where(trace.doubt, np.nan, values), connect="finite")
        faint.setData(trace.time - now, np.where(near, values, np.nan), connect="finite")

    def _empty(self, curve: pg.PlotCurveItem) -> None:
        self._clear(curve)
        self._clear(self.doubtful[curve])

    def _clear(self, curve: pg.PlotCurveItem) -> None:
        if curve.getData()[0] is not None:
            curve.clear()

    def _show_markers(self, now: float) -> None:
        at = [time - now for time in self.markers if -self._seconds <= time - now <= 0]
        for plot, mark in zip(self.plots, self.marker_lines, strict=True):
            if at:
                low, high = plot.viewRange()[1]
                mark.setData(np.repeat(at, 2), np.tile((low, high), len(at)), connect="pairs")
            elif mark.getData()[0] is not None:
                mark.clear()

    def _plot(
        self, row: int, column: int, limits: tuple[float, float], ticks: list[tuple[float, str]],
        font: QFont, rows: int = 1,
    ) -> pg.PlotItem:  # fmt: skip
        plot = self.addPlot(row, column, rowspan=rows)
        plot.setMouseEnabled(False, False)
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.setRange(xRange=(-self._seconds, 0), yRange=limits, padding=0, disableAutoRange=True)
        left, bottom = plot.getAxis("left"), plot.getAxis("bottom")
        left.setTicks([ticks])
        left.setWidth(84)
        third = self._seconds / 3
        now = -0.05 * self._seconds if self._large else 0.0  # a large word would be cut off at the very end
        marks = [(-third * i, f"{third * i:.0f} s ago") if i else (now, "now") for i in self._thirds]
        bottom.setTicks([marks])
        for axis in (left, bottom):
            axis.setStyle(tickFont=font, tickLength=0, hideOverlappingLabels=False)
        return plot

    def _colour(self, curve: pg.PlotCurveItem, colour: str) -> None:
        if self._colours.get(curve) != colour:
            self._colours[curve] = colour
            curve.setPen(pg.mkPen(colour, width=self._width))


def _lane(i: int) -> float:
    """The bottom of expression i's lane: the first one on top."""
    return len(EXPRESSIONS) - 1 - i + (1 - LANE) / 2
