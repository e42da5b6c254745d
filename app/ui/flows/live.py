"""What runs behind the window: pipeline, engine and recorder, started and stopped off the window's thread."""

from __future__ import annotations

import gc
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Signal, SignalInstance

from app.playing.active_recording import ActiveRecording
from app.playing.adaptive import AdaptivePipeline
from app.playing.engine import Engine
from app.playing.frame_processor import FrameProcessor
from app.playing.history import History
from app.playing.replay import RecordedSource, Replay
from app.sessions.header import RecordingOptions, SessionHeader, SourceFile
from app.sessions.info import SessionError, read_info
from app.sessions.recorder import Recorder
from app.sessions.recover import recover, unfinished
from app.sources.capture import SYSTEM, Cameras
from app.sources.devices import Device
from app.sources.preview import Preview
from app.sources.source import Source
from app.stages.affect import AffectReader
from app.stages.baseline import BaselineResult, BaselineStage
from app.stages.heatmap import explain
from app.stages.models import Card, load, read_card
from app.streams.streams import NOTHING, StreamOptions, Streams
from app.system import paths
from app.system.errors import UserError
from app.types import AUTOMATIC, DEFAULT_SMOOTHING, Face, Frame, Result, Workload

NO_OPTIONS = RecordingOptions()
RELEASE = 2.0  # s that a camera may take to let go, before it is wanted by whatever plays
log = logging.getLogger(__name__)


class Smooth(Protocol):
    smoothing: float


class Process(Protocol):
    """What the window asks of a pipeline."""

    @property
    def smoother(self) -> Smooth: ...
    @property
    def cards(self) -> tuple[Card, ...]: ...
    @property
    def workload(self) -> Workload: ...
    def use(self, workload: Workload) -> None: ...
    @property
    def affect(self) -> AffectReader: ...
    def process(self, frame: Frame) -> Result: ...
    def close(self) -> None: ...


