"""The study view: all participants with their sessions, what has become of each, and what can be done."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QKeyEvent, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.study.sessions import SessionStatus
from app.study.study import Participant, Study, StudySession
from app.system.counted import counted
from app.ui.controls.sheet import Sheet
from app.ui.look.theme import Theme

COLUMNS = ("Participant", "Group", "Consent", "Recorded", "Rows ok", "State")
THUMB = QSize(48, 36)
WIDEST, EDGE = 980, 16  # pixels
LAW = (
    "Ask before you record, note the day, and let people stop and withdraw. In the EU, reading emotions of "
    "people at work or in education is forbidden since 2 February 2025, but for medical or safety reasons. "
    "docs/study.md says more, with sources."
)


class Tree(QTreeWidget):
    """Participants, with their sessions below them."""

    deleting = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Delete deletes, Return takes."""
        if event.key() == Qt.Key.Key_Delete:
            self.deleting.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and (item := self.currentItem()):
            self.itemActivated.emit(item, 0)
        else:
            super().keyPressEvent(event)


class StudySheet(Sheet):
    """Its signals name the participant by their code; `session` below is a `StudySession`."""

    opening = Signal()
    making = Signal()
    reading_csv = Signal()
    added = Signal(str)  # code
    chosen = Signal(str)  # code: the one to be recorded next
    consented = Signal(str, bool)  # code, whether they agreed
    rule_changed = Signal(bool)  # whether consent is required
    replaying = Signal(object)  # session
    exporting = Signal(object)  # session
    comparing = Signal()
    deleting = Signal(str, object)  # code; session, None for the participant
    undoing = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "Study")
        self._study: Study | None = None
        self._statuses: Mapping[str, SessionStatus] = {}
        self._pictures: Mapping[str, QImage] = {}
        self.title = QLabel("<h3>No study is open</h3>")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.search, self.code, self.tree = QLineEdit(), QLineEdit(), Tree()
        self.search.setPlaceholderText("Search code, group or variable")
        self.search.setAccessibleName("Search participants")
        self.search.textChanged.connect(self._filter)
        self.code.setPlaceholderText("New code")
        self.code.setAccessibleName("Code of a new participant")
        self.code.returnPressed.connect(self._add)
        self.tree.setHeaderLabels(COLUMNS)
        self.tree.setAccessibleName("Participants and their sessions")
        self.tree.setIconSize(THUMB)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self.tree.itemActivated.connect(self._activate)
        self.tree.deleting.connect(self._delete)
        self.tree.currentItemChanged.connect(lambda *_: self._offer())
        self.condition = QComboBox()
        self.condition.setAccessibleName("Condition of the next session")
        self.rule = QCheckBox("Nobody is recorded without consent")
        self.rule.clicked.connect(self.rule_changed)
        self.law = QLabel(LAW)
        self.law.setWordWrap(True)
        self.buttons = {
            name: _button(name, tip)
            for name, tip in (
                ("Open a study", "Choose the folder of a study"), ("New study", "Make a new study"),
                ("CSV", "Add participants from a table"), ("Add", "Add a participant with this code"),
                ("Record next", "Choose this participant (Return)"),
                ("Consent", "Note that this participant agrees today, or take it back"),
                ("Replay", "Open this session (Return)"), ("Export", "Export this session"),
                ("Compare", "Compare all sessions"), ("Delete", "Move to the study's bin (Delete)"),
                ("Undo", "Bring back what was deleted last"), ("Done", "Close this (Esc)"),
            )
        }  # fmt: skip
        self._connect()
        self._lay_out()
        self.show_study(None, "")
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Takes the colours of `theme` from now on."""
        self.law.setStyleSheet(f"color: {theme.quiet}")

    def show_study(self, study: Study | None, current: str) -> None:
        """Shows `study`, None for none; `current` is the code of who is recorded next."""
        self._study, self._current = study, current
        self.title.setText(study.name if study is not None else "No study is open")
        words = [condition.name for condition in study.conditions] if study is not None else []
        if words != [self.condition.itemText(i) for i in range(1, self.condition.count())]:
            self.condition.clear()
            self.condition.addItems(["no condition", *words])
        self.condition.setVisible(bool(words))
        self.rule.setChecked(study is None or study.consent_required)
        for widget in (self.rule, self.search, self.code, self.tree):
            widget.setEnabled(study is not None)
        self._fill()

    def show_statuses(self, statuses: Mapping[str, SessionStatus], pictures: Mapping[str, QImage]) -> None:
        """Shows how good each session is and what it shows, by its folder."""
        self._statuses, self._pictures = statuses, pictures
        self._fill()

    def offer_undo(self, name: str) -> None:
        """Whether something can be brought back, by its `name`; "" for nothing."""
        self.buttons["Undo"].setEnabled(bool(name))
        self.buttons["Undo"].setToolTip(f"Bring back {name}" if name else "Nothing was deleted")

    @property
    def chosen_condition(self) -> str:
        """The condition of the next session, "" for none."""
        return self.condition.currentText() if self.condition.currentIndex() > 0 else ""

    def selected(self) -> tuple[str, StudySession | None]:
        """The participant's code and the session that are marked in the list; "" and None for none."""
        item = self.tree.currentItem()
        if item is None:
            return "", None
        code, session = item.data(0, Qt.ItemDataRole.UserRole)
        return code, session

    def show_up(self, on: bool) -> None:
        """Shows it with the focus on the list, or hides it."""
        self.setVisible(on)
        if on:
            self.fit()
            self.raise_()
            (self.tree if self._study is not None else self.buttons["Open a study"]).setFocus()

    def fit(self) -> None:
        """In the middle of the window, never larger than it."""
        room = self._window.size()
        width, height = min(WIDEST, room.width() - EDGE), min(700, room.height() - EDGE)
        self.setGeometry((room.width() - width) // 2, (room.height() - height) // 2, width, height)

    def _connect(self) -> None:
        for name, signal in (
            ("Open a study", self.opening), ("New study", self.making), ("CSV", self.reading_csv),
            ("Compare", self.comparing), ("Undo", self.undoing),
        ):  # fmt: skip
            self.buttons[name].clicked.connect(lambda _=False, signal=signal: signal.emit())
        self.buttons["Add"].clicked.connect(self._add)
        self.buttons["Record next"].clicked.connect(lambda: self.chosen.emit(self.selected()[0]))
        self.buttons["Consent"].clicked.connect(self._toggle_consent)
        self.buttons["Replay"].clicked.connect(lambda: self.replaying.emit(self.selected()[1]))
        self.buttons["Export"].clicked.connect(lambda: self.exporting.emit(self.selected()[1]))
        self.buttons["Delete"].clicked.connect(self._delete)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 14, 20, 14)
        self.title.setStyleSheet("font-size: 17px; font-weight: bold")
        b = self.buttons
        column.addLayout(_row(self.title, None, b["Open a study"], b["New study"], b["Done"]))
        column.addLayout(_row(self.search, self.code, b["Add"], b["CSV"]))
        column.addWidget(self.tree, 1)
        of_one = b["Record next"], b["Consent"], b["Replay"], b["Export"], b["Delete"], b["Undo"]
        column.addLayout(_row(*of_one, None, b["Compare"], self.condition))
        column.addWidget(self.rule)
        column.addWidget(self.law)

    def _fill(self) -> None:
        code, session = self.selected()
        blocker = QSignalBlocker(self.tree)  # else a button is off for a moment, and loses the focus
        self.tree.clear()
        for participant in self._study.participants if self._study is not None else ():
            item = QTreeWidgetItem(self._texts(participant))
            item.setData(0, Qt.ItemDataRole.UserRole, (participant.code, None))
            item.setToolTip(0, "\n".join(f"{name}: {value}" for name, value in participant.variables))
            if participant.code == self._current:
                font = item.font(0)
                font.setBold(True)
                item.setFont(0, font)
            self.tree.addTopLevelItem(item)
            if participant.code == code and session is None:
                self.tree.setCurrentItem(item)
            for one in participant.sessions:
                child = QTreeWidgetItem(self._session_texts(one))
                child.setData(0, Qt.ItemDataRole.UserRole, (participant.code, one))
                if (picture := self._pictures.get(one.folder)) is not None:
                    child.setIcon(0, QIcon(QPixmap.fromImage(picture)))
                item.addChild(child)
                if one == session:
                    self.tree.setCurrentItem(child)
            item.setExpanded(True)
        blocker.unblock()
        self._filter()
        self._offer()

    def _texts(self, participant: Participant) -> list[str]:
        finished = sum(
            self._statuses[s.folder].finished for s in participant.sessions if s.folder in self._statuses
        )
        consent = str(participant.consent) if participant.consent else "no"
        next_one = "recorded next" if participant.code == self._current else ""
        return [participant.code, " ".join(participant.groups), consent, str(finished or ""), "", next_one]

    def _session_texts(self, session: StudySession) -> list[str]:
        status = self._statuses.get(session.folder)
        words = [f"run {session.run}", session.condition, ""]
        if status is None:
            return [*words, "", "", "\N{HORIZONTAL ELLIPSIS}"]
        if status.problem and not status.rows:
            return [*words, "", "", status.problem]
        state = status.problem or session.left_out or ("" if status.finished else "not finished")
        share = f"{100 * status.share_ok:.0f} %" if status.rows else ""
        return [*words, counted(status.rows, "row"), share, state]

    def _filter(self) -> None:
        wanted = self.search.text().casefold().split()
        for i, participant in enumerate(self._study.participants if self._study is not None else ()):
            said = " ".join((participant.code, *participant.groups, *(v for _, v in participant.variables)))
            if (item := self.tree.topLevelItem(i)) is not None:
                item.setHidden(not all(word in said.casefold() for word in wanted))

    def _offer(self) -> None:
        code, session = self.selected()
        for name in ("Record next", "Consent", "Delete"):
            self.buttons[name].setEnabled(bool(code))
        for name in ("Replay", "Export"):
            self.buttons[name].setEnabled(session is not None)
        for name in ("CSV", "Add", "Compare"):
            self.buttons[name].setEnabled(self._study is not None)

    def _activate(self, item: QTreeWidgetItem, _: int) -> None:
        code, session = item.data(0, Qt.ItemDataRole.UserRole)
        if session is None:
            self.chosen.emit(code)
        else:
            self.replaying.emit(session)

    def _toggle_consent(self) -> None:
        code, _ = self.selected()
        if self._study is not None and code:
            self.consented.emit(code, self._study.participant(code).consent is None)

    def _delete(self) -> None:
        code, session = self.selected()
        if code:
            self.deleting.emit(code, session)

    def _add(self) -> None:
        if code := self.code.text().strip():
            self.code.clear()
            self.added.emit(code)


def _button(name: str, tip: str) -> QPushButton:
    button = QPushButton(name)
    button.setToolTip(tip)
    button.setAccessibleDescription(tip)
    return button


def _row(*widgets: QWidget | None) -> QHBoxLayout:
    row = QHBoxLayout()
    for widget in widgets:
        if widget is None:
            row.addStretch(1)
        else:
            row.addWidget(widget)
    return row
