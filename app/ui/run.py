"""The window and everything in it."""

from __future__ import annotations

import logging
import signal
import sys
from dataclasses import replace
from pathlib import Path
from types import TracebackType

import app.system.native  # noqa: F401  before Qt

# isort: split
import shiboken6
from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QAction, QDesktopServices, QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from app.playing.protocols import LivePipeline
from app.sources.source import Source
from app.sources.video import VideoFile
from app.stages.detectors import DEFAULT_DETECTOR
from app.stages.precision import CARDS
from app.streams.streams import NOTHING, StreamOptions
from app.system import crash, paths
from app.system.settings import Settings
from app.ui import screenshot as shot
from app.ui.flows.choices import Choices
from app.ui.flows.live import Live
from app.ui.flows.welcome import Welcome
from app.ui.look.errors import error_sentence
from app.ui.window import Window

TURN = 5e-4  # s that a thread keeps Python to itself while another waits; the usual 5 ms are long for a frame
SINGLE_SHOT = Qt.ConnectionType.SingleShotConnection
log = logging.getLogger(__name__)


def application() -> QApplication:
    """The one QApplication of a process, in Mien's style."""
    sys.setswitchinterval(TURN)  # else painting holds up the stages, each time that they come back to Python
    app = QApplication.instance()
    made = app if isinstance(app, QApplication) else QApplication(sys.argv[:1])
    made.setApplicationName("Mien")
    made.setDesktopFileName("mien")
    made.setWindowIcon(QIcon(str(paths.assets() / "icon.png")))
    made.setStyle("Fusion")
    return made


def run(
    source: Source | None,
    notice: str,
    settings: Settings,
    screenshot: Path | None = None,
    after: float = 5.0,
    *,
    record: bool = False,
    wanted: StreamOptions = NOTHING,
    session: Path | None = None,
    study: Path | None = None,
    detector: str = DEFAULT_DETECTOR,
    stage: bool = False,
    screen: int | None = None,
) -> int:
    """Opens the window on `source`, with `notice` in its notice bar, until it is closed; the exit code.

    `detector` is one of `DETECTORS`. With `session`, a folder, that is replayed; `study`, that of a study,
    is opened. With `record` it records from its first picture on. With `stage` it begins with the stage
    view, and on the `screen` of that number, from 1, where there is one. With `screenshot` it saves a picture
    of itself there, `after` seconds from its first frame on, and closes.
    """
    app = application()

    def load() -> LivePipeline:
        # the networks take a while to load: the window is there before them
        from app.stages.pipeline import Pipeline

        return Pipeline.load(
            paths.models(), settings.max_faces, affect=tuple(CARDS.values()), detector=detector
        )

    live = Live(load, settings.max_faces, wanted)
    audience = stage and isinstance(
        source, VideoFile
    )  # which needs no leave, and shall see no page before it
    greeted = not (settings.welcomed or audience or study) and screenshot is None and session is None
    window = Window(replace(settings, welcomed=settings.welcomed or greeted), live)
    if greeted:
        greet(window, source)
    elif source is not None:
        window.player.play(source)
    if session is not None:
        window.player.replay(session)
    if study is not None:
        window.study_flow.open(study)
    if notice:
        window.notice_bar.say(notice, window.user_actions.open_video)
    if live.streams.problems:
        window.notice_bar.say(" ".join(live.streams.problems), warning=True)
    if screenshot is None:
        live.recovery.start(settings.sessions_folder)
    else:
        shot.schedule(window, screenshot, after)
    if record:
        window.panels.painted.connect(lambda _: window.user_actions.record.trigger(), SINGLE_SHOT)
    mind(window)
    with crash.watched(paths.log_file().parent) as earlier:
        if earlier is not None:
            _tell_of(earlier, window)
        if screenshot is None:
            choices = Choices(settings, window.settings, lambda text: window.notices.say(text, warning=True))
            window.closing.connect(choices.close)
        _place(window, screen)
        window.show()
        if stage:
            window.user_actions.stage.trigger()
        code = app.exec()
        shiboken6.delete(window)  # while Qt is whole: Python's own order at the end now and then crashes
    return code


def greet(window: Window, source: Source | None) -> Welcome:
    """The page of the first start; it goes as soon as anything plays, by its own buttons or by the bar's.

    What needs no leave, the sample clip or a video that was named, plays at once above it.
    """
    page = Welcome(window, source, lambda: VideoFile(paths.sample_clip()))
    page.chosen.connect(window.player.play)
    if source is None or page.asks:
        window.player.offer(source)
        page.test()
    else:
        window.player.play(source)
        # the test waits for the first values, which it would delay
        window.panels.painted.connect(lambda _: page.test(), SINGLE_SHOT)
        window.user_actions.back.triggered.connect(page.put_away)
    window.player.opening.connect(page.put_away)
    a = window.user_actions
    for action in (a.keys, a.details, a.streams, a.study):  # no page lies over another
        action.triggered.connect(page.put_away)
    return page


def _place(window: Window, screen: int | None) -> None:
    """Moves `window` to the screen of that number, from 1; says it where there is none."""
    screens = QGuiApplication.screens()
    if screen is None:
        return
    if screen > len(screens):
        window.notices.say(f"There is no screen {screen}: this computer has {len(screens)}.", warning=True)
    else:
        window.move(screens[screen - 1].availableGeometry().topLeft())


def _tell_of(earlier: Path, window: Window) -> None:
    """Offers what the crash before this start has left."""
    open_log = QAction("Open the log", window)
    open_log.setToolTip(f"Open {earlier}")
    open_log.triggered.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(earlier))))
    window.notice_bar.say("Mien crashed last time. The log can help fix it.", open_log)


def mind(window: Window) -> None:
    """Ctrl-C and SIGTERM close `window`; an error of our own is logged and said, each kind once."""
    said = set[str]()

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        text = error_sentence(error)
        if text not in said:
            said.add(text)
            log.error("An error of our own", exc_info=(kind, error, trace))
            window.notice_bar.say(text, warning=True)

    sys.excepthook = hook
    for number in (signal.SIGINT, signal.SIGTERM):
        # Not at once: it may come while the window paints, and Qt would crash on Wayland without a surface.
        signal.signal(number, lambda *_: QTimer.singleShot(0, window.close))
