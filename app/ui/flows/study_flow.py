"""A study in the window: opened, its participants chosen one by one, and recorded into its folder."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from app.sessions.header import RecordingOptions
from app.study.errors import StudyError
from app.study.folder import StudyFolder
from app.study.participants_csv import add_all, read_participants
from app.study.recycle import Deleted, bring_back, delete_participant, delete_session
from app.study.sessions import SessionStatus, begin_session, details_for
from app.study.study import Study, StudySession
from app.system.counted import counted
from app.system.errors import UserError
from app.ui.controls.study_bar import StudyBar
from app.ui.controls.study_sheet import StudySheet
from app.ui.flows.notices import Notices
from app.ui.flows.record_flow import RecordFlow
from app.ui.flows.session_looks import SessionLooks

CHOOSE_FIRST = "Nobody is chosen: choose a participant of the study (Shift+N or F10), then record."


class StudyFlow(QObject):
    """Lives on the window's thread, and changes the study there."""

    changed = Signal()  # the study, or who is recorded next

    def __init__(self, sheet: StudySheet, bar: StudyBar, notices: Notices, recording: RecordFlow) -> None:
        super().__init__()
        self._sheet, self._bar, self._notices, self._recording = sheet, bar, notices, recording
        self._looks = SessionLooks()
        self._deleted: list[Deleted] = []
        self.folder: StudyFolder | None = None
        self.study: Study | None = None
        self.code = ""  # who is recorded next, or just now
        self.session: StudySession | None = None  # the one that was begun last, of `code`
        self._pending: StudySession | None = None  # noted in the study, its recording not begun yet
        recording.place = self._place
        recording.began.connect(lambda _: self._began())
        recording.ended.connect(self._ended)
        recording.failed.connect(self._give_up)
        sheet.added.connect(lambda code: self._change(lambda study: study.with_participant(code)))
        sheet.chosen.connect(self.choose)
        sheet.consented.connect(self.consent)
        sheet.rule_changed.connect(self._set_rule)
        sheet.deleting.connect(self._delete)
        sheet.undoing.connect(self.undo)
        self._looks.looked.connect(self._show_looked)
        self._looks.failed.connect(lambda text: notices.say(text, warning=True))
        sheet.offer_undo("")

    def open(self, path: Path) -> None:
        """Opens the study in the folder `path`; says why where it cannot."""
        if self._busy("another study can be opened"):
            return
        folder = StudyFolder(path)
        try:
            study = folder.read()
        except StudyError as error:
            self._notices.say(str(error), warning=True)
            return
        self.folder, self.study, self.code, self.session, self._deleted = folder, study, "", None, []
        self._sheet.offer_undo("")
        self._show()

    def make(self, path: Path) -> None:
        """Makes a study in the folder `path`, named like it, and opens it."""
        try:
            StudyFolder.make(path, Study(path.name))
        except StudyError as error:
            self._notices.say(str(error), warning=True)
            return
        self.open(path)

    def read_csv(self, path: Path) -> None:
        """Adds the participants of a table, all or none."""
        try:
            found = read_participants(path)
        except UserError as error:
            self._notices.say(str(error), warning=True)
            return
        if self._change(lambda study: add_all(study, found)):
            self._notices.say(f"{counted(len(found), 'participant was', 'participants were')} added.")

    def choose(self, code: str) -> None:
        """`code` is recorded next. Nothing of the one before carries over."""
        if self.study is not None and code and not self._busy("the next participant can be chosen"):
            self.code, self.session = code, None
            self._sheet.condition.setCurrentIndex(0)
            self._show()

    def choose_next(self) -> None:
        """The next participant in the list who has no session yet."""
        if self.study is None:
            self._notices.say("No study is open: open or make one first (F10).")
            return
        codes = [p.code for p in self.study.participants]
        after = codes.index(self.code) + 1 if self.code in codes else 0
        free = [p.code for p in self.study.participants if not p.sessions and p.code != self.code]
        waiting = [code for code in (*codes[after:], *codes[:after]) if code in free]
        if waiting:
            self.choose(waiting[0])
        else:
            self._notices.say("Everybody in the study has a session: add participants, or choose one (F10).")

    def consent(self, code: str, agreed: bool) -> None:
        """Notes that the participant agrees today to be recorded, or does not any more."""
        day = datetime.date.today() if agreed else None
        self._change(lambda study: study.with_consent(code, day))

    def undo(self) -> None:
        """Brings back what was deleted last."""
        if self._deleted and self.folder is not None:
            try:
                bring_back(self.folder, self._deleted[-1])
            except StudyError as error:
                self._notices.say(str(error), warning=True)
            else:
                self._notices.say(f"{self._deleted.pop().name} is back.")
            self._reload()

    def refresh(self) -> None:
        """Reads the study again, which another operator may have changed."""
        if self.folder is not None:
            self._reload()

    def close(self) -> None:
        """Looks nothing up any more."""
        self._looks.close()

    # Recording

    def _place(self, options: RecordingOptions) -> tuple[RecordingOptions, Path | None]:
        """Where the next recording goes, and what it says of who is recorded. Raises StudyError."""
        if self.folder is None:
            return options, None
        if not self.code:
            raise StudyError(CHOOSE_FIRST)
        self._give_up()  # one that came to nothing
        session = begin_session(self.folder, self.code, self._sheet.chosen_condition)
        self._pending = session
        study = self.folder.read()
        said = details_for(study, study.participant(self.code), session)
        said = replace(said, notes=options.details.notes or said.notes)
        return replace(options, details=said), self.folder.at(session.folder)

    def _began(self) -> None:
        if self._pending is not None:
            self.session, self._pending = self._pending, None
            self._reload()

    def _ended(self) -> None:
        if self.folder is not None:
            self._reload()

    def _give_up(self) -> None:
        """Nothing is recorded after all: the study does not keep a session that is not there."""
        pending, self._pending = self._pending, None
        if pending is not None:
            self._change(lambda study: study.without_session(pending.folder))

    # The study on the disk

    def _busy(self, then: str) -> bool:
        if self._recording.is_recording and self.folder is not None:
            self._notices.say(f"{self.code} is being recorded: finish the recording, then {then}.")
        return self._recording.is_recording and self.folder is not None

    def _set_rule(self, required: bool) -> None:
        self._change(lambda study: replace(study, consent_required=required))

    def _delete(self, code: str, session: StudySession | None) -> None:
        if self.folder is None or self._busy("something can be deleted"):
            return
        try:
            if session is None:
                gone = delete_participant(self.folder, code)
            else:
                gone = delete_session(self.folder, code, session)
        except StudyError as error:
            self._notices.say(str(error), warning=True)
            return
        self._deleted.append(gone)
        if session is None and code == self.code:
            self.code, self.session = "", None
        self._reload()

    def _change(self, change: Callable[[Study], Study]) -> bool:
        if self.folder is None:
            return False
        try:
            self.study = self.folder.change(change)
        except StudyError as error:
            self._notices.say(str(error), warning=True)
            self._reload()
            return False
        self._show()
        return True

    def _reload(self) -> None:
        assert self.folder is not None
        try:
            self.study = self.folder.read()
        except StudyError as error:
            self._notices.say(str(error), warning=True)
            return
        if self.code and not self.study.has(self.code):
            self.code, self.session = "", None
        self._show()

    def _show(self) -> None:
        study, folder = self.study, self.folder
        if study is None or folder is None:
            return
        recording, run, consent = self._recording.is_recording, 0, True
        if self.code:
            participant = study.participant(self.code)
            run = self.session.run if recording and self.session else participant.next_run
            consent = participant.consent is not None or not study.consent_required
        self._bar.show_who(study.name, self.code, run, consent=consent, recording=recording)
        self._sheet.show_study(study, self.code)
        self._sheet.offer_undo(self._deleted[-1].name if self._deleted else "")
        self._looks.look(folder, study)
        self.changed.emit()

    def _show_looked(
        self, study: Study, statuses: dict[str, SessionStatus], pictures: dict[str, QImage]
    ) -> None:
        if study is self.study:
            self._sheet.show_statuses(statuses, pictures)
