"""The panels, how they share the window, and who is followed."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.playing.history import History, Trace
from app.types import Face, Result
from app.ui.controls.view import SHOWN_AT_FIRST, View
from app.ui.look.theme import Theme
from app.ui.panels.action_bars import ActionBars
from app.ui.panels.bars import Bars
from app.ui.panels.curves import Curves
from app.ui.panels.frozen import FrozenPanel
from app.ui.panels.picture import PicturePanel
from app.ui.panels.plane import Plane
from app.ui.panels.readings import Readings
from app.ui.panels.stage import Stage

LEAST_WIDTH, LEAST_HEIGHT = 480, 190  # pixels: a picture beside a plane
FOR_BARS, FOR_CURVES = 360, 500  # pixels of height from which there is room for these, too
PATIENCE = 1.0  # s out of sight after which somebody else is followed


class PanelGrid(QWidget):
    """All panels: picture | plane over bars over actions, curves below; `stage` takes the place of all."""

    painted = Signal(object)  # the Result that has reached the screen, in the window or on the stage
    cleared = Signal()  # nothing is shown any more

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture, self.plane = PicturePanel(theme), Plane(theme)
        self.bars, self.curves = Bars(theme), Curves(theme)
        self.action_bars = ActionBars(theme)
        self._frozen = FrozenPanel(theme)
        self.followed: int | None = None
        self._arrangement: tuple[bool, ...] | None = None  # plane, bars, curves, actions, stage
        self._seen = 0.0  # s on the source's clock, when the followed person was last in sight
        self._faces: tuple[Face, ...] = ()
        self._time = 0.0  # s on the source's clock, of what is shown
        self._room = (True, True)  # as it was when the panels were arranged
        self._traces: tuple[Trace, ...] = ()  # that were drawn last, up to `_traced`
        self._traced = 0.0  # s on the source's clock
        self._readings = Readings()
        below = (self.plane, 5), (self.bars, 3), (self.action_bars, 4)
        self._side = _splitter(Qt.Orientation.Vertical, *below)
        self.pictures = QStackedWidget()  # the live picture, or what is frozen of it
        self.pictures.addWidget(self.picture)
        self.pictures.addWidget(self._frozen)
        self._top = _splitter(Qt.Orientation.Horizontal, (self.pictures, 5), (self._side, 4))
        self._all = _splitter(Qt.Orientation.Vertical, (self._top, 7), (self.curves, 2))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.stage = Stage(theme, self._readings)
        self.picture.readings = self.plane.readings = self._readings
        layout.addWidget(self._all)
        layout.addWidget(self.stage)
        self.setMinimumSize(
            LEAST_WIDTH, LEAST_HEIGHT
        )  # for the smallest screens; `_arrange` leaves panels out
        self.show_view(SHOWN_AT_FIRST, stage=False)
        self.picture.picked.connect(self.follow)
        for picture in (self.picture, self.stage.picture):
            picture.painted.connect(self.painted)

    def set_theme(self, theme: Theme) -> None:
        """Takes the colours of `theme` from now on."""
        for panel in (self.picture, self.plane, self.bars, self.action_bars, self.curves, self.stage):
            panel.set_theme(theme)
        for frozen in self.frozen:
            frozen.set_theme(theme)
        self._draw_curves()  # also when nothing comes any more

    @property
    def frozen(self) -> tuple[FrozenPanel, FrozenPanel]:
        """The frozen picture of the window and that of the stage."""
        return self._frozen, self.stage.frozen

    def freeze(self, on: bool) -> None:
        """Shows the frozen picture in place of the video; everything else stays alive."""
        self.pictures.setCurrentIndex(int(on))
        self.stage.freeze(on)

    def show_result(self, result: Result) -> None:
        """Moves picture, plane and bars to `result`."""
        self._faces, self._time = result.faces, result.frame.time
        self._readings.see(result.faces)
        self._choose(result)
        self.stage.show_result(result, self.followed)  # also while it is hidden: it may be shown any time
        self.picture.show_result(result)
        self.plane.show_faces(result.faces, result.frame.time)
        self._show_bars()

    def show_history(self, history: History) -> None:
        """Draws the curves that are visible from `history`."""
        self._traces, self._traced = history.traces(), history.now
        self._draw_curves()

    def _draw_curves(self) -> None:
        for curves in (self.curves, self.stage.curves):
            if curves.isVisible():
                curves.show_traces(self._traces, self._traced, self.followed)

    def refresh(self) -> None:
        """The values of this moment are the ones that are read from now on, in words, numbers and bars."""
        if self._readings.refresh():
            self._show_bars()
            self.plane.read_again(self._faces)
            self.picture.update()
            self.stage.read_again()
        self.bars.refresh()
        self.action_bars.refresh()
        if self.stage.isVisible():
            self.stage.refresh()

    def clear(self, message: str) -> None:
        """Empties every panel; the picture's place says `message`."""
        self.followed, self._faces, self._seen = None, (), 0.0
        self._traces, self._traced = (), 0.0
        self._readings.clear()
        self.picture.show_result(None, message)
        self.plane.clear()
        self.bars.show_face(None)
        self.action_bars.show_face(None)
        self.stage.clear(message)
        self.curves.show_traces((), 0.0, None)
        self.cleared.emit()

    def show_smoothing(self, smoothing: float) -> None:
        """Says beside the numbers that they are smoothed, or no more: 0 off .. 1."""
        self.bars.smoothed = smoothing > 0
        self.bars.update()

    def follow(self, face_id: int) -> None:
        """Shows this person in bars and lanes from now on, also while the picture is paused."""
        self.followed = self.picture.followed = self.plane.followed = face_id
        self._show_bars()
        for panel in (self.picture, self.plane):
            panel.update()
        self._draw_curves()

    def follow_next(self) -> None:
        """Follows the next person in the picture, by id; after the last the first."""
        ids = [face.id for face in self._faces]
        if ids:
            self.follow(ids[(ids.index(self.followed) + 1) % len(ids)] if self.followed in ids else ids[0])

    def show_view(self, view: Collection[View], *, stage: bool) -> None:
        """Shows what `view` names: overlays, mirror and panels; the stage shows panels of its own instead."""
        self.picture.view = view
        self.picture.mirrored = View.MIRROR in view
        self.picture.update()
        self.stage.mirror(View.MIRROR in view)
        for frozen in self.frozen:
            frozen.mirror(View.MIRROR in view)
        wanted = (View.PLANE, View.BARS, View.CURVES, View.ACTIONS)
        arrangement = *(panel in view for panel in wanted), stage
        if arrangement != self._arrangement:
            self._arrangement = arrangement
            self._arrange(*arrangement)

    def show_large(self, view: View) -> None:
        """Makes the panel `view` the large one on the stage."""
        self.stage.show_view(view)
        self._draw_curves()

    def _arrange(self, plane: bool, bars: bool, curves: bool, actions: bool, stage: bool) -> None:
        if stage:
            self._all.hide()
        self.stage.set_on(stage)
        if not stage:  # only now: with both, the window would grow, and stay so
            self._all.show()
        self.plane.setVisible(plane)
        self._room = for_bars, for_curves = self._has_room()
        self.bars.setVisible(bars and (for_bars or not plane))
        self.curves.setVisible(curves and (for_curves or not (plane or bars)))
        self.action_bars.setVisible(actions and (for_curves or not (plane or bars)))
        self._side.setVisible(plane or bars or actions)
        self.setContentsMargins(*((0, 0, 0, 0) if stage else (8, 2, 8, 2)))
        self._draw_curves()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Leaves out the curves, then the bars, where there is no room for them."""
        super().resizeEvent(event)
        if self._arrangement is not None and self._room != self._has_room():
            self._arrange(*self._arrangement)

    def _has_room(self) -> tuple[bool, bool]:
        """Whether there is room for the bars, and for the curves, too."""
        return self.height() >= FOR_BARS, self.height() >= FOR_CURVES

    def _show_bars(self) -> None:
        followed = next((face for face in self._faces if face.id == self.followed), None)
        read = self._readings.of(followed) if followed else None
        self.bars.show_face(read, self._time)
        self.action_bars.show_face(read)

    def _choose(self, result: Result) -> None:
        now, ids = result.frame.time, [face.id for face in result.faces]
        if self.followed in ids:
            self._seen = now
        elif ids and (self.followed is None or not 0 <= now - self._seen < PATIENCE):
            self.follow(ids[0])
            self._seen = now


def _splitter(way: Qt.Orientation, *parts: tuple[QWidget, int]) -> QSplitter:
    splitter = QSplitter(way)
    splitter.setHandleWidth(8)
    splitter.setChildrenCollapsible(False)
    for i, (widget, stretch) in enumerate(parts):
        splitter.addWidget(widget)
        splitter.setStretchFactor(i, stretch)
    splitter.setSizes([part[1] * 1000 for part in parts])
    return splitter
