"""What can be asked of a recorded session: its report, whether it is unchanged, and an export."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QAction, QDesktopServices

from app.sessions.info import SessionInfo, read_info
from app.sessions.schema.files import INFO_FILE, ROWS_FILE
from app.system import clock, paths
from app.ui.controls.actions import Actions
from app.ui.flows.notices import Notices
from app.ui.flows.player import Player
from app.ui.flows.record_flow import RecordFlow
from app.ui.flows.worker import Tasks

PROGRESS = 0.5  # s between two sentences about how far it is


class SessionReview(QObject):
    """Works on what is replayed, or the last recording, on own threads: what plays goes on.

    `_closing` and `_stopped` are stored by the window's thread and read by those.
    """

    _reported = Signal(object)  # Path of the page that was made
    _verified = Signal(bool, str, str)  # whether the session is unchanged, the verdict, all findings
    _progressed = Signal(str)  # how far it is
    _exported = Signal(object)  # tuple of Path
    _failed = Signal(str)  # one sentence

    def __init__(self, player: Player, recording: RecordFlow, actions: Actions, notices: Notices) -> None:
        super().__init__()
        self._player, self._recording = player, recording
        self._actions, self._notices = actions, notices
        self._tasks = Tasks("session-review", 2)
        self._closing = self._stopped = False
        self._stop = QAction("Stop verifying")
        self._stop.setToolTip("Stop verifying; the session stays as it is")
        self._stop.triggered.connect(self._stop_verifying)
        actions.report.triggered.connect(self._report)
        actions.verify.triggered.connect(self._verify)
        self._reported.connect(self._show_report)
        self._verified.connect(self._show_verdict)
        self._progressed.connect(self._show_progress)
        self._exported.connect(self._show_exported)
        self._failed.connect(lambda text: notices.say(text, warning=True))

    @property
    def session(self) -> Path | None:
        """The folder that is asked about; None while there is none."""
        return self._player.replayed or self._recording.recorded

    def finished(self, then: str) -> Path | None:
        """The session, unless there is none or it is still being recorded: then it says when `then` is so."""
        session = self.session
        if session is None or (self._recording.is_recording and session == self._recording.recorded):
            self._refuse(then)
            return None
        return session

    def close(self) -> None:
        """Whatever runs ends at its next step; nobody waits for it."""
        self._closing = True
        self._tasks.close(wait=False)

    def export(self, name: str) -> None:
        """Writes the session as the format `name`, one of `FORMATS`, beside its folder."""
        session = self.finished("it can be exported")
        if session is not None:
            self._notices.say(f"Exporting {session.name} \N{HORIZONTAL ELLIPSIS}")
            self._tasks.submit(lambda: self._write(session, name), self._failed.emit)

    def _report(self) -> None:
        if (session := self.session) is None:
            self._refuse("a report can be made")
        else:
            self._tasks.submit(lambda: self._make_report(session), self._failed.emit)

    def _verify(self) -> None:
        session = self.finished("it can be verified")
        if session is not None:
            self._stopped = False
            self._notices.say(f"Verifying {session.name} \N{HORIZONTAL ELLIPSIS}", self._stop)
            self._tasks.submit(lambda: self._check(session), self._failed.emit)

    def _refuse(self, then: str) -> None:
        a = self._actions
        self._notices.say(f"Finish a recording or open one: then {then}.", a.record, a.open_session)

    def _stop_verifying(self) -> None:
        self._stopped = True
        self._notices.say("Verifying was stopped.")

    # What follows runs on the threads of `_tasks`

    def _make_report(self, session: Path) -> None:
        # a report is rarely asked for, so the window opens without importing this
        from app.exports.report import write

        self._reported.emit(write.write([str(session)]))

    def _write(self, session: Path, name: str) -> None:
        # rarely needed, as above
        from app.exports.export import export
        from app.sessions.reading import RecordedSession

        self._exported.emit(export(RecordedSession(session), name))

    def _check(self, session: Path) -> None:
        # rarely needed, as above
        from app.analysis.verify import verify

        frames = _frames(read_info(session / INFO_FILE))
        done, said = 0, clock.now()

        def ended() -> bool:
            nonlocal done, said
            done += 1
            if frames and clock.now() - said > PROGRESS:
                said = clock.now()
                share = f"{min(100, 100 * done // frames)} %"
                self._progressed.emit(f"Verifying {session.name} \N{HORIZONTAL ELLIPSIS} {share}")
            # The program could not end before its threads: a long video would keep it for minutes.
            return self._closing or self._stopped

        findings = list(verify(session, paths.models(), ended))
        differing = [finding.text for finding in findings if not finding.good]
        verdict = f"Verified: {session.name} is unchanged."
        if not any(finding.checked and finding.text.startswith(ROWS_FILE) for finding in findings):
            verdict = f"Nothing differs in {session.name}, as far as it can be checked."
        if differing:
            verdict = f"{session.name} differs from what was recorded."
        last = [finding.text for finding in findings[-1:]]  # whether the rows come out again, or why not
        every = "\n".join(f"{finding.word}: {finding.text}" for finding in findings)
        self._verified.emit(not differing, " ".join((verdict, *(differing[:3] or last))), every)

    # The window's thread again

    def _show_progress(self, text: str) -> None:
        """Only in place of its own last sentence: another one is not taken away."""
        if self._notices.bar.text.startswith(text.partition("\N{HORIZONTAL ELLIPSIS}")[0]):
            self._notices.say(text, self._stop)

    def _show_verdict(self, good: bool, text: str, findings: str) -> None:
        folder, warning = self._actions.open_folder, not good
        every = QAction("All findings", self)
        every.setToolTip("Show what was checked, one line each")
        every.triggered.connect(lambda: self._notices.say(findings, folder, warning=warning))
        self._notices.say(text, *([every] if "\n" in findings else []), folder, warning=warning)

    def _show_exported(self, files: tuple[Path, ...]) -> None:
        more = f" and {len(files) - 1} more" if len(files) > 1 else ""
        open_exported = QAction("Show the file", self)
        open_exported.setToolTip(f"Open {files[0].parent}")
        folder = QUrl.fromLocalFile(str(files[0].parent))
        open_exported.triggered.connect(lambda: QDesktopServices.openUrl(folder))
        self._notices.say(f"Exported to {files[0]}{more}.", open_exported)

    def _show_report(self, page: Path) -> None:
        """In the browser; where there is none, the notice bar says where it is."""
        self._notices.say(f"The report is {page}.", self._actions.open_folder)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(page)))


def _frames(info: SessionInfo) -> int:
    """How many frames were recorded; 0 where that is not known."""
    frames = info.whole.get("frames")
    return frames if isinstance(frames, int) else 0
