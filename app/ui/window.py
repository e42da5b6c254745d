"""The window: its parts, its looks, and what can be done with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, QMimeData, Qt, QUrl
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDesktopServices,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QFileDialog, QMainWindow, QVBoxLayout, QWidget

from app.sources.camera import mode_text
from app.sources.video import VideoFile
from app.system import paths
from app.system.settings import Settings
from app.ui.controls import actions
from app.ui.controls.details_sheet import DetailsSheet
from app.ui.controls.help_sheet import HelpSheet
from app.ui.controls.seek_bar import SeekBar
from app.ui.controls.spacebar import belongs_to_the_focus
from app.ui.controls.toolbar import Toolbar
from app.ui.flows.afterwards import Reviewing
from app.ui.flows.baseline import BaselineFlow
from app.ui.flows.live import Live
from app.ui.flows.marking import Marking
from app.ui.flows.player import Player
from app.ui.flows.why import Why
from app.ui.look import theme
from app.ui.look.echo import Echo
from app.ui.panels.notice import NoticeBar
from app.ui.panels.overlay import Parts
from app.ui.panels.panels import Panels
from app.ui.panels.status_bar import StatusBar

VIDEOS = "Videos and pictures (*.avi *.bmp *.jpeg *.jpg *.m4v *.mkv *.mov *.mp4 *.mpg *.png *.webm *.wmv)"


class Window(QMainWindow):
    """Panels, bar, strip and status line around a Player; a video can be dropped on it."""

    def __init__(self, settings: Settings, live: Live) -> None:
        super().__init__()
        self._settings = settings
        look = theme.of(QGuiApplication.styleHints().colorScheme())
        self.commands = actions.make(self)
        self.strip, self.body, self.status = NoticeBar(look), Panels(look), StatusBar(look)
        self.controls, self.scrubber = Toolbar(self.commands, look), SeekBar(look)
        self._lay_out()
        self.sheet, self.details = HelpSheet(self.commands, self), DetailsSheet(settings.markers, self)
        self.echo = Echo(self.body.picture)
        self.player = Player(live, self.commands, self.body, self.status, self.strip, settings)
        self.player.wishes = self.details.wishes
        self.marking = Marking(
            self, self.commands, live, self.player, self.echo, self.details.names, self.body.curves
        )
        self.neutral = BaselineFlow(live, self.player, self.echo, self.strip)
        self.afterwards = Reviewing(self.player, self.commands, self.strip)
        self.why = Why(live, self.commands, self.body, self.player, self.strip)
        self._connect(live)
        self._apply(settings)
        live.choose(settings.precision)
        self.follow(QGuiApplication.styleHints().colorScheme())
        self.setFocus()  # the first Tab goes to the first button; until then none has a ring

    def settings(self) -> Settings:
        """What the user has chosen by now."""
        c, device = self.commands, self.player.remembered
        return replace(
            self._settings, camera=device.index, camera_identity=device.identity,
            camera_mode=mode_text(self.player.mode), smoothing=self.controls.smoothing.value,
            precision=self.status.networks.choice,
            show_box=c.boxes.isChecked(), show_eyes=c.eyes.isChecked(), show_id=c.ids.isChecked(),
            show_expression=c.words.isChecked(), show_lids=c.lids.isChecked(),
            show_gaze=c.gaze.isChecked(), show_axes=c.axes.isChecked(), mirror=c.mirror.isChecked(),
            show_plane=c.show_plane.isChecked(), show_bars=c.show_bars.isChecked(),
            show_curves=c.show_curves.isChecked(), markers=self.details.kept(),
            geometry=self.saveGeometry().toHex().toStdString(),
        )  # fmt: skip

    def follow(self, scheme: Qt.ColorScheme) -> None:
        """Light or dark, as the system says."""
        look = theme.of(scheme)
        QApplication.setPalette(theme.palette(look))  # dialogs too
        self.setStyleSheet(theme.stylesheet(look))
        for part in (self.controls.chooser, self.strip, self.body, self.status, self.scrubber, self.sheet):
            part.set_look(look)

    # What the user does with the window itself; what plays is the player's

    def _open_video(self) -> None:
        dialog = QFileDialog(self, "Open a video")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([VIDEOS, "All files (*)"])
        dialog.fileSelected.connect(self._play_file)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()  # returns at once: the picture goes on behind it

    def _play_file(self, path: str) -> None:
        self.player.play(VideoFile(Path(path)))

    def _open_session(self) -> None:
        dialog = QFileDialog(self, "Open a recorded session", str(self.player.sessions))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(lambda folder: self.player.replay(Path(folder)))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _choose_folder(self) -> None:
        dialog = QFileDialog(self, "Where recordings are kept", str(self.player.sessions))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self._keep_in)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _keep_in(self, folder: str) -> None:
        self.player.sessions = Path(folder)
        self._settings = replace(self._settings, sessions=folder)

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.player.recorded or self.player.sessions)))

    def _show_parts(self) -> None:
        c, video = self.commands, self.body.video
        shown = (c.boxes, c.eyes, c.words, c.ids, c.lids, c.gaze, c.axes)
        video.parts = Parts(*(action.isChecked() for action in shown))
        self.body.mirror(c.mirror.isChecked())

    def _arrange(self) -> None:
        c, stage = self.commands, self.commands.stage.isChecked()
        self.controls.setVisible(not stage)
        self.status.setVisible(not stage)
        self.scrubber.allow(not stage)
        self.body.arrange(plane=c.show_plane.isChecked(), bars=c.show_bars.isChecked(),
                          curves=c.show_curves.isChecked(), stage=stage)  # fmt: skip

    def _show_large(self, action: QAction, view: str) -> None:
        """On the stage a panel's key makes it the large one, and leaves what is shown elsewhere as it was."""
        if self.commands.stage.isChecked():
            action.setChecked(not action.isChecked())
            self.body.stage.show_view(view)

    def _stage(self, on: bool) -> None:
        """The stage fills the screen; it leaves the window as it was."""
        if not self.commands.full_screen.isChecked():
            self._full_screen(on)

    def _full_screen(self, on: bool) -> None:
        """Not by showNormal, which forgets that the window was maximised."""
        full = Qt.WindowState.WindowFullScreen
        self.setWindowState(self.windowState() | full if on else self.windowState() & ~full)

    def _show_sheet(self, on: bool) -> None:
        self.sheet.setVisible(on)
        if on:
            self.sheet.fit()
            self.sheet.raise_()
            self.sheet.setFocus()

    def _back(self) -> None:
        """The sheet first, then what is frozen, then the stage, then the full screen."""
        c = self.commands
        for action in (c.keys, c.details, c.why, c.stage, c.full_screen):
            if action.isChecked():
                action.trigger()
                return

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
        column.addWidget(self.scrubber)
        column.addWidget(self.status)
        self.setCentralWidget(page)

    def _connect(self, live: Live) -> None:
        c, player = self.commands, self.player
        for action in (c.boxes, c.eyes, c.words, c.ids, c.lids, c.gaze, c.axes, c.mirror):
            action.toggled.connect(self._show_parts)
        for action in (c.show_plane, c.show_bars, c.show_curves, c.stage):
            action.toggled.connect(self._arrange)
        for action, view in ((c.show_plane, "plane"), (c.show_bars, "bars"), (c.show_curves, "curves")):
            action.triggered.connect(lambda _, a=action, v=view: self._show_large(a, v))
        c.stage.toggled.connect(self._stage)
        c.start.triggered.connect(player.start_or_stop)
        c.try_again.triggered.connect(player.play_again)
        c.play_sample.triggered.connect(lambda: self._play_file(str(paths.sample_clip())))
        c.record.triggered.connect(player.record)
        self.controls.smoothing.changed.connect(live.smooth)
        c.next_person.triggered.connect(self.why.next_person)
        c.open_video.triggered.connect(self._open_video)
        c.open_folder.triggered.connect(self._open_folder)
        c.choose_folder.triggered.connect(self._choose_folder)
        c.full_screen.triggered.connect(self._full_screen)
        c.keys.toggled.connect(self._show_sheet)
        c.details.toggled.connect(self.details.show_up)
        for action in (c.keys, c.details):  # else the focus would wander on to some button
            action.toggled.connect(lambda on: None if on else self.setFocus())
        self.details.close_button.clicked.connect(lambda: c.details.setChecked(False))
        c.baseline.triggered.connect(self.neutral.start)
        c.open_session.triggered.connect(self._open_session)
        c.step_back.triggered.connect(lambda: self.scrubber.step(-1))
        c.step_on.triggered.connect(lambda: self.scrubber.step(1))
        c.speed.triggered.connect(self.scrubber.next_speed)
        player.replay_changed.connect(self.scrubber.follow)
        player.recording_began.connect(self.echo.say)
        self.scrubber.passed.connect(self.echo.say)
        self.scrubber.markers.connect(self.marking.draw)
        c.networks.triggered.connect(self.status.networks.showMenu)
        self.status.networks.chosen.connect(live.choose)
        live.refused.connect(self.strip.say)
        c.back.triggered.connect(self._back)
        c.quit.triggered.connect(self.close)
        chooser = self.controls.chooser
        c.cameras.triggered.connect(lambda: self.controls.drop_down(player.used, player.mode))
        chooser.chosen.connect(player.play_camera)
        chooser.looked_for.connect(lambda: live.find_cameras(player.used))
        chooser.left.connect(live.stop_looking)
        live.cameras.connect(chooser.show_cameras)
        live.preview.connect(chooser.show_picture)
        self.body.video.painted.connect(lambda result: chooser.show_used(result.frame.image))
        QGuiApplication.styleHints().colorSchemeChanged.connect(self.follow)

    def _apply(self, settings: Settings) -> None:
        c = self.commands
        for action, on in (
            (c.boxes, settings.show_box),
            (c.eyes, settings.show_eyes),
            (c.words, settings.show_expression),
            (c.ids, settings.show_id),
            (c.lids, settings.show_lids),
            (c.gaze, settings.show_gaze),
            (c.axes, settings.show_axes),
            (c.mirror, settings.mirror),
            (c.show_plane, settings.show_plane),
            (c.show_bars, settings.show_bars),
            (c.show_curves, settings.show_curves),
        ):
            action.setChecked(on)
        self.controls.smoothing.set_value(settings.smoothing)
        self.status.networks.show_choice(settings.precision)
        if settings.geometry:
            self.restoreGeometry(QByteArray.fromHex(settings.geometry.encode()))

    def event(self, event: QEvent) -> bool:
        return belongs_to_the_focus(event) or super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        super().resizeEvent(event)
        self.sheet.fit()
        self.details.fit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 (Qt's name)
        if _local(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 (Qt's name)
        path = _local(event.mimeData())
        if (Path(path) / "session.json").exists():
            self.player.replay(Path(path))
        else:
            self._play_file(path)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 (Qt's name)
        """Out of sight at once; then whatever runs is ended, and a recording is finished."""
        self.hide()
        self.commands.why.setChecked(False)
        self.afterwards.close()
        self.player.close()
        super().closeEvent(event)


def _local(data: QMimeData) -> str:
    """The first file that is dragged; "" where there is none, as with a link to a page."""
    return next((url.toLocalFile() for url in data.urls() if url.isLocalFile()), "")
