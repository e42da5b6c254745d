"""The window: its parts, and how they are connected."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, QMimeData, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QVBoxLayout, QWidget

from app.sessions.schema.files import INFO_FILE
from app.sources.camera import mode_text
from app.sources.video import VideoFile
from app.study.folder import SESSIONS
from app.study.study import StudySession
from app.system import clock, paths
from app.system.settings import THEMES, Settings
from app.ui.controls import actions
from app.ui.controls.details_sheet import DetailsSheet
from app.ui.controls.export_menu import ExportMenu
from app.ui.controls.help_sheet import HelpSheet
from app.ui.controls.seek_bar import SeekBar
from app.ui.controls.spacebar import belongs_to_the_focus
from app.ui.controls.streams_sheet import StreamsSheet
from app.ui.controls.study_bar import StudyBar
from app.ui.controls.study_sheet import StudySheet
from app.ui.controls.toolbar import Toolbar
from app.ui.controls.view import Group, View, from_setting, to_setting
from app.ui.flows.baseline_flow import BaselineFlow
from app.ui.flows.file_dialogs import FileDialogs
from app.ui.flows.file_work import FileWork
from app.ui.flows.live import Live
from app.ui.flows.marker_keys import MarkerKeys
from app.ui.flows.newer_version import NewerVersion
from app.ui.flows.notices import Notices
from app.ui.flows.other_expressions import OtherExpressionsFlow
from app.ui.flows.player import Player
from app.ui.flows.present_flow import PresentFlow
from app.ui.flows.record_flow import RecordFlow
from app.ui.flows.session_review import SessionReview
from app.ui.flows.stage_show import StageShow
from app.ui.flows.stream_control import ReceivedMarker
from app.ui.flows.study_flow import StudyFlow
from app.ui.flows.why import Why
from app.ui.flows.worn_expression import WornExpression
from app.ui.look.stylesheet import palette, stylesheet
from app.ui.look.theme import theme_of
from app.ui.look.words import THEME_WORDS
from app.ui.panels.banner import Banner
from app.ui.panels.grid import PanelGrid
from app.ui.panels.notice_bar import NoticeBar
from app.ui.panels.status_bar import StatusBar

USUAL_SIZE = (1280, 820)  # pixels, where the screen has room for it
TITLE = 40  # pixels that the title of a window takes at most


class Window(QMainWindow):
    """Toolbar, notice bar, panels, seek bar and status bar; a video or a session can be dropped on it."""

    closing = Signal()  # everything is still there

    def __init__(self, settings: Settings, live: Live) -> None:
        super().__init__()
        self._settings = settings
        self._theme_choice = settings.theme
        theme = theme_of(self._scheme())
        self.user_actions = a = actions.make(self)
        self.notice_bar, self.panels, self.status_bar = NoticeBar(theme), PanelGrid(theme), StatusBar(theme)
        self.toolbar, self.seek_bar, self.study_bar = Toolbar(a, theme), SeekBar(theme), StudyBar(a, theme)
        self._lay_out()
        self.help_sheet, self.details_sheet = HelpSheet(a, self), DetailsSheet(settings.markers, self)
        self.streams_sheet, self.export_menu = StreamsSheet(self), ExportMenu(self)
        self.study_sheet = StudySheet(self)
        self.banner = Banner(self.panels.pictures)
        self.notices = notices = Notices(self.notice_bar)
        self.record_flow = RecordFlow(live.recording, a, notices, settings.sessions_folder)
        self.record_flow.options = self.details_sheet.options
        self.player = Player(live, a, self.panels, self.status_bar, notices, self.record_flow, settings)
        self.file_work = FileWork(self.record_flow, a, notices)
        self.file_work.max_faces = lambda: self.status_bar.faces.choice
        self.newer_version = NewerVersion(notices)
        self.files = FileDialogs(self, self.player, self.record_flow, self.file_work)
        self.marker_keys = MarkerKeys(
            self, a, live.markers, live.history, self.player, self.record_flow, self.banner,
            self.panels.curves,
        )  # fmt: skip
        self.marker_keys.names = self.details_sheet.names
        self.baseline_flow = BaselineFlow(live.baseline, live.recording, self.player, self.banner, notices)
        self.session_review = SessionReview(self.player, self.record_flow, a, notices)
        self.why = Why(live.explainer, a, self.panels, self.player, self.record_flow, notices)
        self.others = OtherExpressionsFlow(live.synthesis, self.why, a, self.panels, notices)
        self.worn = WornExpression(live.synthesis, a, self.panels, notices)
        self.stage_show = StageShow(a, self.panels.stage, self.player, self.record_flow, self.banner)
        self.study_flow = StudyFlow(self.study_sheet, self.study_bar, notices, self.record_flow)
        self.present_flow = PresentFlow(
            self, a, self.study_bar, notices, self.study_flow, self.record_flow, live.recording
        )
        self._connect_actions()
        self._connect_parts(live)
        self._connect_study()
        self._connect_chooser(live)
        self._apply(settings)
        live.playback.choose(settings.precision)
        self.follow(self._scheme())
        self.setFocus()  # the first Tab goes to the first button; until then none has a ring

    def settings(self) -> Settings:
        """What the user has chosen by now."""
        device = self.player.cameras.device
        return replace(
            self._settings, camera=device.index, camera_identity=device.identity,
            camera_mode=mode_text(self.player.cameras.mode), smoothing=self.toolbar.smoothing.value,
            precision=self.status_bar.networks.choice, max_faces=self.status_bar.faces.choice,
            view=to_setting(self.user_actions.shown()), theme=self._theme_choice,
            markers=self.details_sheet.marker_names(), sessions=self.files.chosen or self._settings.sessions,
            geometry=self.saveGeometry().toHex().toStdString(),
        )  # fmt: skip

    def next_theme(self) -> None:
        """Switches to light, then to dark, then to what the system says, and so on."""
        self._theme_choice = THEMES[(THEMES.index(self._theme_choice) + 1) % len(THEMES)]
        self.follow(self._scheme())
        self.banner.say(f"Colours: {THEME_WORDS[self._theme_choice]}")

    def _scheme(self) -> Qt.ColorScheme:
        system = QGuiApplication.styleHints().colorScheme()
        return {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}.get(self._theme_choice, system)

    def follow(self, scheme: Qt.ColorScheme) -> None:
        """Takes the light or the dark theme."""
        theme = theme_of(scheme)
        QApplication.setPalette(palette(theme))  # dialogs too
        self.setStyleSheet(stylesheet(theme))
        for part in (
            self.toolbar.chooser, self.notice_bar, self.panels, self.status_bar, self.seek_bar,
            self.help_sheet, self.streams_sheet, self.study_bar, self.study_sheet,
        ):  # fmt: skip
            part.set_theme(theme)

    # What the user does with the window itself; what plays is the player's

    def _show_view(self) -> None:
        stage = self.user_actions.stage.isChecked()
        self.toolbar.setVisible(not stage)
        self.status_bar.setVisible(not stage)
        self.study_bar.allow(not stage)
        self.seek_bar.allow(not stage)
        self.notice_bar.before_audience(stage)
        self.banner.move_over(self.panels.stage if stage else self.panels.pictures)
        self.panels.show_view(self.user_actions.shown(), stage=stage)

    def _show_large(self, view: View) -> None:
        """On the stage a panel's key makes it the large one, and leaves what is shown elsewhere as it was."""
        if self.user_actions.stage.isChecked():
            self.user_actions.view[view].setChecked(not self.user_actions.view[view].isChecked())
            self.panels.show_large(view)

    def _stage(self, on: bool) -> None:
        """The stage fills the screen; it leaves the window as it was."""
        if not self.user_actions.full_screen.isChecked():
            self._full_screen(on)

    def _full_screen(self, on: bool) -> None:
        """Not by showNormal, which forgets that the window was maximised."""
        full = Qt.WindowState.WindowFullScreen
        self.setWindowState(self.windowState() | full if on else self.windowState() & ~full)

    def _show_help(self, on: bool) -> None:
        self.help_sheet.setVisible(on)
        if on:
            self.help_sheet.fit()
            self.help_sheet.raise_()
            self.help_sheet.setFocus()

    def _back(self) -> None:
        """The sheet first, then what is frozen, then the stage, then the full screen."""
        a = self.user_actions
        if self.worn.expression and not a.why.isChecked():
            self.worn.end()
            return
        for action in (a.keys, a.details, a.streams, a.study, a.why, a.mimic, a.stage, a.full_screen):
            if action.isChecked():
                action.trigger()
                return

    def _pop_export_up(self) -> None:
        if self.session_review.finished("it can be exported") is not None:
            self.export_menu.pop_up_below(self.toolbar)

    def _show_marker(self, marker: ReceivedMarker | None) -> None:
        if marker is None:
            self.streams_sheet.show_marker("", "", 0.0)
        else:
            self.streams_sheet.show_marker(marker.text, marker.origin, clock.now() - marker.at)

    # How it is put together

    def _lay_out(self) -> None:
        self.setWindowTitle("Mien")
        room = self.screen().availableGeometry()
        self.resize(min(USUAL_SIZE[0], room.width() - 8), min(USUAL_SIZE[1], room.height() - TITLE))
        self.setAcceptDrops(True)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.toolbar)
        column.addWidget(self.study_bar)
        notices = QVBoxLayout()
        notices.setContentsMargins(8, 0, 8, 0)
        notices.addWidget(self.notice_bar)
        column.addLayout(notices)
        column.addWidget(self.panels, 1)
        column.addWidget(self.seek_bar)
        column.addWidget(self.status_bar)
        self.setCentralWidget(page)

    def _connect_actions(self) -> None:
        a, player = self.user_actions, self.player
        for view, action in a.view.items():
            action.toggled.connect(self._show_view)
            if view.group is Group.PANEL:
                action.triggered.connect(lambda _, view=view: self._show_large(view))
        a.stage.toggled.connect(self._show_view)
        a.stage.toggled.connect(self._stage)
        a.start.triggered.connect(player.play_or_pause)
        a.stop.triggered.connect(player.stop)
        a.try_again.triggered.connect(player.play_again)
        a.play_sample.triggered.connect(lambda: player.play(VideoFile(paths.sample_clip())))
        a.record.triggered.connect(lambda on: self.record_flow.toggle(on, player.not_recordable))
        a.next_person.triggered.connect(self.why.next_person)
        a.open_video.triggered.connect(self.files.open_video)
        a.open_session.triggered.connect(self.files.open_session)
        a.open_folder.triggered.connect(self.files.show_folder)
        a.choose_folder.triggered.connect(self.files.choose_folder)
        a.full_screen.triggered.connect(self._full_screen)
        a.keys.toggled.connect(self._show_help)
        a.details.toggled.connect(self.details_sheet.show_up)
        a.streams.toggled.connect(self.streams_sheet.show_up)
        a.export.setMenu(self.export_menu)
        self.export_menu.subject = lambda: name.name if (name := self.session_review.session) else ""
        self.export_menu.chosen.connect(self.session_review.export)
        a.export.triggered.connect(self._pop_export_up)
        a.compare.triggered.connect(self.files.compare)
        a.measure_files.triggered.connect(self.files.measure_files)
        for action in (
            a.keys,
            a.details,
            a.streams,
            a.study,
        ):  # else the focus would wander on to some button
            action.toggled.connect(lambda on: None if on else self.setFocus())
        a.baseline.triggered.connect(self.baseline_flow.start)
        a.clear_baseline.triggered.connect(self.baseline_flow.clear)
        self.panels.plane.badge.clicked.connect(self.baseline_flow.clear)
        a.step_back.triggered.connect(lambda: self.seek_bar.step(-1))
        a.step_on.triggered.connect(lambda: self.seek_bar.step(1))
        a.speed.triggered.connect(self.seek_bar.next_speed)
        a.networks.triggered.connect(self.status_bar.networks.showMenu)
        a.theme.triggered.connect(self.next_theme)
        a.faces.triggered.connect(self.status_bar.faces.showMenu)
        a.newer_version.triggered.connect(self.newer_version.look)
        a.back.triggered.connect(self._back)
        a.quit.triggered.connect(self.close)

    def _connect_parts(self, live: Live) -> None:
        a, notices = self.user_actions, self.notices
        self.details_sheet.close_button.clicked.connect(lambda: a.details.setChecked(False))
        self.streams_sheet.close_button.clicked.connect(lambda: a.streams.setChecked(False))
        self.streams_sheet.show_options(live.streams.options)
        self.streams_sheet.wanted.connect(live.streams.switch)
        live.streams.switched.connect(self.streams_sheet.show_options)
        self.player.texts_changed.connect(lambda: self._show_marker(live.streams.last))
        self.player.steering_changed.connect(self.seek_bar.follow)
        self.record_flow.began.connect(self.banner.say)
        self.seek_bar.passed.connect(self.banner.say)
        self.seek_bar.markers.connect(self.marker_keys.draw)
        self.toolbar.smoothing.changed.connect(live.playback.smooth)
        self.toolbar.smoothing.changed.connect(self.panels.show_smoothing)
        self.status_bar.networks.chosen.connect(live.playback.choose)
        self.status_bar.faces.chosen.connect(live.playback.measure_at_most)
        live.playback.max_faces_changed.connect(self.status_bar.faces.show_choice)
        live.playback.refused.connect(notices.say)
        live.recovery.recovered.connect(lambda text: notices.say_after_recording(text, a.open_folder))
        live.recovery.failed.connect(lambda text: notices.say(text, a.choose_folder, warning=True))
        QGuiApplication.styleHints().colorSchemeChanged.connect(lambda: self.follow(self._scheme()))

    def _connect_study(self) -> None:
        a, flow, sheet = self.user_actions, self.study_flow, self.study_sheet
        a.study.toggled.connect(sheet.show_up)
        a.study.toggled.connect(lambda on: flow.refresh() if on else None)
        a.next_participant.triggered.connect(flow.choose_next)
        sheet.opening.connect(lambda: self.files.open_study(flow.open))
        sheet.making.connect(lambda: self.files.make_study(flow.make))
        sheet.reading_csv.connect(lambda: self.files.open_table(flow.read_csv))
        sheet.buttons["Done"].clicked.connect(lambda: a.study.setChecked(False))
        sheet.replaying.connect(self._replay)
        sheet.exporting.connect(self._export_of_study)
        sheet.comparing.connect(lambda: self.file_work.compare(self._study_path(SESSIONS)))

    def _study_path(self, name: str) -> Path:
        assert self.study_flow.folder is not None
        return self.study_flow.folder.at(name)

    def _replay(self, session: StudySession) -> None:
        self.user_actions.study.setChecked(False)
        self.player.replay(self._study_path(session.folder))

    def _export_of_study(self, session: StudySession) -> None:
        self._replay(session)
        self._pop_export_up()

    def _connect_chooser(self, live: Live) -> None:
        chooser, player = self.toolbar.chooser, self.player
        self.user_actions.cameras.triggered.connect(
            lambda: self.toolbar.drop_down(player.used, player.cameras.mode)
        )
        chooser.chosen.connect(lambda device, mode: player.play(player.cameras.camera(device, mode)))
        chooser.looked_for.connect(lambda: live.cameras.start(player.used))
        chooser.left.connect(live.cameras.stop)
        live.cameras.found.connect(chooser.show_cameras)
        live.cameras.preview.connect(chooser.show_picture)
        self.panels.painted.connect(lambda result: chooser.show_used(result.frame.image))

    def _apply(self, settings: Settings) -> None:
        shown = from_setting(settings.view)
        for view, action in self.user_actions.view.items():
            action.setChecked(view in shown)
        self._show_view()
        self.toolbar.smoothing.set_value(settings.smoothing)
        self.panels.show_smoothing(settings.smoothing)
        self.status_bar.networks.check(settings.precision)
        self.status_bar.faces.show_choice(settings.max_faces)
        if settings.geometry:
            self.restoreGeometry(QByteArray.fromHex(settings.geometry.encode()))

    def event(self, event: QEvent) -> bool:
        """Gives the space bar to the button that has the focus."""
        return belongs_to_the_focus(event) or super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Keeps the sheets in the middle."""
        super().resizeEvent(event)
        self.help_sheet.fit()
        self.details_sheet.fit()
        self.streams_sheet.fit()
        self.study_sheet.fit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 (Qt's name)
        """Takes files of this computer, and no links."""
        if _local(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 (Qt's name)
        """Replays a session, plays any other file."""
        path = Path(_local(event.mimeData()))
        if path.is_dir() or path.name == INFO_FILE:
            self.player.replay(path if path.is_dir() else path.parent)
        else:
            self.player.play(VideoFile(path))

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 (Qt's name)
        """Out of sight at once; then whatever runs is ended, and a recording is finished."""
        self.closing.emit()
        self.hide()
        self.stage_show.close()
        self.present_flow.close()
        self.study_flow.close()
        self.user_actions.why.setChecked(False)
        self.session_review.close()
        self.file_work.close()
        self.newer_version.close()
        self.player.close()
        super().closeEvent(event)


def _local(data: QMimeData) -> str:
    """The first file that is dragged; "" where there is none, as with a link to a page."""
    return next((url.toLocalFile() for url in data.urls() if url.isLocalFile()), "")
