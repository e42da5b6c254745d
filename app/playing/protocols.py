"""What the window asks of whatever plays, so that it need not know a camera from a video or a session."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from app.sessions.event import Event
from app.sources.source import Mode
from app.stages.affect import AffectReader
from app.stages.cards import UsedCard
from app.system.mailbox import Mailbox
from app.types import Frame, Result, Workload

SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0)  # times the recorded speed


class PlayedSource(Protocol):
    """What the window shows of the source that plays: a camera, a video file or a recorded session."""

    @property
    def name(self) -> str:
        """What the user calls it."""

    @property
    def live(self) -> bool:
        """True for a camera."""

    @property
    def mode(self) -> Mode:
        """Size, rate and format that were granted; all zero until the first frame."""


@runtime_checkable
class Seekable(Protocol):
    """A source that can go to another time of its file."""

    @property
    def start(self) -> float:
        """The time of its first frame, in s; known once it is open."""

    def seek(self, at: float) -> None:
        """The next frame read is the one shown at `at`, in s of the file. Raises SourceError."""


class Steerable(Protocol):
    """Play, pause, step, seek and speed, of a video that is measured or of a session that is replayed."""

    @property
    def ready(self) -> bool:
        """Whether `duration` and `events` are known by now."""

    @property
    def start_time(self) -> float:
        """Time of the first frame, in s."""

    @property
    def duration(self) -> float:
        """Time of the last frame, in s."""

    @property
    def position(self) -> float:
        """Time of the frame that is shown, in s."""

    @property
    def playing(self) -> bool:
        """False while it is paused."""

    @property
    def speed(self) -> float:
        """1 is the recorded speed; one of SPEEDS."""

    @property
    def events(self) -> tuple[Event, ...]:
        """Events of the session, markers among them; a video has none."""

    def play_or_pause(self) -> None:
        """Pauses while it plays, and plays while it is paused; a replay at its end plays from the start."""

    def set_speed(self, speed: float) -> None:
        """Plays at `speed` from now on, one of SPEEDS."""

    def seek(self, at: float) -> None:
        """Goes to the frame shown at `at`, in s; outside the file it goes to the nearest frame."""

    def step(self, frames: int) -> None:
        """Pauses, and goes `frames` forward, or back when negative."""


class Markable(Protocol):
    """A recorded session to which markers can be added."""

    def mark(self, text: str) -> None:
        """Adds a marker at the frame that is shown; `Playback.trouble` says it when the disk refuses."""

    def undo(self) -> None:
        """Takes back the newest marker that was added."""


class Playback(Protocol):
    """Something that plays on a thread of its own: `Engine` measures a source, `Replay` shows a session.

    What is read here may be read on any thread.
    """

    @property
    def source(self) -> PlayedSource:
        """What plays."""

    @property
    def results(self) -> Mailbox[Result]:
        """The newest result, for one reader."""

    @property
    def error(self) -> Exception | None:
        """What stopped it; a UserError speaks to the user."""

    @property
    def ended(self) -> bool:
        """Whether the file came to its end."""

    @property
    def dropped(self) -> int:
        """Frames of a camera that arrived while the one before was measured."""

    @property
    def measuring(self) -> bool:
        """Whether faces are measured now, so that a recording can be made; False in a replay."""

    @property
    def steering(self) -> Steerable | None:
        """What pauses and seeks in it; None for a camera, and until a video is open."""

    @property
    def markable(self) -> Markable | None:
        """The session that is replayed; None while something is measured."""

    @property
    def waiting(self) -> str:
        """One sentence: why no pictures come just now, as with a camera that was unplugged; else ""."""

    @property
    def trouble(self) -> str:
        """One sentence: what harms it although it goes on; else ""."""

    def start(self) -> None:
        """Returns at once: the source is opened on the other thread."""

    def stop(self, timeout: float = 2.0) -> bool:
        """Waits at most `timeout` s; False when the source is stuck and was left behind."""


class Smoothing(Protocol):
    """A filter whose strength can be changed while it runs."""

    smoothing: float  # 0 off .. 1


class LivePipeline(Protocol):
    """What live measuring asks of a pipeline."""

    @property
    def smoother(self) -> Smoothing:
        """The filter of all values that are shown."""

    @property
    def cards(self) -> tuple[UsedCard, ...]:
        """Of the networks that run now, and of the actions."""

    @property
    def detector(self) -> str:
        """The name of what finds faces: one of `detectors.DETECTORS`."""

    @property
    def workload(self) -> Workload:
        """How much is done for each frame now."""

    @property
    def affect(self) -> AffectReader:
        """The affect network that runs now; may be asked on any thread, also after `close`."""

    @property
    def max_faces(self) -> int:
        """How many faces of a frame are measured at most; may be changed between two frames."""

    @max_faces.setter
    def max_faces(self, number: int) -> None: ...

    def use(self, workload: Workload) -> None:
        """Does so much for each frame from the next one on."""

    def process(self, frame: Frame) -> Result:
        """Measures one frame."""

    def close(self) -> None:
        """Ends its threads; called once nothing is processed any more."""
