"""What is shown to a participant, in which order, and what is asked: the plan, which plays nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class StimulusKind(Enum):
    """What a stimulus is; its value is the word in `study.toml`."""

    PICTURE = "picture"
    VIDEO = "video"
    SOUND = "sound"
    BLANK = "blank"  # a pause with nothing on the screen
    FIXATION = "fixation"  # a pause with a cross to look at

    @property
    def is_pause(self) -> bool:
        """Whether it is a pause: it has no file, and keeps its place whatever the order."""
        return self in (StimulusKind.BLANK, StimulusKind.FIXATION)

    @property
    def is_visible(self) -> bool:
        """Whether its file has pictures."""
        return self in (StimulusKind.PICTURE, StimulusKind.VIDEO)


class Order(Enum):
    """How the order of the stimuli follows from the playlist; its value is the word in `study.toml`."""

    FIXED = "fixed"  # as in the file
    RANDOM = "random"  # another one for each participant, from the seed
    COUNTERBALANCED = "counterbalanced"  # each stimulus equally often at each place, over participants


class QuestionKind(Enum):
    """How a question is answered; its value is the word in `study.toml`."""

    SCALE = "scale"  # a whole number from `lowest` to `highest`
    TEXT = "text"  # free text
    GRID = "grid"  # the affect grid (Russell, Weiss and Mendelsohn 1989): two numbers, each -1..1


@dataclass(frozen=True, slots=True)
class Stimulus:
    """One entry of a playlist: a picture, a video, a sound, or a pause."""

    name: str  # in events and tables; no two entries that are no pauses share one
    kind: StimulusKind
    file: str = ""  # relative to the study's folder, with "/" between its parts; "" for a pause
    seconds: float | None = None  # how long it is shown; None for a video or a sound: until its end
    condition: str = ""  # "" where the condition is that of the session
    questions: tuple[str, ...] = ()  # names of questions that are asked after it, in this order
    fixed: bool = False  # it keeps its place whatever the order, as a stimulus for practice does


@dataclass(frozen=True, slots=True)
class Question:
    """One question. Its answer is kept as an event: see `app.study.answers`."""

    name: str  # in events and tables
    text: str  # what the participant reads
    kind: QuestionKind = QuestionKind.SCALE
    lowest: int = 1  # of a scale
    highest: int = 9  # of a scale
    lowest_words: str = ""  # beside the lowest number of a scale, such as "not at all"
    highest_words: str = ""


@dataclass(frozen=True, slots=True)
class Playlist:
    """All stimuli in the order of the file, and what is asked."""

    stimuli: tuple[Stimulus, ...] = ()
    questions: tuple[Question, ...] = ()
    order: Order = Order.FIXED
    seed: int = 1  # of a random order; the same seed gives each participant the same order again


NO_PLAYLIST = Playlist()
