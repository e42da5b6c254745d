"""What is asked of a recorded session: the page of its report, and whether it is what was recorded."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from app.system import paths
from app.ui.controls.actions import Actions
from app.ui.flows.live import sentence
from app.ui.flows.player import Player
from app.ui.panels.notice import NoticeBar

log = logging.getLogger(__name__)


class Reviewing(QObject):
    """Of what is replayed, else of the last recording; on threads of its own, so that what plays goes on."""

    _reported = Signal(object)  # Path of the page that was made
    _verified = Signal(bool, str)  # whether the session is what was recorded, and in words what was found
    _failed = Signal(str)  # one sentence

    def __init__(self, player: Player, commands: Actions, strip: NoticeBar) -> None:
        super().__init__()
        self._player, self._commands, self._strip = player, commands, strip
        self._work = ThreadPoolExecutor(2, thread_name_prefix="afterwards")
        self._closing = False
        commands.report.triggered.connect(self._report)
        commands.verify.triggered.connect(self._verify)
        self._reported.connect(self._show_report)
        self._verified.connect(lambda good, text: strip.say(text, commands.open_folder, warning=not good))
        self._failed.connect(lambda text: strip.say(text, warning=True))

    @property
    def session(self) -> Path | None:
        """The folder that is asked about; None while there is none."""
        return self._player.replayed or self._player.recorded

    def close(self) -> None:
        """Whatever runs ends at its next step; nobody waits for it."""
        self._closing = True
        self._work.shutdown(wait=False, cancel_futures=True)

    def _report(self) -> None:
        if (session := self.session) is None:
            self._refuse("a page of it can be made")
        else:
            self._work.submit(self._guard, lambda: self._make_report(session))

    def _verify(self) -> None:
        """Unless it is being recorded: then its hash is not known yet."""
        session = self.session
        if session is None or (self._player.is_recording and session == self._player.recorded):
            self._refuse("it can be verified")
        else:
            self._strip.say(f"Verifying {session.name} \N{HORIZONTAL ELLIPSIS}")
            self._work.submit(self._guard, lambda: self._check(session))

    def _refuse(self, then: str) -> None:
        commands = self._commands
        self._strip.say(
            f"Finish a recording or open one: then {then}.", commands.record, commands.open_session
        )

    def _make_report(self, session: Path) -> None:
        from app.report import write  # wanted seldom: the window opens without it

        self._reported.emit(write.write([str(session)]))

    def _check(self, session: Path) -> None:
        from app.analysis.verify import verify  # wanted seldom, as above

        # The program could not end before its threads: a long video would keep it for minutes.
        findings = list(verify(session, paths.models(), lambda: self._closing))
        differing = [finding.text for finding in findings if not finding.good]
        said = " ".join(differing or [finding.text for finding in findings])
        self._verified.emit(not differing, f"{session.name}: {said}")

    def _guard(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # the boundary of the thread: the window shows it
            log.warning("What was asked of a session failed.", exc_info=True)
            self._failed.emit(sentence(error))

    def _show_report(self, page: Path) -> None:
        """In the browser; where there is none, the strip says where it lies."""
        self._strip.say(f"The report is {page}.", self._commands.open_folder)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(page)))
