"""What can be asked of a recorded session: its report, and whether it is unchanged."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from app.system import paths
from app.ui.controls.actions import Actions
from app.ui.flows.notices import Notices
from app.ui.flows.player import Player
from app.ui.flows.record_flow import RecordFlow
from app.ui.flows.worker import Tasks


class SessionReview(QObject):
    """Reports and verifies what is replayed, or the last recording, on own threads: what plays goes on.

    `_closing` is stored once by the window's thread and read by those.
    """

    _reported = Signal(object)  # Path of the page that was made
    _verified = Signal(bool, str)  # whether the session is unchanged, and in words what was found
    _failed = Signal(str)  # one sentence

    def __init__(self, player: Player, recording: RecordFlow, actions: Actions, notices: Notices) -> None:
        super().__init__()
        self._player, self._recording = player, recording
        self._actions, self._notices = actions, notices
        self._tasks = Tasks("session-review", 2)
        self._closing = False
        actions.report.triggered.connect(self._report)
        actions.verify.triggered.connect(self._verify)
        self._reported.connect(self._show_report)
        self._verified.connect(lambda good, text: notices.say(text, actions.open_folder, warning=not good))
        self._failed.connect(lambda text: notices.say(text, warning=True))

    @property
    def session(self) -> Path | None:
        """The folder that is asked about; None while there is none."""
        return self._player.replayed or self._recording.recorded

    def close(self) -> None:
        """Whatever runs ends at its next step; nobody waits for it."""
        self._closing = True
        self._tasks.close(wait=False)

    def _report(self) -> None:
        if (session := self.session) is None:
            self._refuse("a report can be made")
        else:
            self._tasks.submit(lambda: self._make_report(session), self._failed.emit)

    def _verify(self) -> None:
        """Unless it is being recorded: then its hash is not known yet."""
        session = self.session
        if session is None or (self._recording.is_recording and session == self._recording.recorded):
            self._refuse("it can be verified")
        else:
            self._notices.say(f"Verifying {session.name} \N{HORIZONTAL ELLIPSIS}")
            self._tasks.submit(lambda: self._check(session), self._failed.emit)

    def _refuse(self, then: str) -> None:
        a = self._actions
        self._notices.say(f"Finish a recording or open one: then {then}.", a.record, a.open_session)

    def _make_report(self, session: Path) -> None:
        # a report is rarely asked for, so the window opens without importing this
        from app.report import write

        self._reported.emit(write.write([str(session)]))

    def _check(self, session: Path) -> None:
        # rarely needed, as above
        from app.analysis.verify import verify

        # The program could not end before its threads: a long video would keep it for minutes.
        findings = list(verify(session, paths.models(), lambda: self._closing))
        differing = [finding.text for finding in findings if not finding.good]
        said = " ".join(differing or [finding.text for finding in findings])
        self._verified.emit(not differing, f"{session.name}: {said}")

    def _show_report(self, page: Path) -> None:
        """In the browser; where there is none, the notice bar says where it is."""
        self._notices.say(f"The report is {page}.", self._actions.open_folder)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(page)))
