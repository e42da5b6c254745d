"""Everything a user can do, in one table: its name, its keys, and the tooltip that shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from app.ui.controls.view import Group, View


@dataclass(frozen=True, slots=True)
class Entry:
    """One action."""

    text: str
    keys: tuple[str, ...]
    tip: str  # one sentence without its full stop
    checked: bool | None = None  # None: not a switch

    @property
    def name(self) -> str:
        """For screen readers: the text without its mark."""
        return spoken(self.text)


def spoken(text: str) -> str:
    """The `text` of a button as a screen reader should say it: without its mark or its arrow."""
    return text.strip(MARKS).replace("?", "Keys and meanings")


MARKS = "\N{BLACK CIRCLE}\N{BLACK SQUARE}\N{BLACK DOWN-POINTING SMALL TRIANGLE} "
RECORD, FINISH = "\N{BLACK CIRCLE} Record", "\N{BLACK SQUARE} Finish"
START, STOP = "Start", "Stop"
PLAY, PAUSE = "Play", "Pause"
PRESENT, HOLD, GO_ON = "Present", "Hold", "Go on"


def _views(*groups: Group) -> dict[str, Entry]:
    return {v.action: Entry(v.text, (v.key,), v.tip, v.on) for v in View if v.group in groups}


SECTIONS: Mapping[str, Mapping[str, Entry]] = MappingProxyType(
    {
        "What plays": {
            "start": Entry(START, ("Space",), "Start; pause and go on, also while it is recorded"),
            "stop": Entry(
                STOP, ("Shift+Space",), "Turn the camera off, or close the video; not while it is recorded"
            ),
            "cameras": Entry("Source", ("C",), "Choose a camera or a video"),
            "open_video": Entry("Open a video", ("O", "Ctrl+O"), "Choose a video or a picture and play it"),
            "play_sample": Entry("Play the sample", ("P",), "Play the clip that comes with Mien"),
            "open_session": Entry("Open a session", ("Y",), "Replay a recorded session"),
            "step_back": Entry("Step back", (",",), "Go one frame back in a video or a replay"),
            "step_on": Entry("Step forward", (".",), "Go one frame forward in a video or a replay"),
            "speed": Entry("Speed", ("Z",), "Change the speed of a video or a replay"),
            "try_again": Entry("Try again", ("A",), "Start the same source again"),
        },
        "Over the picture": {
            **_views(Group.OVERLAY, Group.HEAD, Group.PICTURE),
            "smoothing": Entry("Smoothing", ("S",), "Smooth what is shown; raw values are kept", True),
            "why": Entry(
                "Why", ("F2",), "Freeze the picture; show which parts of the face led to this result", False
            ),
            "runner_up": Entry(
                "Runner-up", ("F3",), "Freeze the picture; compare with the second expression", False
            ),
            "other_expressions": Entry(
                "Other expressions", ("F4",), "Freeze the picture; show the face as each expression", False
            ),
            "wear": Entry("Wear", ("Shift+W",), "On the stage: faces wear the next expression, made up"),
        },
        "Panels and window": {
            **_views(Group.PANEL, Group.ASIDE),
            "next_person": Entry("Next person", ("N",), "Follow the next person in bars and curves"),
            "stage": Entry(
                "Stage", ("F",), "Fill the screen for an audience (V, X or T); Esc goes back", False
            ),
            "stage_shape": Entry(
                "Face or plane", ("Shift+F",), "On the stage: face and plane, the face alone, the plane alone"
            ),
            "mimic": Entry(
                "Mimic game", ("Shift+M",), "Play on the stage: show three faces for points", False
            ),
            "photo_strip": Entry(
                "Photo strip", ("Shift+P",), "On the stage: save the strongest moments as one picture"
            ),
            "full_screen": Entry("Full screen", ("F11",), "Fill the whole screen; Esc goes back", False),
            "theme": Entry("Light or dark", ("F8",), "Switch to light, to dark, and to what the system says"),
            "networks": Entry("Networks", ("F6",), "Choose 8-bit or full precision"),
            "faces": Entry("Faces", ("F7",), "Choose how many faces are measured at most"),
            "keys": Entry("?", ("?", "F1"), "Show all keys and what the numbers mean", False),
            "newer_version": Entry(
                "Look for a newer version",
                ("Shift+F1",),
                "Ask once, over the network, which version is the newest",
            ),
            "back": Entry("Back", ("Esc",), "Close this sheet; go back from why, stage or full screen"),
            "quit": Entry("Quit", ("Ctrl+Q",), "Close the window; a recording is finished first"),
        },
        "Study": {
            "study": Entry("Study", ("F10",), "Show participants and sessions of a study; open one", False),
            "next_participant": Entry(
                "Next participant", ("Shift+N",), "Choose the next participant; nothing carries over"
            ),
            "present": Entry(
                PRESENT, ("F5",), "Show the playlist to the participant; hold it after this stimulus, go on"
            ),
            "skip_stimulus": Entry("Skip", ("Shift+F5",), "End this stimulus or question now"),
            "stop_presenting": Entry("End playlist", ("Ctrl+F5",), "End the playlist; the recording goes on"),
            "present_anew": Entry(
                "Present from the start", ("Ctrl+Shift+F5",), "Show the playlist from its first stimulus on"
            ),
        },
        "Recordings": {
            "record": Entry(
                RECORD, ("R", "Ctrl+R"), "Record the numbers, and the picture if Details says so", False
            ),
            "details": Entry(
                "Details", ("J",), "Enter who is recorded, name markers, choose what is saved", False
            ),
            "mark": Entry("Marker", ("K",), "Set a marker with any text; 1 to 9 set those that have names"),
            "undo_marker": Entry("Undo marker", ("U", "Ctrl+Z"), "Undo the last marker"),
            "baseline": Entry("Baseline", ("L",), "Set each person's baseline (10 s neutral)"),
            "clear_baseline": Entry("Clear baseline", ("Shift+L",), "Count values from zero again"),
            "choose_folder": Entry("Choose a folder", ("G",), "Choose where recordings are saved"),
            "open_folder": Entry("Open folder", ("D",), "Open the last recording's folder"),
            "report": Entry("Report", ("H",), "Create a report of this recording and open it"),
            "verify": Entry("Verify", ("Q",), "Check that this recording is unchanged"),
            "export": Entry("Export", ("Shift+E",), "Write this recording in the format of another program"),
            "compare": Entry(
                "Compare", ("Shift+C",), "Compare all recordings of a folder, by their conditions"
            ),
            "measure_files": Entry("Measure files", ("Shift+O",), "Measure many videos and pictures, unseen"),
            "streams": Entry(
                "Streams", ("F9",), "Send values to other programs, receive their markers", False
            ),
        },
    }
)
TABLE = {name: entry for section in SECTIONS.values() for name, entry in section.items()}


@dataclass(frozen=True, slots=True, eq=False)
class Actions:
    """One QAction for each entry of TABLE, each added to the window so that its keys work."""

    view: Mapping[View, QAction]
    start: QAction
    stop: QAction
    cameras: QAction
    open_video: QAction
    play_sample: QAction
    smoothing: QAction
    next_person: QAction
    why: QAction
    runner_up: QAction
    other_expressions: QAction
    wear: QAction
    stage: QAction
    stage_shape: QAction
    mimic: QAction
    photo_strip: QAction
    full_screen: QAction
    theme: QAction
    back: QAction
    record: QAction
    open_folder: QAction
    report: QAction
    verify: QAction
    export: QAction
    compare: QAction
    measure_files: QAction
    streams: QAction
    study: QAction
    next_participant: QAction
    present: QAction
    skip_stimulus: QAction
    stop_presenting: QAction
    present_anew: QAction
    choose_folder: QAction
    details: QAction
    mark: QAction
    undo_marker: QAction
    baseline: QAction
    clear_baseline: QAction
    open_session: QAction
    step_back: QAction
    step_on: QAction
    speed: QAction
    networks: QAction
    faces: QAction
    try_again: QAction
    keys: QAction
    newer_version: QAction
    quit: QAction

    def named(self, name: str) -> QAction:
        """The action of the entry `name` of TABLE."""
        found: QAction = getattr(self, name, None) or self.view[View[name.upper()]]
        return found

    def all(self) -> tuple[QAction, ...]:
        """Every action, in the order of TABLE."""
        return tuple(self.named(name) for name in TABLE)

    def shown(self) -> frozenset[View]:
        """The views that are switched on."""
        return frozenset(view for view, action in self.view.items() if action.isChecked())


def make(window: QWidget) -> Actions:
    """The actions of `window`, with their keys; nothing is connected yet."""
    made = {name: _action(window, name, entry) for name, entry in TABLE.items()}
    views = MappingProxyType({view: made.pop(view.action) for view in View})
    return Actions(view=views, **made)


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
