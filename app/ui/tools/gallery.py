"""`make screenshots`: the window in every state, theme and size, to be looked at before a release.

    python -m app.ui.tools.gallery [DIR]

Needs no display. Each picture is of the real window on the real pipeline, a quarter of a minute into a clip;
but in the scenes "head" gaze, head and lids are made up, since the people in the clip look straight ahead.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

import app.system.native  # noqa: F401  before Qt

# isort: split
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QCursor

from app.playing.protocols import LivePipeline
from app.sources.source import Mode, Source, SourceError
from app.sources.video import VideoFile
from app.stages.pipeline import Pipeline
from app.system import clock, paths
from app.system.settings import Settings
from app.types import DEFAULT_PRECISION, Frame, Gaze, Pose, Result
from app.ui.flows.live import Live
from app.ui.panels.stage import IDLE
from app.ui.run import application
from app.ui.tools.mosaic import Mosaic
from app.ui.window import Window

HOLD_AT = 25.2  # s into the sample, which goes round: surprise, with a smile in the trail
PACED = 5.0  # s before it that are played at their real rate, for the status bar to measure
SIZES = {1: ((1024, 640), (1440, 900)), 2: ((1920, 1080),)}  # by the screen's scale; the last one is 4K
SCHEMES = {"dark": Qt.ColorScheme.Dark, "light": Qt.ColorScheme.Light}


class HeldSource:
    """A Source that plays another one in a loop up to the time `until`, and holds there.

    It passes for a camera, so that the engine takes frames as fast as they come; only the last seconds pace
    themselves.
    """

    live, frames, waiting, path = True, None, "", None

    def __init__(self, source: Source, until: float = HOLD_AT) -> None:
        self._source, self.until = source, until
        self.reached = False
        self._index, self._start = 0, 0.0

    @property
    def name(self) -> str:
        """That of the source it plays."""
        return self._source.name

    @property
    def mode(self) -> Mode:
        """That of the source it plays."""
        return self._source.mode

    def open(self) -> None:
        """Opens the source it plays. Raises SourceError."""
        self._source.open()

    def read(self) -> Frame | None:
        """The next frame, with time and number going on over the end; None once it holds."""
        at = self._index / self.mode.rate
        if at >= self.until:
            self.reached = True
            time.sleep(0.02)
            return None
        frame = self._source.read()
        if frame is None:
            self._source.open()
            frame = self._source.read()
        self._index += 1
        if at < self.until - PACED:
            self._start = time.perf_counter() - at
        time.sleep(max(0.0, self._start + at - time.perf_counter()))
        return frame and replace(frame, index=self._index - 1, time=at, captured=clock.now())

    def close(self) -> None:
        """Closes the source it plays."""
        self._source.close()


class Empty:
    """A camera that looks at a wall."""

    name, live, frames, waiting, path = "Empty room", True, None, "", None
    mode = Mode(1280, 720, 30.0, "MJPG")

    def open(self) -> None:
        """Makes the wall's picture."""
        shade = np.linspace(70, 110, self.mode.width, dtype=np.uint8)
        self._image = np.repeat(np.tile(shade, (self.mode.height, 1))[..., None], 3, axis=2)

    def read(self) -> Frame | None:
        """The wall, always as frame 0."""
        return Frame(0, 0.0, self._image, clock.now())

    def close(self) -> None:
        """There is nothing to close."""


class Broken:
    """A camera that another program holds."""

    name, live, frames, waiting, path = "Front camera", True, None, "", None
    mode = Mode(0, 0, 0.0, "")

    def open(self) -> None:
        """Raises SourceError."""
        raise SourceError("Front camera is in use by another program: close that one, then press Try again.")

    def read(self) -> Frame | None:
        """Never called, since it cannot be opened."""

    def close(self) -> None:
        """There is nothing to close."""


class Posed(Pipeline):
    """Whose people look, turn and wink as none in the clip does."""

    POSES = (
        (24.0, -10.0, (0.05, 1.0)),
        (-35.0, 5.0, (1.0, 1.0)),
        (15.0, 20.0, (0.0, 0.0)),
        (5.0, 3.0, (0.4, 0.4)),
    )

    def process(self, frame: Frame) -> Result:
        """As Pipeline, with POSES for the first faces."""
        result, faces = super().process(frame), []
        for face, (yaw, pitch, lids) in zip(result.faces, self.POSES, strict=False):
            gaze = Gaze(yaw, pitch) if max(lids) else None
            turn = Pose(yaw / 2, -pitch, yaw / 3)
            faces.append(replace(face, gaze=gaze, gaze_smooth=gaze, pose=turn, openness=lids))
        return replace(result, faces=tuple(faces))


def load() -> LivePipeline:
    """The pipeline that ships, for four people."""
    return Pipeline.load(paths.models(), 4)


def posed() -> LivePipeline:
    """The same with made-up poses."""
    return Posed.load(paths.models(), 4)


@dataclass(frozen=True, slots=True)
class Scene:
    """A state of the window, and how it is reached."""

    name: str
    source: Callable[[], Source]
    until: float = HOLD_AT
    prepare: tuple[str, ...] = ()  # names of actions that are triggered first
    rest: float = 0.6  # s after the moment: the newest texts, and the curves
    pipeline: Callable[[], LivePipeline] = load
    then: tuple[str, ...] = ()  # names of actions that are triggered after the moment


def one() -> Source:
    """The sample clip."""
    return VideoFile(paths.sample_clip())


def several() -> Source:
    """The sample clip as four people."""
    return Mosaic(paths.sample_clip(), 4)


SCENES = (
    Scene("empty", Empty, until=1.0),
    Scene("one", one),
    Scene("several", several),
    Scene("head", one, prepare=("axes",), pipeline=posed),
    Scene("head-several", several, prepare=("axes", "mirror"), pipeline=posed),
    Scene("why", one, then=("why",)),
    Scene("why-several", several, then=("why", "next_person")),
    Scene("why-compared", one, then=("runner_up",)),
    Scene("other-expressions", one, then=("other_expressions",)),
    Scene("error", Broken, until=0.0),
    Scene("keys", one, until=1.0, prepare=("keys",)),
    Scene("stage", one, prepare=("stage",)),
    Scene("stage-several", several, prepare=("stage",)),
    Scene("stage-bars", several, prepare=("stage", "bars")),
    Scene("stage-curves", several, prepare=("stage", "curves")),
    Scene("stage-why", one, prepare=("stage",), then=("why",)),
    Scene("stage-why-compared", one, prepare=("stage",), then=("runner_up",)),
    Scene("stage-other-expressions", one, prepare=("stage",), then=("other_expressions",)),
    Scene("stage-worn", one, prepare=("stage",), then=("wear",)),
    Scene("stage-invitation", Empty, until=1.0, prepare=("stage",), rest=IDLE + 6),
)


def shoot(scene: Scene, folder: Path, sizes: tuple[tuple[int, int], ...]) -> list[Path]:
    """Saves `scene` in both themes and all `sizes` (width, height in the screen's scaled pixels)."""
    live = Live(scene.pipeline, 4)
    window = Window(Settings(precision=DEFAULT_PRECISION), live)  # however slow the machine is
    window.resize(1024, 640)  # a large one would take minutes to come to its moment
    window.show()
    # over the picture, so that it hovers over no button
    QCursor.setPos(window.panels.picture.mapToGlobal(window.panels.picture.rect().center()))
    for name in scene.prepare:
        window.user_actions.named(name).trigger()
    window.showNormal()  # the stage, too, in the sizes asked for
    source = HeldSource(scene.source(), scene.until)
    window.player.play(source)
    begun = time.perf_counter()
    while not (source.reached or window.notice_bar.text) and time.perf_counter() - begun < 120:
        _run(0.05)
    _run(scene.rest)
    for name in scene.then:
        window.user_actions.named(name).trigger()
        _run(0.6)
    window.player.stop_clocks()
    saved = []
    for size in sizes:
        for theme, scheme in SCHEMES.items():
            window.follow(scheme)
            window.resize(*size)
            window.panels.show_history(live.history)
            _run(0.3)
            shot = window.grab()
            saved.append(folder / f"{scene.name}-{theme}-{shot.width()}x{shot.height()}.png")
            shot.save(str(saved[-1]))
    window.close()
    window.deleteLater()
    return saved


def _run(seconds: float) -> None:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        QCoreApplication.processEvents()
        time.sleep(0.005)


def main() -> int:
    """Saves all screenshots, or those of one scene or scale; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m app.ui.tools.gallery", description="Saves screenshots.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path("build/screenshots"), metavar="DIR")
    parser.add_argument("--scale", type=int, choices=SIZES, help="of the screen (default: each in turn)")
    parser.add_argument("--scene", choices=[scene.name for scene in SCENES], help="only this one")
    arguments = parser.parse_args()
    if arguments.scale is None:  # Qt takes the scale at its start, so each has a process of its own
        code = 0
        for scale in SIZES:
            environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": str(scale)}
            command = [sys.executable, "-m", "app.ui.tools.gallery", *sys.argv[1:], "--scale", str(scale)]
            code |= subprocess.run(command, env=environment).returncode
        return code
    application()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    for scene in SCENES:
        if arguments.scene in (None, scene.name):
            for path in shoot(scene, arguments.folder, SIZES[arguments.scale]):
                print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
