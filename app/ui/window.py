"""The window: two clocks that pull, actions that reach what runs behind, and what it has to say."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QByteArray, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDesktopServices,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QResizeEvent,
)
from PySide6.QtWidgets import QFileDialog, QMainWindow, QVBoxLayout, QWidget

from app import paths
from app.camera import Camera
from app.engine import Engine
from app.settings import Settings
from app.source import Source
from app.types import Result
from app.ui import actions, theme
from app.ui.body import Body
from app.ui.controls import Controls
from app.ui.live import Live, sentence
from app.ui.meter import Meter
from app.ui.overlay import Parts
from app.ui.sheet import Sheet
from app.ui.status import Status
from app.ui.strip import Strip
from app.video import VideoFile

PICTURE_CLOCK = 16  # ms between looks into the mailbox
CURVES_EVERY = 5  # looks between two drawings of the curves
TEXT_CLOCK = 250  # ms between changes of text: it must be readable


@dataclass(frozen=True, slots=True)
class Unsaid:
    """What waits to be said until a recording is finished."""

    text: str = ""
    buttons: tuple[QAction, ...] = ()
    warning: bool = False


class Window(QMainWindow):
    """`live` does the work; nothing that is called here waits for it."""

    failed = Signal(str)  # one sentence: nothing plays any more

    def __init__(self, settings: Settings, live: Live) -> None:
        super().__init__()
        self._settings, self._live = settings, live
        self._source: Source | None = None
        self._engine: Engine | None = None
        self._unsaid = Unsaid()
        self._recorded: Path | None = None  # the folder of the last recording
        self._recording_since: float | None = None  # s, time.perf_counter()
        self._meter, self._ticks = Meter(), 0
        look = theme.of(QGuiApplication.styleHints().colorScheme())
        self.commands = actions.make(self)
        self.strip, self.body, self.status = Strip(look), Body(look), Status(look)
        self.controls = Controls(self.commands)
        self._lay_out()
        self.sheet = Sheet(self.commands, self)
        self._apply(settings)
        self._connect()
        self.follow(QGuiApplication.styleHints().colorScheme())
        self._clocks = self._clock(PICTURE_CLOCK, self._tick), self._clock(TEXT_CLOCK, self._tell)
        self._rest("Choose a camera, or open a video.")
        self._live.find_cameras()

    def play(self, source: Source) -> None:
        """Ends what is playing and plays `source`; the sample goes round and round."""
        self._source, self._engine = source, None
        self._meter.clear()
        self.body.clear(f"Opening {source.name} \N{HORIZONTAL ELLIPSIS}")
        self.status.show_source(source.name)
        self.commands.start.setText(actions.STOP)
        self._live.play(source, loop=getattr(source, "path", None) == paths.sample_clip())

    @property
    def source(self) -> Source | None:
        """What plays, or what played last."""
        return self._source

    def settings(self) -> Settings:
        """What the user has chosen by now."""
        c = self.commands
        return replace(
            self._settings, smoothing=c.smoothing.isChecked(), show_box=c.boxes.isChecked(),
            show_eyes=c.eyes.isChecked(), show_expression=c.words.isChecked(), show_id=c.ids.isChecked(),
            geometry=self.saveGeometry().toHex().toStdString(),
        )  # fmt: skip

    # The two clocks

    def _tick(self) -> None:
        """Every 16 ms: what is newest in the mailbox; now and then the curves."""
        if self._engine is None:
            return
        if (result := self._engine.results.take()) is not None:
            self.body.show_result(result)
        self._ticks += 1
        if self._ticks % CURVES_EVERY == 0:
            self.body.show_history(self._live.history)

    def _tell(self) -> None:
        """Every 250 ms: texts, and whether something ended or failed meanwhile."""
        since, engine = self._recording_since, self._engine
        self.status.show_recording(None if since is None else time.perf_counter() - since)
        self.body.bars.refresh()
        if engine is None:
            self.status.show_reading(None, 0)
            return
        self.status.show_reading(self._meter.reading(time.perf_counter()), engine.dropped)
        self.status.show_source(described(engine.source))
        if engine.error is not None:
            self._complain(sentence(engine.error))
            self._stop("Nothing is playing.", why=sentence(engine.error))
        elif engine.ended:
            self._stop("", why="end of file")
            self._notify(f"{engine.source.name} has ended.", self.commands.start)
        elif engine.sink_error is not None and since is not None and not self._unsaid.text:
            self._notify(sentence(engine.sink_error), self.commands.choose_folder, warning=True)
            self._live.stop_recording()

    def _painted(self, result: Result) -> None:
        self._meter.painted(result.frame.captured, time.perf_counter())

    # What the user does

    def _start_or_stop(self) -> None:
        if self.commands.start.text() == actions.STOP:
            self._stop("Stopped. Press Space to start again.")
        elif self._source is not None:
            self.play(self._source)
        else:
            self.play(Camera(self._settings.camera))

    def _stop(self, message: str, why: str = "stop") -> None:
        self._engine = None
        self._live.stop(why)
        self._rest(message)

    def _rest(self, message: str) -> None:
        """Nothing plays: `message` stands where the picture was; without one, all stays as it was."""
        self.commands.start.setText(actions.START)
        self._meter.clear()
        if message:
            self.body.clear(message)

    def _try_again(self) -> None:
        if self._source is not None:
            self.play(self._source)

    def _choose_camera(self, index: int) -> None:
        self._settings = replace(self._settings, camera=index)
        self.strip.hide()
        self.play(Camera(index))

    def _open_video(self) -> None:
        dialog = QFileDialog(self, "Open a video")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda path: self.play(VideoFile(Path(path))))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _play_sample(self) -> None:
        self.play(VideoFile(paths.sample_clip()))

    def _record(self, on: bool) -> None:
        if not on:
            self._live.stop_recording()
        elif self._engine is None:
            self.commands.record.setChecked(False)
            self.strip.say("Start a camera or a video first: then it can be recorded.", self.commands.start)
        else:
            self._live.record(self._settings.sessions_folder)

    def _open_folder(self) -> None:
        folder = self._recorded or self._settings.sessions_folder
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def _choose_folder(self) -> None:
        dialog = QFileDialog(self, "Where recordings are kept", str(self._settings.sessions_folder))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self._keep_in)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _keep_in(self, folder: str) -> None:
        self._settings = replace(self._settings, sessions=folder)

    def _show_parts(self) -> None:
        c, video = self.commands, self.body.video
        video.parts = Parts(c.boxes.isChecked(), c.eyes.isChecked(), c.words.isChecked(), c.ids.isChecked())
        video.mirrored = c.mirror.isChecked()
        video.update()

    def _arrange(self) -> None:
        c, stage = self.commands, self.commands.stage.isChecked()
        self.controls.setVisible(not stage)
        self.status.setVisible(not stage)
        self.body.arrange(plane=c.show_plane.isChecked(), bars=c.show_bars.isChecked(),
                          curves=c.show_curves.isChecked(), stage=stage)  # fmt: skip

    def _full_screen(self, on: bool) -> None:
        if on:
            self.showFullScreen()
        else:
            self.showNormal()

    def _back(self) -> None:
        """The sheet first, then the stage, then the full screen."""
        for action in (self.commands.keys, self.commands.stage, self.commands.full_screen):
            if action.isChecked():
                action.trigger()
                return

    def _show_sheet(self, on: bool) -> None:
        self.sheet.setVisible(on)
        if on:
            self.sheet.fit()
            self.sheet.raise_()

    # What comes back from behind

    def _started(self, engine: Engine) -> None:
        if engine.source is self._source:
            self._engine = engine

    def _failed(self, text: str) -> None:
        self._engine = None
        self._rest("Nothing is playing.")
        self._complain(text)

    def _complain(self, text: str) -> None:
        c = self.commands
        self.failed.emit(text)
        self._notify(text, c.try_again, c.open_video, c.play_sample, warning=True)

    def _notify(self, text: str, *buttons: QAction, warning: bool = False) -> None:
        """Says `text`; while something is recorded, only when that is finished, with its folder."""
        if self._recording_since is None:
            self.strip.say(text, *buttons, warning=warning)
        else:
            self._unsaid = Unsaid(text, buttons, warning)

    def _unrecorded(self, text: str) -> None:
        self._show_recording(False)
        self.strip.say(text, self.commands.choose_folder, warning=True)

    def _recording(self, folder: Path) -> None:
        self._recorded, self._recording_since = folder, time.perf_counter()
        self._show_recording(True)

    def _show_recording(self, on: bool) -> None:
        self.commands.record.setChecked(on)
        self.commands.record.setText(actions.FINISH if on else actions.RECORD)

    def _finished(self, folder: Path) -> None:
        self._recording_since, unsaid, self._unsaid = None, self._unsaid, Unsaid()
        self._show_recording(False)
        text = f"{unsaid.text} The recording is in {folder}.".strip()
        self.strip.say(text, self.commands.open_folder, *unsaid.buttons, warning=unsaid.warning)

    # How it is put together

    def _lay_out(self) -> None:
        self.setWindowTitle("Mien")
        self.resize(1280, 820)
        self.setAcceptDrops(True)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.controls)
        notices = QVBoxLayout()
        notices.setContentsMargins(8, 0, 8, 0)
        notices.addWidget(self.strip)
        column.addLayout(notices)
        column.addWidget(self.body, 1)
        column.addWidget(self.status)
        self.setCentralWidget(page)

    def _apply(self, settings: Settings) -> None:
        c = self.commands
        c.boxes.setChecked(settings.show_box)
        c.eyes.setChecked(settings.show_eyes)
        c.words.setChecked(settings.show_expression)
        c.ids.setChecked(settings.show_id)
        c.smoothing.setChecked(settings.smoothing)
        self._show_parts()
        self._live.smooth(settings.smoothing)
        if settings.geometry:
            self.restoreGeometry(QByteArray.fromHex(settings.geometry.encode()))

    def _connect(self) -> None:
        c, live = self.commands, self._live
        for action in (c.boxes, c.eyes, c.words, c.ids, c.mirror):
            action.toggled.connect(self._show_parts)
        for action in (c.show_plane, c.show_bars, c.show_curves, c.stage):
            action.toggled.connect(self._arrange)
        c.start.triggered.connect(self._start_or_stop)
        c.open_video.triggered.connect(self._open_video)
        c.play_sample.triggered.connect(self._play_sample)
        c.try_again.triggered.connect(self._try_again)
        c.smoothing.toggled.connect(live.smooth)
        c.next_person.triggered.connect(self.body.follow_next)
        c.full_screen.triggered.connect(self._full_screen)
        c.back.triggered.connect(self._back)
        c.record.triggered.connect(self._record)
        c.choose_folder.triggered.connect(self._choose_folder)
        c.open_folder.triggered.connect(self._open_folder)
        c.keys.toggled.connect(self._show_sheet)
        c.quit.triggered.connect(self.close)
        self.controls.camera_chosen.connect(self._choose_camera)
        self.controls.cameras_wanted.connect(live.find_cameras)
        self.body.video.painted.connect(self._painted)
        live.cameras.connect(self.controls.show_cameras)
        live.started.connect(self._started)
        live.failed.connect(self._failed)
        live.unrecorded.connect(self._unrecorded)
        live.recording.connect(self._recording)
        live.recorded.connect(self._finished)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self.follow)

    def _clock(self, period: int, work: Callable[[], None]) -> QTimer:
        clock = QTimer(self)
        clock.setTimerType(Qt.TimerType.PreciseTimer)
        clock.timeout.connect(work)
        clock.start(period)
        return clock

    def follow(self, scheme: Qt.ColorScheme) -> None:
        """Light or dark, as the system says."""
        look = theme.of(scheme)
        self.setPalette(theme.palette(look))
        self.setStyleSheet(theme.stylesheet(look))
        for part in (self.strip, self.body, self.status):
            part.set_look(look)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        super().resizeEvent(event)
        self.sheet.fit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 (Qt's name)
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 (Qt's name)
        self.play(VideoFile(Path(event.mimeData().urls()[0].toLocalFile())))

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 (Qt's name)
        """Out of sight at once; then whatever runs is ended, and a recording is finished."""
        for clock in self._clocks:
            clock.stop()
        self.hide()
        self._live.close()
        super().closeEvent(event)


def described(source: Source) -> str:
    """The source and the mode that it granted: `clip.mkv   640 x 480   30/s   MJPG`."""
    mode = source.mode
    if not mode.width:
        return source.name
    size = f"{mode.width} \N{MULTIPLICATION SIGN} {mode.height}"
    return "   ".join(part for part in (source.name, size, f"{mode.rate:.3g}/s", mode.format) if part)
