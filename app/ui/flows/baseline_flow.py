"""The baseline in the window: asked for, counted down over the picture, and said."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from app.stages.baseline import MOVING, NOT_NEUTRAL, UNSEEN, BaselineResult, BaselineStage
from app.ui.flows.notices import Notices
from app.ui.flows.player import Player
from app.ui.flows.recording_control import RecordingControl
from app.ui.panels.banner import Banner

CLOCK = 250  # ms
REASONS = {  # why somebody got no baseline, and what to do about it
    UNSEEN: "No baseline of person {who}, who could not be seen well enough: try again with more light, "
    "face on.",
    NOT_NEUTRAL: "No baseline of person {who}, whose face was neutral in less than 80 % of the frames: try "
    "again with a relaxed face.",
    MOVING: "No baseline of person {who}, whose head moved: try again and keep it still.",
}


class BaselineFlow(QObject):
    """Takes each person's baseline from what is measured, and keeps it in what is recorded."""

    def __init__(
        self, baseline: BaselineStage, recording: RecordingControl, player: Player, banner: Banner,
        notices: Notices,
    ) -> None:  # fmt: skip
        super().__init__(player)
        self._baseline, self._recording, self._player = baseline, recording, player
        self._banner, self._notices = banner, notices
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._poll)

    def start(self) -> None:
        """Starts taking a baseline, or says what is missing; one that runs starts again."""
        if not self._player.is_measuring:
            self._notices.say("Start a camera or a video first: a baseline is taken of the faces in it.")
            return
        self._baseline.start()
        self._clock.start(CLOCK)

    def clear(self) -> None:
        """Forgets all baselines: values count from zero again."""
        had = bool(self._baseline.baselines)
        self._baseline.clear()
        if had:
            self._recording.note_soon("baseline_cleared")
            self._notices.say("Baselines are cleared: values count from zero again.")

    def _poll(self) -> None:
        left = self._baseline.left
        if left is not None and self._player.is_measuring:
            self._banner.say(f"Keep a neutral face \N{HORIZONTAL ELLIPSIS} {left:.0f}")
            return
        self._clock.stop()
        if (taken := self._baseline.take()) is not None:
            self._recording.keep_baseline(taken)
            self._notices.say(baseline_sentence(taken), warning=not taken.baselines)


def baseline_sentence(taken: BaselineResult) -> str:
    """What came of a baseline, as one or two sentences."""
    parts = []
    if taken.baselines:
        parts.append(f"Baseline set: values now show change from {_whose(sorted(taken.baselines))}.")
    for why, sentence in REASONS.items():
        if who := " and ".join(str(id) for id, fault in taken.left_out.items() if fault == why):
            parts.append(sentence.format(who=who))
    return " ".join(parts) or "Nobody was in sight: press L again with a face in the picture."


def _whose(people: list[int]) -> str:
    """person 1's neutral face; the neutral faces of persons 1 and 2."""
    if len(people) == 1:
        return f"person {people[0]}'s neutral face"
    return f"the neutral faces of persons {' and '.join(str(id) for id in people)}"
