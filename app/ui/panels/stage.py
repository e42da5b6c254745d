"""The stage: face and plane for the back row, an invitation while nobody is there, the mimic game."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QWidget

from app.types import Face, Result
from app.ui.controls.view import View
from app.ui.look.fonts import pixels
from app.ui.look.theme import Theme
from app.ui.panels.bars import Bars
from app.ui.panels.curves import Curves
from app.ui.panels.expression_summary import ExpressionSummary
from app.ui.panels.frozen import FrozenPanel
from app.ui.panels.mimic_board import MimicBoard
from app.ui.panels.mimic_game import MimicGame
from app.ui.panels.moments import Moments
from app.ui.panels.moments_row import COUNT, MomentsRow
from app.ui.panels.pause_sign import PauseSign
from app.ui.panels.picture import PicturePanel
from app.ui.panels.plane import Plane
from app.ui.panels.readings import Readings
from app.ui.panels.recording_sign import RecordingSign
from app.ui.panels.stage_face import StageFace
from app.ui.panels.stage_places import EDGE, Places, Shape, beside, game, invitation, places

AWAY = 3.0  # s without a face after which the next one is greeted
IDLE = 12.0  # s without a face after which the invitation is shown
STILL = 3.0  # s without a picture after which nobody could move the point, so nobody is invited
WANDER_CLOCK = 40  # ms between two moves of the invitation's point
SMALLEST = 11.0  # pixels of a caption where there is no room at all
PEOPLE = 4  # with bars of their own
CAPTION = {
    View.PLANE: "What does your face say right now? Right is pleasant, up is excited.",
    View.BARS: "What does your face show? The longest bar is the most likely.",
    View.CURVES: "Your last 30 seconds: higher is more pleasant, or more excited.",
}
FROZEN = "Why this result? Orange speaks for the expression, blue against it."
OTHERS = "The same face with other expressions: made up."
WORN = "You wear {}: made up. Shift+W: the next one."
NOBODY_WEARS = "Nobody is in sight who could wear {}. Shift+W: the next one."
INVITATION = "Step up and move the dot with your face."


class Stage(QWidget):
    """`view` is the large panel: View.PLANE, View.BARS or View.CURVES; `shape` is how the plane is shown.

    It takes results also while it is hidden, so that it can be shown over what does not move any more.
    `game_ended` says that the mimic game has ended, whoever ended it.
    """

    game_ended = Signal()

    def __init__(self, theme: Theme, readings: Readings | None = None, parent: QWidget | None = None) -> None:
        """`readings` are those of the other panels."""
        super().__init__(parent)
        self._readings = readings or Readings()
        self._invites, self._mirror = True, False
        self.setAccessibleName("Stage")
        self.setCursor(Qt.CursorShape.BlankCursor)  # an audience looks at the point
        self.picture = StageFace(theme)
        self.plane, self.curves = Plane(theme, large=True), Curves(theme, large=True)
        self.picture.readings = self.plane.readings = self._readings
        self.bars = tuple(Bars(theme, large=True) for _ in range(PEOPLE))
        row = QWidget()
        beside = QHBoxLayout(row)
        beside.setContentsMargins(0, 0, 0, 0)
        for bars in self.bars:
            beside.addWidget(bars)
        self._pages: dict[View, QWidget] = {View.PLANE: self.plane, View.BARS: row, View.CURVES: self.curves}
        self._stack = QStackedWidget()
        self.frozen = FrozenPanel(theme)
        self.worn = PicturePanel(theme)  # large; its pictures come mirrored, with words that can be read
        self.worn.view = frozenset()
        self.worn.setAccessibleName("Picture with made up faces")
        for page in (*self._pages.values(), self.frozen, self.worn):
            self._stack.addWidget(page)
        self.caption = QLabel()  # the sentence beside the large panel
        self.caption.setWordWrap(True)
        self.caption.setAlignment(Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft)
        self.summary = ExpressionSummary(theme)
        self._faces: tuple[Face, ...] = ()
        self._time = 0.0  # s on the source's clock
        self._counted = ""  # that more faces are in sight than are measured
        self._beside = QWidget(self)  # which hides the summary, whose visibility is its own
        self.summary.setParent(self._beside)
        self.moments, self.row = Moments(), MomentsRow(theme, self)
        self.board, self._pause_sign = MimicBoard(self), PauseSign(self)
        self.recording_sign = RecordingSign(theme, self)
        self.game: MimicGame | None = None  # that is played just now
        self.shape = Shape.BOTH
        for part in (self.picture, self._stack, self.caption, self.row, self.board):
            part.setParent(self)
            part.raise_()
        self.board.hide()
        self.view, self.inviting, self.is_frozen = View.PLANE, False, False
        self._nobody = False  # is in sight who could wear it
        self._wearing = self._of_worn = ""  # the expression that is worn, and a sentence on who does not
        self._seen = self._shown = time.perf_counter()  # when there was a face, and any picture
        self._words = 0  # pixels that the summary needs, in the column of `beside`
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._idle)
        self.mirror(False)
        self.show_view(View.PLANE)

    def set_theme(self, theme: Theme) -> None:
        """Takes the colours of `theme` from now on."""
        self.picture.set_theme(theme)
        self.worn.set_theme(theme)
        self.plane.set_theme(theme)
        self.curves.set_theme(theme)
        self.summary.set_theme(theme)
        self.row.set_theme(theme)
        self.recording_sign.set_theme(theme)
        for bars in self.bars:
            bars.set_theme(theme)

    def set_on(self, on: bool) -> None:
        """Shows or hides it; the wait for a face starts again."""
        self.setVisible(on)
        self._seen = time.perf_counter()
        if on:
            self.refresh()
            self._clock.start(WANDER_CLOCK)
        else:
            self._clock.stop()
            self.invite(False)

    def show_view(self, view: View) -> None:
        """Makes the panel `view` the large one, or once nobody is invited and nothing frozen any more."""
        self.view = view
        if self.is_frozen:
            self._stack.setCurrentWidget(self.frozen)
            self.caption.setText(FROZEN if self.frozen.others.isHidden() else OTHERS)
        elif self._wearing:
            self._stack.setCurrentWidget(self.worn)
            words = NOBODY_WEARS if self._nobody else WORN
            self.caption.setText(words.format(self._wearing) + self._of_worn)
        else:
            self._stack.setCurrentWidget(self._pages[View.PLANE if self.inviting else view])
            self.caption.setText(INVITATION if self.inviting else f"{CAPTION[view]}{self._counted}")
        self._place()

    @property
    def invites(self) -> bool:
        """Whether what plays is a camera, to which somebody could step up, and which is a mirror to them."""
        return self._invites

    @invites.setter
    def invites(self, camera: bool) -> None:
        self._invites = camera
        self.mirror(self._mirror)

    def mirror(self, on: bool) -> None:
        """Mirrors the picture of a file, too; that of a camera always is: people know themselves so."""
        self._mirror = on
        self.picture.mirrored = self.row.mirrored = on or self._invites
        self.picture.update()
        self.row.update()

    def next_shape(self) -> Shape:
        """Shows face and plane, then the face, then the plane, and so on; it becomes the large panel."""
        shapes = list(Shape)
        self.shape = shapes[(shapes.index(self.shape) + 1) % len(shapes)]
        self.show_view(View.PLANE)
        return self.shape

    def show_signs(self, *, paused: bool, recording: str) -> None:
        """Shows a sign while what plays stands still, and the status bar's words while it is recorded."""
        room = self._sign_room()
        self._pause_sign.setVisible(paused)
        if paused and self.game is not None:
            self.game.hold()
        if recording != self.recording_sign.text():
            self.recording_sign.setText(recording)
            self._fit_signs()
        self.recording_sign.setVisible(bool(recording))
        if self._sign_room() != room:
            self._place()

    def play_game(self, targets: tuple[str, ...]) -> None:
        """Begins the mimic game with these expressions to show; () ends it."""
        ended = self.game is not None and not targets
        self.game = MimicGame(targets, self._time) if targets else None
        if self.game is not None:
            self.board.show_state(self.game.see((), self._time))
        self._place()
        if ended:
            self.game_ended.emit()

    def freeze(self, on: bool) -> None:
        """Shows the frozen picture in place of the large panel; the small picture stays live."""
        self.is_frozen = on
        self.show_view(self.view)

    def wear(self, expression: str) -> None:
        """Shows `worn` as the large panel; with "" the panel again."""
        self._wearing, self._nobody = expression, not self._faces
        self.worn.show_result(None, "One moment \N{HORIZONTAL ELLIPSIS}")
        self.show_view(self.view)

    def say_of_worn(self, sentence: str, *, nobody: bool) -> None:
        """Adds `sentence` to what is said of the expression that is worn; `nobody` is in sight to wear it."""
        if (sentence, nobody) != (self._of_worn, self._nobody):
            self._of_worn, self._nobody = sentence, nobody
            self.show_view(self.view)

    def show_result(self, result: Result, followed: int | None) -> None:
        """Moves all its panels to `result`; the face with the id `followed` is marked."""
        self._shown = time.perf_counter()
        came = bool(result.faces) and self._shown - self._seen > AWAY
        measured, seen = len(result.faces), result.seen
        counted = f" {measured} of {seen} faces are measured." if seen > measured else ""
        if counted != self._counted:
            self._counted = counted
            self.show_view(self.view)
        if result.faces:
            self._seen = self._shown
            self.invite(False)
        self.picture.followed = self.plane.followed = followed
        self.picture.show_result(result)
        if not self.inviting:
            self.plane.show_faces(result.faces, result.frame.time)
        if came:
            self.plane.burst.begin(result.frame.time)
        if self.isVisible():
            if self.moments.add(result):
                self.row.show_moments(self.moments.best(COUNT))
            if self.game is not None:
                self.board.show_state(self.game.see(result.faces, result.frame.time))
        self._show_bars(result.faces, result.frame.time)

    def read_again(self) -> None:
        """What is read has changed although no new picture came."""
        self.plane.read_again(self._faces)
        self.picture.update()
        self._show_bars(self._faces, self._time)

    def refresh(self) -> None:
        """Says in words what is read."""
        self.summary.show_faces(tuple(self._readings.of(face) for face in self._faces))
        self._make_room()
        for bars in self.bars:
            bars.refresh()

    def _make_room(self) -> None:
        """For the words of as many people as there are now."""
        words = self.summary.heightForWidth(self.summary.width()) if self._faces else 0
        if words != self._words:
            self._words = words
            self._place()

    def clear(self, message: str) -> None:
        """Empties every panel; the small picture's place says `message`."""
        self.picture.show_result(None, message)
        if not self.inviting:
            self.plane.clear()
        self.moments.clear()
        self.row.show_moments(())
        self.play_game(())
        self._show_bars(())
        self.curves.show_traces((), 0.0, None)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Everything grows with the screen."""
        super().resizeEvent(event)
        self._place()
        self._make_room()  # in the new width

    def _sign_letters(self) -> int:
        return max(12, self.height() // 48)

    def _sign_room(self) -> int:
        """Pixels at the top that are the signs' alone, so that they cover nothing."""
        signs = self._pause_sign, self.recording_sign
        return 0 if all(sign.isHidden() for sign in signs) else 2 * self._sign_letters() + EDGE

    def _fit_signs(self) -> None:
        self._pause_sign.fit(self._sign_letters(), EDGE // 2)
        self.recording_sign.fit(self.width(), self._sign_letters(), EDGE // 2)

    def _places(self) -> Places:
        size = self.width(), self.height() - self._sign_room()
        if self.game is not None:
            return game(*size)
        if self.inviting and not self.is_frozen:
            return invitation(*size)
        if self.view is View.PLANE and not (self.is_frozen or self._wearing):
            return places(self.shape, *size)
        return beside(*size, self._words)

    def _place(self) -> None:
        top = self._sign_room()
        at = self._places().lowered(top)
        for part, rect in (
            (self._stack, at.large), (self.picture, at.picture), (self._beside, at.summary),
            (self.caption, at.caption), (self.row, at.moments),
        ):  # fmt: skip
            part.setVisible(not rect.isEmpty())
            if not rect.isEmpty():
                part.setGeometry(rect)
        self.summary.setGeometry(0, 0, at.summary.width(), max(1, at.summary.height()))
        self.board.setGeometry(self.rect().adjusted(0, top, 0, 0))
        self.board.setVisible(self.game is not None)
        self._fit_signs()
        self._fit_caption()

    def _fit_caption(self) -> None:
        """As large as there is room for: it is for those who are furthest away, too."""
        room = self.caption.size()
        middle = Qt.AlignmentFlag.AlignCenter if self.inviting else Qt.AlignmentFlag.AlignLeft
        self.caption.setAlignment(middle | Qt.AlignmentFlag.AlignVCenter)
        height = min(room.height() / 2.2, room.width() / 10)
        while True:
            self.caption.setFont(pixels(self.font(), height, bold=True))
            words = self.caption.text().split() or [""]
            longest = max(map(self.caption.fontMetrics().horizontalAdvance, words))
            fits = self.caption.heightForWidth(room.width()) <= room.height() and longest <= room.width()
            if fits or height <= SMALLEST:
                return
            height *= 0.93

    def _show_bars(self, faces: tuple[Face, ...], time: float = 0.0) -> None:
        self._faces, self._time = faces, time
        for i, bars in enumerate(self.bars):
            bars.show_face(self._readings.of(faces[i]) if i < len(faces) else None, time)
            bars.setVisible(i < max(1, len(faces)))

    def _idle(self) -> None:
        now = time.perf_counter()
        self.invite(self.invites and now - self._shown < STILL and now - self._seen > IDLE)
        if self.inviting:
            self.plane.wander(now)

    def invite(self, on: bool) -> None:
        """Shows or ends the invitation, which is the plane with a point that wanders."""
        if on != self.inviting:
            self.inviting = on
            self.plane.clear()
            self.show_view(self.view)
