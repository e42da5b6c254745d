"""The files of a playlist, all looked at before a run: what is missing, and what cannot be shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.sources.source import SourceError
from app.sources.video import VideoFile
from app.study.folder import StudyFolder
from app.study.playlist import Stimulus
from app.types import Image


@dataclass(frozen=True, slots=True)
class StimulusProblem:
    """Why a stimulus cannot be presented."""

    stimulus: Stimulus
    sentence: str


def first_picture(path: Path) -> Image:
    """The picture in the file at `path`, or the first one of a video. Raises SourceError."""
    video = VideoFile(path)
    try:
        video.open()
        frame = video.read()
    finally:
        video.close()
    if frame is None:
        raise SourceError(f"{path.name} holds no picture: save it again from another program.")
    return frame.image


def problems(
    folder: StudyFolder, stimuli: Sequence[Stimulus], no_sound: Callable[[Path], str]
) -> tuple[StimulusProblem, ...]:
    """A sentence for each of `stimuli` that cannot be presented, each file looked at once.

    `no_sound` says in a sentence why the sound in a file cannot be played, "" where it can.
    """
    said: dict[str, str] = {}  # of each file
    for stimulus in stimuli:
        if stimulus.file and stimulus.file not in said:
            said[stimulus.file] = _problem(folder.at(stimulus.file), stimulus, no_sound)
    return tuple(StimulusProblem(s, said[s.file]) for s in stimuli if s.file and said[s.file])


def _problem(path: Path, stimulus: Stimulus, no_sound: Callable[[Path], str]) -> str:
    if not path.is_file():
        return f"{stimulus.file} is not there: copy it into the study's folder."
    if not stimulus.kind.is_visible:
        return no_sound(path)
    try:
        first_picture(path)
    except SourceError as error:
        return str(error)
    return ""
