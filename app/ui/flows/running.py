"""What plays, as an object that never changes, and what the work thread knows of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.playing.active_recording import ActiveRecording
from app.playing.engine import Engine
from app.playing.frame_processor import FrameProcessor
from app.playing.replay import Replay
from app.types import AUTOMATIC, DEFAULT_MAX_FACES, DEFAULT_SMOOTHING


@dataclass(frozen=True, slots=True, eq=False)
class Measurement:
    """A source that is measured, and what its engine does with each frame."""

    playback: Engine
    processor: FrameProcessor

    @property
    def workload(self) -> str:
        """One sentence: what is done for each frame just now, and why."""
        return self.processor.adaptive.sentence

    @property
    def pictures(self) -> int:
        """One of so many results is painted."""
        return self.processor.adaptive.workload.paint_every

    @property
    def paused(self) -> bool:
        """Whether what is shown stands still."""
        return self.playback.paused


@dataclass(frozen=True, slots=True, eq=False)
class RunningReplay:
    """A recorded session that is shown again."""

    playback: Replay
    workload: ClassVar[str] = ""  # nothing is measured
    pictures: ClassVar[int] = 1  # each result is painted

    @property
    def paused(self) -> bool:
        """Whether what is shown stands still."""
        return not self.playback.playing


# What plays. The work thread makes one for each start and hands it to the window by a signal. It is frozen,
# so both threads may keep it; its parts say of themselves what may be read on any thread.
Running = Measurement | RunningReplay


@dataclass(slots=True)
class WorkState:
    """What the work thread knows; only its tasks see it (`Worker`)."""

    running: Running | None = None
    recording: ActiveRecording | None = None
    smoothing: float = DEFAULT_SMOOTHING  # 0 off .. 1, also for sources to come
    choice: str = AUTOMATIC  # one of PRECISION_CHOICES, also for sources to come
    max_faces: int = DEFAULT_MAX_FACES  # 1 to MOST_FACES, also for sources to come

    @property
    def measurement(self) -> Measurement | None:
        """What is measured; None in a replay, and while nothing plays."""
        return self.running if isinstance(self.running, Measurement) else None
