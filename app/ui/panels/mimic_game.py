"""The mimic game: a face is asked for, everybody tries, and who shows it best gets the points."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from app.types import EXPRESSIONS, Face

ROUNDS = 3
READY, SHOW, PRAISE = 3.0, 6.0, 4.0  # s of each part of a round
POINTS = 100  # for a face of which the network is certain
ASKED = {  # what the networks tell apart best, and how it is asked for
    "happy": "Look happy", "surprise": "Show surprise", "sad": "Look sad", "anger": "Show anger",
    "fear": "Show fear",
}  # fmt: skip


class Phase(Enum):
    """The parts of a round, and the end of the game."""

    READY = auto()
    SHOW = auto()
    PRAISE = auto()
    OVER = auto()


@dataclass(frozen=True, slots=True)
class Score:
    """One person's points: in this round, and in the whole game."""

    person: int  # the face's id
    now: int
    total: int


@dataclass(frozen=True, slots=True)
class GameState:
    """What the board shows."""

    phase: Phase
    round: int  # 1 to ROUNDS
    asked: str
    left: float  # share of the phase that is left, 1..0
    scores: tuple[Score, ...]  # the best total first

    @property
    def winner(self) -> int | None:
        """The person with the most points, once it is over; None where nobody has any."""
        best = self.scores[0] if self.scores else None
        return best.person if best and best.total and self.phase is Phase.OVER else None


def any_targets(choose: random.Random) -> tuple[str, ...]:
    """ROUNDS different expressions."""
    return tuple(choose.sample(list(ASKED), ROUNDS))


class MimicGame:
    """`see` takes the faces of each frame; times in s of the source."""

    def __init__(self, targets: Sequence[str], begun: float) -> None:
        """`targets` are expressions of ASKED, one for each round; it begins at `begun`."""
        self._targets, self._begun = tuple(targets), begun
        self._last, self._held = begun, False  # the time it was seen last; whether no time passes
        self.over = False  # whether all rounds are played
        self._points: dict[tuple[int, int], int] = {}  # by round from 0, and by person

    def hold(self) -> None:
        """No time passes until the next `see`: what plays is paused, and the clock of a camera goes on."""
        self._held = True

    def see(self, faces: Iterable[Face], time: float) -> GameState:
        """The state at `time`; while a face is to be shown, the best one of each person counts."""
        if self._held:
            self._begun += time - self._last
        self._last, self._held = time, False
        length = READY + SHOW + PRAISE
        passed = max(0.0, time - self._begun)
        number = min(int(passed / length), len(self._targets) - 1)
        within = passed - number * length
        if within < READY:
            phase, left = Phase.READY, 1 - within / READY
        elif within < READY + SHOW:
            phase, left = Phase.SHOW, 1 - (within - READY) / SHOW
            self._count(faces, number)
        elif within < length:
            phase, left = Phase.PRAISE, 1 - (within - READY - SHOW) / PRAISE
        else:
            phase, left, self.over = Phase.OVER, 0.0, True
        return GameState(phase, number + 1, ASKED[self._targets[number]], left, self._scores(number))

    def _count(self, faces: Iterable[Face], number: int) -> None:
        wanted = EXPRESSIONS.index(self._targets[number])
        for face in faces:
            if face.status == "ok":
                points = round(POINTS * float(face.smooth.probs[wanted]))
                key = number, face.id
                self._points[key] = max(points, self._points.get(key, 0))

    def _scores(self, number: int) -> tuple[Score, ...]:
        people = sorted({person for _, person in self._points})
        scores = [
            Score(
                person,
                self._points.get((number, person), 0),
                sum(points for (_, who), points in self._points.items() if who == person),
            )
            for person in people
        ]
        return tuple(sorted(scores, key=lambda score: (-score.total, score.person)))
