"""Where each face's point in the plane has been in the last seconds."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from app.stages.circumplex import spread
from app.types import Face, Floats
from app.ui.look.fade import Fade
from app.ui.look.words import expression_words
from app.ui.panels.plane_labels import QUARTERS

TRAIL = 5.0  # s that a trail lasts
FADE = 1.0  # s in which the point of a face that left fades away
DOUBT = 0.4  # presence of a face whose values are in doubt
STEP, PAUSE = 0.06, 0.24  # s between a trail's samples: closer ones cost time and show nothing; at rest
NEAR = 0.005  # in valence and arousal: less than a pixel, and so at rest


@dataclass(slots=True)
class Trail:
    """Where a face's point has been, and what is written beside it."""

    word: str = ""
    side: int = 0  # of the point where its word is: see `plane_labels.sides`
    confidence: Fade = field(default_factory=Fade)  # 1, or less while the values are in doubt
    spread: tuple[float, float, float] = (0.0, 0.0, 0.0)  # see `ellipse`
    samples: deque[tuple[float, float, float]] = field(default_factory=deque)  # time, valence, arousal

    @property
    def point(self) -> tuple[float, float]:
        """The newest valence and arousal."""
        return self.samples[-1][1:]

    def presence(self, now: float) -> float:
        """1 while the face is in sight, fading to 0 when it has left; less while its values are in doubt."""
        return self.confidence.value * (1.0 - (now - self.samples[-1][0]) / FADE)


def _itself(face: Face) -> Face:
    return face


class Trails:
    """The trails of all faces in sight, by id; times are s on the source's clock."""

    def __init__(self) -> None:
        self.by_face: dict[int, Trail] = {}
        self.now = 0.0

    def clear(self) -> None:
        """Forgets every face."""
        self.by_face.clear()
        self.now = 0.0

    def add(self, faces: Iterable[Face], time: float, read: Callable[[Face], Face] = _itself) -> None:
        """Adds the faces at `time`; an earlier time than before clears all trails.

        `read` gives each face as it was read last, of which its word is.
        """
        if time < self.now:
            self.by_face.clear()
        self.now = time
        for face in faces:
            signals = face.shown
            trail = self.by_face.setdefault(face.id, Trail())
            if len(trail.samples) > 1 and _spare(trail.samples[-2], trail.samples[-1], time):
                trail.samples.pop()
            valence, arousal = (max(-1.0, min(v, 1.0)) for v in (signals.valence, signals.arousal))
            trail.samples.append((time, valence, arousal))
            trail.word = expression_words(read(face).smooth.probs)
            trail.spread = ellipse(spread(signals.probs))
            trail.confidence.to(1.0 if face.status == "ok" else DOUBT, time)
        for face_id, trail in list(self.by_face.items()):
            while trail.samples and trail.samples[0][0] < time - TRAIL:
                trail.samples.popleft()
            if not trail.samples or trail.samples[-1][0] < time - FADE:
                del self.by_face[face_id]

    def read_again(self, faces: Iterable[Face], read: Callable[[Face], Face]) -> None:
        """Only the words of `faces`, as `read` gives them."""
        for face in faces:
            if (trail := self.by_face.get(face.id)) is not None:
                trail.word = expression_words(read(face).smooth.probs)

    def wander(self, now: float) -> None:
        """Moves a point slowly round, in place of a face."""
        x = 0.62 * math.sin(now * 0.41) * (0.8 + 0.2 * math.sin(now * 0.17))
        y = 0.62 * math.cos(now * 0.29)
        trail = self.by_face.setdefault(1, Trail())
        if not trail.samples or now - trail.samples[-1][0] >= STEP:
            trail.samples.append((now, x, y))
        while trail.samples[0][0] < now - TRAIL:
            trail.samples.popleft()
        trail.word = next(word for word, sx, sy in QUARTERS if sx * x >= 0 and sy * y >= 0)
        self.now = now


def ellipse(covariance: Floats) -> tuple[float, float, float]:
    """Of a (2, 2) covariance: the longer and the shorter standard deviation, and the longer one's degrees."""
    (a, b), (_, d) = covariance.tolist()
    middle, apart = (a + d) / 2, math.hypot((a - d) / 2, b)
    longer, shorter = math.sqrt(max(middle + apart, 0.0)), math.sqrt(max(middle - apart, 0.0))
    return longer, shorter, math.degrees(math.atan2(2 * b, a - d)) / 2


def _spare(before: tuple[float, float, float], last: tuple[float, float, float], time: float) -> bool:
    """Whether a trail looks the same without its `last` sample, now that there is one of `time`."""
    rests = abs(last[1] - before[1]) < NEAR and abs(last[2] - before[2]) < NEAR
    return time - before[0] < (PAUSE if rests else STEP)
