"""What plays, as an object that never changes, and what the work thread knows of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.playing.active_recording import ActiveRecording
from app.playing.adaptive import AdaptivePipeline
from app.playing.engine import Engine
from app.playing.frame_processor import FrameProcessor
from app.playing.protocols import LivePipeline, Playback
from app.sources.source import Source
from app.types import AUTOMATIC, DEFAULT_SMOOTHING


@dataclass(frozen=True, slots=True, eq=False)
class Measurement:
    """A source that is measured: its engine, and what the engine does with each frame."""

    engine: Engine
    processor: FrameProcessor

    @property
    def pipeline(self) -> LivePipeline:
        """The networks and filters."""
        return self.processor.pipeline

    @property
    def adaptive(self) -> AdaptivePipeline:
        """What fits the pipeline to the machine."""
        return self.processor.adaptive


@dataclass(frozen=True, slots=True, eq=False)
class Running:
    """What plays. The work thread makes one for each start and hands it to the window by a signal.

    It is frozen, so both threads may keep it; its parts say of themselves what may be read on any thread.
    """

    playback: Playback
    measurement: Measurement | None = None  # None: a replay
    session: Path | None = None  # the folder that is replayed

    @property
    def workload(self) -> str:
        """One sentence: what is done for each frame just now, and why; "" in a replay."""
        return self.measurement.adaptive.sentence if self.measurement else ""

    @property
    def pictures(self) -> int:
        """One of so many results is painted."""
        return self.measurement.adaptive.workload.paint_every if self.measurement else 1


@dataclass(slots=True)
class WorkState:
    """What the work thread knows; only its tasks see it (`Worker`)."""

    running: Running | None = None
    recording: ActiveRecording | None = None
    smoothing: float = DEFAULT_SMOOTHING  # 0 off .. 1, also for sources to come
    choice: str = AUTOMATIC  # one of PRECISION_CHOICES, also for sources to come

    @property
    def measurement(self) -> Measurement | None:
        """What is measured; None in a replay, and while nothing plays."""
        return self.running.measurement if self.running else None


def file_of(source: Source) -> Path | None:
    """The file that a source reads; None for a camera."""
    path = getattr(source, "path", None)
    return path if isinstance(path, Path) else None
