"""Everything a user can do, in one table: its name, its keys, and the tooltip that shows them."""

from __future__ import annotations

from dataclasses import dataclass, fields

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget


@dataclass(frozen=True, slots=True)
class Entry:
    text: str
    keys: tuple[str, ...]
    tip: str  # one sentence without its full stop
    checked: bool | None = None  # None: not a switch

    @property
    def name(self) -> str:
        """For screen readers: the text without its mark."""
        return self.text.lstrip("\N{BLACK CIRCLE} ").replace("?", "Keys and meanings")


RECORD, FINISH = "\N{BLACK CIRCLE} Record", "\N{BLACK SQUARE} Finish"
START, STOP = "Start", "Stop"
PLAY, PAUSE = "Play", "Pause"  # of a replay

TABLE = {
    "start": Entry(START, ("Space",), "Start or stop the camera, play or pause a video"),
    "cameras": Entry("Source", ("C",), "Choose a camera or a video"),
    "open_video": Entry("Open a video", ("O", "Ctrl+O"), "Choose a video and play it"),
    "play_sample": Entry("Play the sample", ("P",), "Play the clip that comes with the program"),
    "boxes": Entry("Boxes", ("B",), "Show a box around each face", True),
    "eyes": Entry("Eyes", ("E",), "Show the centre of each eye", True),
    "words": Entry("Expression", ("W",), "Show each face's expression and its probability", True),
    "ids": Entry("Numbers", ("I",), "Show each person's number", True),
    "gaze": Entry("Gaze", ("Shift+G",), "Show where the eyes seem to look: an estimate, as rays", True),
    "axes": Entry("Head", ("Shift+H",), "Show how the head is turned, as three axes", False),
    "lids": Entry("Closed eyes", ("Shift+B",), "Show closed eyes as arcs; L, R are the person's own", True),
    "mirror": Entry("Mirror", ("M",), "Show the picture as a mirror does; what is measured stays", False),
    "smoothing": Entry("Smooth", ("S",), "Calm the values: left instant, right calm; raw ones stay", True),
    "next_person": Entry("Next person", ("N",), "Follow the next person in bars and curves"),
    "why": Entry("Why", ("F2",), "Freeze the picture, and show what in the face speaks for it", False),
    "runner_up": Entry("Runner-up", ("F3",), "Freeze the picture, and compare with the runner-up", False),
    "show_plane": Entry("Plane", ("V",), "Show the valence-arousal plane", True),
    "show_bars": Entry("Bars", ("X",), "Show the expressions as bars", True),
    "show_curves": Entry("Curves", ("T",), "Show the last 30 seconds as curves", True),
    "stage": Entry("Stage", ("F",), "Fill the screen with one panel, by V, X or T; Esc goes back", False),
    "full_screen": Entry("Full screen", ("F11",), "Fill the whole screen; Esc goes back", False),
    "back": Entry("Back", ("Esc",), "Go on live; leave the stage, the full screen or this sheet"),
    "record": Entry(RECORD, ("R", "Ctrl+R"), "Record the numbers, not the picture, into a folder", False),
    "open_folder": Entry("Open folder", ("D",), "Show where the last recording lies"),
    "report": Entry("Report", ("H",), "Make a page of the replayed or last recording and show it"),
    "verify": Entry("Verify", ("Q",), "Check that the replayed or last recording is what was recorded"),
    "choose_folder": Entry("Choose a folder", ("G",), "Choose where recordings are kept"),
    "details": Entry("Details", ("J",), "Say who is recorded, name markers, keep the picture or not", False),
    "mark": Entry("Marker", ("K",), "Set a marker with any text; 1 to 9 set those that have names"),
    "take_back": Entry("Take back", ("U", "Ctrl+Z"), "Take back the newest marker"),
    "baseline": Entry("Neutral faces", ("L",), "Take ten seconds of neutral faces as everybody's origin"),
    "open_session": Entry("Open a session", ("Y",), "Replay a recorded session"),
    "step_back": Entry("Step back", (",",), "In a replay: one picture back"),
    "step_on": Entry("Step on", (".",), "In a replay: one picture on"),
    "speed": Entry("Speed", ("Z",), "In a replay: the next speed"),
    "networks": Entry("Networks", ("F6",), "Choose how exactly the networks count, or leave it to Mien"),
    "try_again": Entry("Try again", ("A",), "Start the same source once more"),
    "keys": Entry("?", ("?", "F1"), "Show all keys and what the numbers mean", False),
    "quit": Entry("Quit", ("Ctrl+Q",), "Close the window; a recording is finished first"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Actions:
    """One QAction for each entry of TABLE, each added to the window so that its keys work."""

    start: QAction
    cameras: QAction
    open_video: QAction
    play_sample: QAction
    boxes: QAction
    eyes: QAction
    words: QAction
    ids: QAction
    gaze: QAction
    axes: QAction
    lids: QAction
    mirror: QAction
    smoothing: QAction
    next_person: QAction
    why: QAction
    runner_up: QAction
    show_plane: QAction
    show_bars: QAction
    show_curves: QAction
    stage: QAction
    full_screen: QAction
    back: QAction
    record: QAction
    open_folder: QAction
    report: QAction
    verify: QAction
    choose_folder: QAction
    details: QAction
    mark: QAction
    take_back: QAction
    baseline: QAction
    open_session: QAction
    step_back: QAction
    step_on: QAction
    speed: QAction
    networks: QAction
    try_again: QAction
    keys: QAction
    quit: QAction

    def all(self) -> tuple[QAction, ...]:
        return tuple(getattr(self, field.name) for field in fields(self))


def make(window: QWidget) -> Actions:
    made = {name: _action(window, name, entry) for name, entry in TABLE.items()}
    return Actions(**made)


def _action(window: QWidget, name: str, entry: Entry) -> QAction:
    action = QAction(entry.text, window)
    action.setObjectName(name)
    action.setShortcuts([QKeySequence(key) for key in entry.keys])
    action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
    action.setToolTip(f"{entry.tip} ({entry.keys[0]})")
    action.setAutoRepeat(False)
    action.setCheckable(entry.checked is not None)
    action.setChecked(bool(entry.checked))
    window.addAction(action)
    return action