class Live(QObject):
    """One source at a time. Everything that may take long is done on one thread, in the order asked for.

    `load` makes a fresh pipeline for each source, so that no id and no filter lives on from the one before.
    """

    tuned = Signal(object, str)  # tuple of Card: the networks that run from now on; the choice
    refused = Signal(str)  # one sentence: what was asked for is not done just now
    started = Signal(object)  # Engine: it opens its source on its own thread
    failed = Signal(str)  # one sentence: nothing plays
    unrecorded = Signal(str)  # one sentence: it plays, but is not recorded
    recording = Signal(object)  # Ongoing
    recorded = Signal(object)  # Path of the folder that is finished
    cameras = Signal(object)  # tuple of Choice
    preview = Signal(object, object, str)  # Device, its BGR picture or None, one sentence why there is none
    explained = Signal(object, object)  # Face, and its Explained
    unexplained = Signal(str)  # one sentence: it was not
    marked = Signal(str)  # text of a marker that was set, here or by another program
    unmarked = Signal(str)  # text of the marker that was taken back; "" when there was none
    recovered = Signal(str)  # one sentence: a session that was cut off is whole again

    def __init__(
        self,
        load: Callable[[], Process],
        max_faces: int,
        wanted: StreamOptions = NOTHING,
        system: Cameras = SYSTEM,
    ) -> None:
        super().__init__()
        self.system = system
        self._load, self._max_faces = load, max_faces
        self._work = ThreadPoolExecutor(1, thread_name_prefix="live")
        self._aside = ThreadPoolExecutor(1, thread_name_prefix="explain")
        self._search = ThreadPoolExecutor(1, thread_name_prefix="cameras")
        self._look = Preview(system, None, self.cameras.emit, self.preview.emit)
        self._engine: Engine | Replay | None = None  # the five below belong to the work thread
        self._process: Process | None = None
        self._tuned: AdaptivePipeline | None = None
        self._ongoing: ActiveRecording | None = None
        self._smoothing, self._choice = DEFAULT_SMOOTHING, AUTOMATIC
        self.history = History()
        self.baseline = BaselineStage()
        self.streams = Streams(wanted, max_faces, self.mark)

    def play(self, source: Source, *, loop: bool = False) -> None:
        self._submit(lambda: self._play(source, loop))

    def replay(self, session: RecordedSource) -> None:
        """Plays a recorded session; `started` gives the Replay."""
        self._submit(lambda: self._replay(session))

    def stop(self, why: str = "stop") -> None:
        """Ends what plays and what is recorded; `why` is kept in the session."""
        self._submit(lambda: self._finish(why))

    def record(self, sessions: Path, wishes: RecordingOptions = NO_OPTIONS) -> None:
        """Records what plays into a new folder in `sessions`."""
        self._submit(lambda: self._start_recording(sessions, wishes), self.unrecorded)

    @property
    def workload(self) -> str:
        """What is done for each frame just now, and why: one sentence; "" while nothing plays."""
        tuned = self._tuned
        return "" if tuned is None else tuned.sentence

    @property
    def pictures(self) -> int:
        """Of so many results one is painted."""
        tuned = self._tuned
        return 1 if tuned is None else tuned.workload.paint_every

    def stop_recording(self, why: str = "stop") -> None:
        self._submit(lambda: self._finish_recording(why), self.unrecorded)

    def mark(self, text: str, origin: str = "key", when: float | None = None) -> None:
        """Sets a marker now or at `when` (time.perf_counter), for listeners and in what is recorded.

        It may be called from any thread.
        """
        moment = time.perf_counter() if when is None else when
        if origin != "lsl":  # it came from there
            self.streams.mark(text, moment)
        self.marked.emit(text)
        self._submit(
            lambda: self._tell_recorder(lambda recorder: recorder.mark(text, origin, moment)), self.unrecorded
        )

    def undo_mark(self) -> None:
        """Takes back the newest marker of the recording."""
        self._submit(self._undo_mark, self.unrecorded)

    def keep_baseline(self, taken: BaselineResult) -> None:
        """Notes a baseline in what is recorded."""
        self._submit(
            lambda: self._tell_recorder(lambda recorder: recorder.keep_baseline(taken)), self.unrecorded
        )

    def recover(self, sessions: Path) -> None:
        """Closes what a crash left unfinished in `sessions`."""
        self._submit(lambda: self._recover(sessions), self.unrecorded)

    def smooth(self, smoothing: float) -> None:
        """Sets the smoother of this pipeline and of those to come: 0 off .. 1."""
        self._submit(lambda: self._smooth(smoothing), self.unrecorded)

    def choose(self, choice: str) -> None:
        """One of `PRECISION_CHOICES`, for this pipeline and those to come; refused while it is recorded."""
        self._submit(lambda: self._choose(choice))

    def explain(self, frame: Frame, face: Face) -> None:
        """Finds out what in `face` speaks for its expression; what plays goes on."""
        process, engine = self._process, self._engine
        read = (lambda: process.affect) if process is not None else (lambda: _affect_of(engine))
        self._aside.submit(self._guard, lambda: self._explain(read, frame, face), self.unexplained)

    def find_cameras(self, used: Device | None = None) -> None:
        """Looks for cameras, and what each but `used` sees, on a thread of its own: it takes seconds."""
        self._look.stop()
        look = self._look = Preview(self.system, used, self.cameras.emit, self.preview.emit)
        self._search.submit(self._guard, look.run, self.failed)

    def stop_looking(self) -> None:
        """Lets the cameras go."""
        self._look.stop()

    def close(self) -> None:
        """Ends everything and waits for it: what was recorded is whole when this returns."""
        self.streams.close()
        self._look.stop()
        self.stop()
        self._search.shutdown(wait=False, cancel_futures=True)
        self._aside.shutdown(wait=False, cancel_futures=True)
        self._work.shutdown(wait=True)

    def _explain(self, read: Callable[[], AffectReader], frame: Frame, face: Face) -> None:
        explained = explain(read(), frame.image, face)
        if explained is None:
            raise UserError("This network does not tell which places of a face it looks at: use another.")
        self.explained.emit(face, explained)

    def _submit(self, work: Callable[[], None], trouble: SignalInstance | None = None) -> None:
        self._work.submit(self._guard, work, trouble or self.failed)

    def _guard(self, work: Callable[[], None], trouble: SignalInstance) -> None:
        try:
            work()
        except Exception as error:  # the boundary of the thread: the window shows it
            log.warning("What was asked for failed.", exc_info=True)
            trouble.emit(sentence(error))

    def _play(self, source: Source, loop: bool) -> None:
        self._finish("stop")
        self._look.stop(RELEASE)
        processor = FrameProcessor(self._load(), source, self._choice, self.baseline, self._tell_tuned)
        self._process, self._tuned = processor.pipeline, processor.adaptive
        if not gc.get_freeze_count():  # what is loaded by now stays: each walk over it would take 50 ms
            gc.collect()
            gc.freeze()
        self._smooth(self._smoothing)
        sinks = (self.history.push, *self.streams.sinks)
        self._engine = Engine(source, processor.process, sinks=sinks, loop=loop, jumped=self.history.clear)
        self._engine.start()
        self.started.emit(self._engine)

    def _replay(self, session: RecordedSource) -> None:
        self._finish("stop")
        self._engine = Replay(session, self.history)
        self._engine.start()
        self.started.emit(self._engine)

    def _finish(self, why: str) -> None:
        self._guard(lambda: self._finish_recording(why), self.unrecorded)  # whatever the disk says, it ends
        process, self._process, self._tuned = self._process, None, None
        engine, self._engine = self._engine, None
        over = engine.stop() if engine else True
        if process and over:  # a stuck engine may still be using it
            process.close()
        self.history.clear()

    def _tell_recorder(self, tell: Callable[[Recorder], object]) -> None:
        """One that refuses is finished: what is said after it would be lost."""
        if self._ongoing is not None:
            try:
                self._ongoing.tell(tell)
            except UserError:
                self._finish_recording("stop")
                raise

    def _undo_mark(self) -> None:
        if self._ongoing is None:
            self.unmarked.emit("")
        else:
            self._tell_recorder(lambda recorder: self.unmarked.emit(recorder.undo("key")))

    def _recover(self, sessions: Path) -> None:
        for folder in unfinished(sessions):
            try:
                self.recovered.emit(recover(folder).sentence())
            except SessionError as error:
                self.unrecorded.emit(str(error))

    def _smooth(self, smoothing: float) -> None:
        self._smoothing = smoothing
        if self._process is not None:
            self._process.smoother.smoothing = smoothing
            self._tell_recorder(lambda recorder: recorder.note("smoothing", f"{smoothing:g}"))

    def _choose(self, choice: str) -> None:
        if self._ongoing is not None:
            self.refused.emit("The network stays while something is recorded: finish first, then choose.")
            self._show_tuned()
            return
        self._choice = choice
        if self._tuned is not None:
            self._tuned.choose(choice)

    def _tell_tuned(self) -> None:
        """On the engine's thread, too: what was chosen is shown, and noted in what is recorded."""
        self._submit(self._show_tuned)
        self._submit(self._note_tuned, self.unrecorded)

    def _show_tuned(self) -> None:
        if self._tuned is not None and self._process is not None:
            self.tuned.emit(self._process.cards, self._choice)

    def _note_tuned(self) -> None:
        if (tuned := self._tuned) is not None:
            self._tell_recorder(lambda recorder: recorder.note("tuned", tuned.sentence))

    def _start_recording(self, sessions: Path, wishes: RecordingOptions) -> None:
        engine, process, tuned = self._engine, self._process, self._tuned
        if not isinstance(engine, Engine) or process is None or tuned is None or self._ongoing is not None:
            return
        source = engine.source
        self._ongoing = ActiveRecording(
            engine, tuned, lambda: self._recorder(sessions, source, process, wishes)
        )
        self.recording.emit(self._ongoing)

    def _recorder(
        self, sessions: Path, source: Source, process: Process, wishes: RecordingOptions
    ) -> Recorder:
        path = getattr(source, "path", None)
        session = SessionHeader(
            source.name, source.live, source.mode, process.cards, self._max_faces, process.smoother.smoothing,
            wishes.details, SourceFile.of(path, hashed=False) if path is not None else None, process.workload,
        )  # fmt: skip
        recorder = Recorder(sessions, session, video=wishes.video)
        if self.baseline.baselines:
            try:
                recorder.keep_baseline(BaselineResult(self.baseline.baselines, ()))
            except UserError:
                recorder.close()
                raise
        return recorder

    def _finish_recording(self, why: str) -> None:
        ongoing, self._ongoing = self._ongoing, None
        if ongoing is not None:
            try:
                ongoing.end(why)
            finally:
                self.recorded.emit(ongoing.folder)


def _affect_of(engine: Engine | Replay | None) -> AffectReader:
    """The network that a replayed session was recorded with, or where that is not here, the one that is."""
    cards = [read_card(path) for path in sorted(paths.models().glob("*.toml"))]
    used = {model.sha256 for model in read_info(engine.source.path / "session.json").models} \
        if isinstance(engine, Replay) else set()  # fmt: skip
    same = [card.path for card in cards if card.task == "affect" and card.sha256 in used]
    return AffectReader(load(next(iter(same), paths.models() / "affect.toml")))


def sentence(error: BaseException) -> str:
    """What the user reads: our own errors speak for themselves."""
    if isinstance(error, UserError):
        return str(error)
    what = f"{type(error).__name__}: {error}"
    return f"Mien met an error of its own ({what}): try again, and report it if it stays."
