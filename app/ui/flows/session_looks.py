"""How good the sessions of a study are, and what their videos show: looked up on a thread of its own."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage

from app.sessions.schema.files import INFO_FILE, ROWS_FILE, VIDEO_FILE
from app.sources.source import SourceError
from app.study.folder import StudyFolder
from app.study.sessions import SessionStatus, status_of
from app.study.stimulus_files import first_picture
from app.study.study import Study, StudySession
from app.ui.flows.worker import Tasks
from app.ui.stimuli.screen import to_qimage

LARGEST = QSize(96, 72)  # pixels of a picture: twice those that are shown, for fine screens
Stamp = tuple[tuple[int, int] | None, ...]  # size and time of each file; None for one that is not there


class SessionLooks(QObject):
    """Each session is read once, and again only when one of its files has changed."""

    looked = Signal(object, object, object)  # Study; statuses and pictures, by the folders of its sessions
    failed = Signal(str)  # one sentence

    def __init__(self) -> None:
        super().__init__()
        self._tasks = Tasks("study")
        self._newest: Study | None = None  # a look at an older one is given up
        self._known: dict[Path, tuple[Stamp, SessionStatus, QImage | None]] = {}  # the thread's own

    def look(self, folder: StudyFolder, study: Study) -> None:
        """Looks at all sessions of `study`; `looked` says what was found."""
        self._newest = study
        self._tasks.submit(lambda: self._look(folder, study), self.failed.emit)

    def close(self) -> None:
        """Looks nothing up any more."""
        self._newest = None
        self._tasks.close(wait=False)

    def _look(self, folder: StudyFolder, study: Study) -> None:
        statuses: dict[str, SessionStatus] = {}
        pictures: dict[str, QImage] = {}
        for session in [session for participant in study.participants for session in participant.sessions]:
            if study is not self._newest:
                return
            status, picture = self._found(folder, session)
            statuses[session.folder] = status
            if picture is not None:
                pictures[session.folder] = picture
        self.looked.emit(study, statuses, pictures)

    def _found(self, folder: StudyFolder, session: StudySession) -> tuple[SessionStatus, QImage | None]:
        path = folder.at(session.folder)
        stamp = tuple(_stamp(path / name) for name in (INFO_FILE, ROWS_FILE, VIDEO_FILE))
        known = self._known.get(path)
        if known is None or known[0] != stamp or known[1].session != session:
            known = self._known[path] = stamp, status_of(folder, session), _picture(path / VIDEO_FILE)
        return known[1], known[2]


def _picture(video: Path) -> QImage | None:
    """The first one of `video`, small; None where there is none."""
    try:
        picture = to_qimage(first_picture(video))
    except SourceError:
        return None  # most sessions keep no video
    return picture.scaled(
        LARGEST, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns
