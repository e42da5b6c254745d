"""Does everything work that came with the program? Each network is checked and run, the clip is read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from app.sources.video import VideoFile
from app.stages import models
from app.stages.cards import OFFERED, TASKS
from app.stages.detectors import load_detector
from app.system.errors import UserError


class SelfTestError(UserError):
    """A part does not work; the message is one sentence for the user."""


@dataclass(frozen=True, slots=True)
class Check:
    """One part that works."""

    name: str
    ms: float  # milliseconds of one run, after the first
    note: str


def selftest(folder: Path, clip: Path) -> Iterator[Check]:
    """Checks each network in `folder`, then the detector on the first frame of `clip`; gives what works.

    Raises ModelError for a network that is missing, damaged or not the one of its card, SourceError for the
    clip, and SelfTestError where a task has no network or no face is found.
    """
    missing = set(TASKS) - OFFERED
    for path in sorted(folder.glob("*.toml")):
        model = models.load(path)
        missing.discard(model.card.task)
        start = perf_counter()
        model.try_out(1)
        yield Check(
            path.name, (perf_counter() - start) * 1e3, f"sha256 {model.card.sha256[:12]} as on its card"
        )
    if missing:
        raise SelfTestError(f"There is no network for {min(missing)} in {folder}: install Mien again.")
    video, detector = VideoFile(clip), load_detector(folder, 1)
    try:
        video.open()
        frame = video.read()
        if frame is None or not detector.detect(frame.image):
            raise SelfTestError(f"No face was found in {clip.name}, which shows one: install Mien again.")
        start = perf_counter()
        detector.detect(frame.image)
        yield Check(clip.name, (perf_counter() - start) * 1e3, "its face was found")
    finally:
        video.close()
        detector.close()
