"""The baseline: valence, arousal and actions of each person's own neutral face, taken over ten seconds.

Who is not neutral then, or moves the head, gets none: everything afterwards would be counted from it.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from app.types import EXPRESSIONS, ActionValues, Baseline, Face, Result

SECONDS = 10.0  # that a baseline takes
MIN_SHARE = 0.5  # of the frames in which a person must have been measured well
NEUTRAL = 0.8  # of those frames in which "neutral" must have been the most probable expression
MOVES = 10.0  # degrees that yaw, pitch and roll may each vary, without the tenth of the frames at either end
UNSEEN, NOT_NEUTRAL, MOVING = "unseen", "not neutral", "moving"  # why somebody got no baseline


@dataclass(frozen=True, slots=True)
class BaselineResult:
    """Whose baseline was taken in ten seconds, and whose was not."""

    baselines: Mapping[int, Baseline]  # by id of the face
    left_out: Mapping[int, str]  # by id of a face that was seen: UNSEEN, NOT_NEUTRAL or MOVING


class BaselineStage:
    """The stage after the pipeline: takes baselines, and gives each face the baseline of its person.

    `apply` is called on the engine's thread; every other method may be called on any thread.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        """Taking a baseline lasts `seconds` on the frames' clock."""
        self._seconds = seconds
        self._baselines: dict[int, Baseline] = {}
        self._wanted = False
        self._began: float | None = None  # s on the source's clock
        self._frames = 0
        self._values: dict[int, list[_Sample]] = {}
        self._now = 0.0
        self._taken: BaselineResult | None = None
        self._lock = threading.Lock()

    @property
    def baselines(self) -> Mapping[int, Baseline]:
        """All baselines that were taken, by id of the face."""
        return MappingProxyType(self._baselines)

    @property
    def left(self) -> float | None:
        """Seconds until the baseline is taken; None when none is being taken."""
        with self._lock:
            if not self._wanted:
                return None
            return self._seconds if self._began is None else max(0.0, self._began + self._seconds - self._now)

    def start(self) -> None:
        """Take a baseline of everybody from the next frame on; one that is being taken begins again."""
        with self._lock:
            self._wanted, self._began, self._frames, self._values = True, None, 0, defaultdict(list)

    def clear(self) -> None:
        """Forget all baselines, and end one that is being taken."""
        with self._lock:
            self._wanted, self._baselines = False, {}

    def take(self) -> BaselineResult | None:
        """What was taken since the last call; None when nothing was."""
        with self._lock:
            taken, self._taken = self._taken, None
            return taken

    def apply(self, result: Result) -> Result:
        """`result`, each of its faces with the baseline of its person, if there is one."""
        with self._lock:
            if self._wanted:
                self._collect(result)
            if not self._baselines:
                return result
            faces = tuple(_counted_from(face, self._baselines.get(face.id)) for face in result.faces)
        return replace(result, faces=faces)

    def _collect(self, result: Result) -> None:
        self._now = result.frame.time
        if self._began is None:
            self._began = self._now
        if self._now - self._began >= self._seconds:
            self._finish()
            return
        self._frames += 1
        for face in result.faces:
            values = self._values[face.id]  # made also for a face that is never measured well
            if face.status == "ok":
                values.append(_Sample(face))

    def _finish(self) -> None:
        fresh, left_out = dict[int, Baseline](), dict[int, str]()
        for id, samples in sorted(self._values.items()):
            if fault := _fault(samples, self._frames):
                left_out[id] = fault
            else:  # The median: a blink or a short smile does not move it.
                valence, arousal = np.median([(s.valence, s.arousal) for s in samples], axis=0).tolist()
                fresh[id] = Baseline(valence, arousal, len(samples), _actions(samples))
        self._baselines = {**self._baselines, **fresh}
        self._taken = BaselineResult(MappingProxyType(fresh), MappingProxyType(left_out))
        self._wanted = False


class _Sample:
    """Of one frame in which a face was measured well."""

    __slots__ = ("actions", "angles", "arousal", "neutral", "valence")

    def __init__(self, face: Face) -> None:
        self.valence, self.arousal = face.raw.valence, face.raw.arousal
        self.neutral = face.raw.expression == EXPRESSIONS[0]
        self.angles = face.pose.yaw, face.pose.pitch, face.pose.roll
        self.actions = None if face.actions is None else face.actions.measured


def _actions(samples: list[_Sample]) -> tuple[float, ...]:
    """The median of the actions of `samples`; () where they were not measured."""
    known = [sample.actions for sample in samples if sample.actions is not None]
    return tuple(np.median(known, axis=0).round(4).tolist()) if known else ()


def _counted_from(face: Face, baseline: Baseline | None) -> Face:
    """`face` with its baseline, from which its actions are then counted, too."""
    actions = face.actions
    if baseline is not None and baseline.actions and actions is not None:
        actions = replace(actions, neutral=_keep_unknown(actions.neutral, baseline))
    return replace(face, baseline=baseline, actions=actions)


def _fault(samples: list[_Sample], frames: int) -> str:
    """Why `samples`, of so many `frames`, are no neutral face; "" where they are one."""
    if not samples or len(samples) < MIN_SHARE * frames:
        return UNSEEN
    if sum(sample.neutral for sample in samples) < NEUTRAL * len(samples):
        return NOT_NEUTRAL
    low, high = np.percentile([sample.angles for sample in samples], (10, 90), axis=0)
    return MOVING if (high - low).max() > MOVES else ""


def _keep_unknown(neutral: ActionValues, baseline: Baseline) -> ActionValues:
    """The actions of `baseline` (n,); NaN where `neutral` is: those are not known in this frame."""
    own = np.array(baseline.actions, np.float32)
    return np.where(np.isnan(neutral), neutral, own)
