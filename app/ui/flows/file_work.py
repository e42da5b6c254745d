"""Many files behind the window: recordings compared on one page, files measured one after the other."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QAction, QDesktopServices

from app.analysis.options import AnalysisOptions
from app.sessions.schema.files import INFO_FILE
from app.sources.source import Source
from app.system import clock, paths
from app.system.errors import UserError
from app.system.interruption import Interruption
from app.types import DEFAULT_MAX_FACES, Frame
from app.ui.controls.actions import Actions
from app.ui.flows.notices import Notices
from app.ui.flows.record_flow import RecordFlow
from app.ui.flows.worker import Tasks
from app.ui.look.errors import error_sentence

PROGRESS = 0.5  # s between two sentences about how far it is
MEASURING = "Measuring"  # how these sentences begin


class FileWork(QObject):
    """One task after the other, on a thread of its own; what plays and what is recorded goes on."""

    _compared = Signal(object)  # Path of the page
    _progressed = Signal(str)  # one sentence: how far it is
    _measured = Signal(str, bool)  # what came of it; whether something failed
    _failed = Signal(str)  # one sentence

    def __init__(self, recording: RecordFlow, actions: Actions, notices: Notices) -> None:
        """Files are measured into the folder of `recording`."""
        super().__init__()
        self._recording, self._notices = recording, notices
        self.max_faces: Callable[[], int] = lambda: DEFAULT_MAX_FACES  # of a frame that are measured
        self._tasks, self._interruption = Tasks("file-work"), Interruption()
        self._stop = QAction("Stop measuring")
        self._stop.setToolTip("Stop after this frame; what was measured is kept")
        self._stop.triggered.connect(self._end)
        self._compared.connect(self._show_page)
        self._progressed.connect(lambda text: notices.say(text, self._stop))
        self._measured.connect(lambda text, bad: notices.say(text, actions.open_folder, warning=bad))
        self._failed.connect(lambda text: notices.say(text, warning=True))

    def compare(self, folder: Path) -> None:
        """Makes one page of all recordings in `folder`, by their conditions, and opens it."""
        sessions = sorted(info.parent for info in folder.glob(f"*/{INFO_FILE}"))
        if len(sessions) < 2:
            self._notices.say(f"There are no two recordings in {folder}: choose the folder that holds them.")
            return
        self._notices.say(f"Comparing {len(sessions)} recordings \N{HORIZONTAL ELLIPSIS}")
        self._tasks.submit(lambda: self._compare(sessions), self._failed.emit)

    def measure(self, files: Sequence[Path]) -> None:
        """Measures `files` one after the other, each into a session of its own, without showing them."""
        self._interruption = interruption = Interruption()
        out = self._recording.folder
        self._notices.say(f"{MEASURING} {len(files)} files \N{HORIZONTAL ELLIPSIS}", self._stop)
        self._tasks.submit(lambda: self._measure(files, out, interruption), self._failed.emit)

    def close(self) -> None:
        """Whatever runs ends after its frame; nobody waits for it."""
        self._end()
        self._tasks.close(wait=False)

    def _end(self) -> None:
        self._interruption.number = self._interruption.number or signal.SIGINT

    # What follows runs on the thread of `_tasks`

    def _compare(self, sessions: Sequence[Path]) -> None:
        # rarely asked for, so the window opens without importing this
        from app.exports.report import write

        self._compared.emit(write.write([str(session) for session in sessions]))

    def _measure(self, files: Sequence[Path], out: Path, interruption: Interruption) -> None:
        # rarely asked for, as above
        from app.analysis.analyze import analyze_one

        options, done, troubles = AnalysisOptions(out, paths.models(), self.max_faces()), 0, list[str]()
        pipelines = options.pipelines()
        for number, path in enumerate(files, 1):
            where = f"{MEASURING} {path.name}, {number} of {len(files)}"
            try:
                analyze_one(
                    path, options, pipelines, frames=partial(self._frames, where), interruption=interruption
                )
                done += 1
            except KeyboardInterrupt:
                troubles.append("Measuring was stopped.")
                break
            except UserError as error:
                troubles.append(error_sentence(error))
        text = f"{done} of {len(files)} files were measured, into {out}."
        self._measured.emit(" ".join((text, *troubles[:3])), bool(troubles))

    def _frames(self, where: str, source: Source) -> Iterator[Frame]:
        """The frames of `source`; it is said now and then how many were measured."""
        said, count = clock.now(), 0
        while (frame := source.read()) is not None:
            yield frame
            count += 1
            if clock.now() - said > PROGRESS:
                said = clock.now()
                self._progressed.emit(f"{where}: {count} frames")

    # The window's thread again

    def _show_page(self, page: Path) -> None:
        self._notices.say(f"The comparison is {page}.")
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(page)))
