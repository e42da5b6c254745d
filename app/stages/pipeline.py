"""The pipeline: from a frame to everything that is known of each face in it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import cv2
import numpy as np

from app.stages.actions.card import FILE as ACTION_CARD
from app.stages.actions.card import read_card as read_action_card
from app.stages.actions.reader import ActionReader
from app.stages.actions.watch import ActionWatch
from app.stages.affect import AffectReader
from app.stages.cards import ModelError, UsedCard
from app.stages.crops import GreyNear
from app.stages.detect import Detector
from app.stages.detectors import DEFAULT_DETECTOR, load_detector
from app.stages.eyelids import openness, visible_confidence
from app.stages.eyes import EyeLocator
from app.stages.gaze import gaze
from app.stages.models import load
from app.stages.move_with_eyes import move_with_eyes
from app.stages.networks import LoadNetwork
from app.stages.pose import head_pose
from app.stages.quality import SHAPE, status
from app.stages.rate import Rate
from app.stages.side_by_side import SideBySide
from app.stages.smooth import Smoother
from app.stages.tracking.tracker import Tracker
from app.types import (
    DEFAULT_MAX_FACES,
    DEFAULT_SMOOTHING,
    Affects,
    Confidence,
    Crops,
    Detection,
    Eyes,
    EyesOfFaces,
    Face,
    Frame,
    Gaze,
    Grey,
    Pose,
    Probs,
    Result,
    Signals,
    StageTimes,
    Workload,
)

LATE = 0.5  # s after the frame before from which on faces may be elsewhere


class Pipeline:
    """The stages, one after the other, for the frames of one source in their order:

    1. detect: where faces are, with their landmarks; some frames take these from the frame before
    2. track: which person each face is
    3. eyes: both eye centres, and how certain they are; faces not detected in this frame move with them
    4. affect: expression, valence and arousal; at the same time as 3 and 5, where that is quicker
    5. traits: pose, openness, gaze and status, which need landmarks and eyes alone
    6. smooth: eyes, affect and gaze
    7. actions: what moves in the face, counted from the person's own neutral

    It knows no window. It reads files only in `load`. Its results depend on the frames and their times alone;
    it reads the computer's clock only to time the stages, and to find out whether 3 and 4 are quicker side by
    side: neither needs the other.
    """

    def __init__(
        self,
        detector: Detector,
        tracker: Tracker,
        eyes: EyeLocator,
        affects: Sequence[AffectReader],
        smoother: Smoother,
        actions: ActionWatch | None = None,
    ) -> None:
        """`affects` are affect networks of different precisions; the first runs until `use` changes it.

        Without `actions` none are measured.
        """
        self._detector = detector
        self._tracker = tracker
        self._eyes = eyes
        self._affects = {reader.model.card.precision: reader for reader in reversed(affects)}
        self._workload = Workload(affects[0].model.card.precision)
        self._rate = Rate()
        self._last: _Located | None = None  # the faces of the frame before
        self._frames_since = 0  # landmarks were searched for
        self._detected = -np.inf  # s, the time of the last frame in which they were
        self._side_by_side = SideBySide()
        self._grey = GreyNear([eyes.model.card.crop, *(reader.model.card.crop for reader in affects), SHAPE])
        self.smoother = smoother
        self._actions = actions
        # The pictures' parts are small: OpenCV's own threads would wait for each other longer than they work.
        cv2.setNumThreads(1)

    @classmethod
    def load(
        cls, models: Path, max_faces: int = DEFAULT_MAX_FACES, *, smoothing: float = DEFAULT_SMOOTHING,
        still: bool = False, affect: Sequence[str] = ("affect",), detector: str = DEFAULT_DETECTOR,
        load: LoadNetwork = load,
    ) -> Pipeline:  # fmt: skip
        """The pipeline with the networks of the folder `models`.

        `smoothing`, 0..1, is the Smoother's; `still` is for unrelated pictures instead of a stream. `affect`
        names the affect networks; the first runs until `use` changes it. `detector` is one of
        `detectors.DETECTORS`. `load` gives the network of a card: with one LoadedNetworks several pipelines
        share theirs. Raises ModelError, and MissingExtra where the detector is not installed.
        """
        # The largest networks first: the others then find room in the memory that these needed to load.
        faces = load_detector(models, max_faces, still=still, name=detector, load=load)
        affects = [AffectReader(load(models / f"{name}.toml", None)) for name in affect]
        eyes = EyeLocator(load(models / "eyes.toml", None))
        actions = ActionWatch(ActionReader(read_action_card(models / ACTION_CARD)))
        return cls(faces, Tracker(), eyes, affects, Smoother(smoothing), actions)

    @property
    def cards(self) -> tuple[UsedCard, ...]:
        """The cards of the networks that run now, and that of the actions: a recording names them."""
        actions = () if self._actions is None else (self._actions.card,)
        return self._eyes.model.card, self.affect.model.card, *self._detector.cards, *actions

    @property
    def detector(self) -> str:
        """The name of its detector, which a recording names too: one of `detectors.DETECTORS`."""
        return self._detector.name

    @property
    def workload(self) -> Workload:
        """How much is computed for each frame."""
        return self._workload

    @property
    def affect(self) -> AffectReader:
        """The affect network that runs now, for a second look at a face; any thread may use it."""
        return self._affects[self._workload.precision]

    @property
    def max_faces(self) -> int:
        """How many faces of a frame are measured at most; may be changed between two frames."""
        return self._detector.max_faces

    @max_faces.setter
    def max_faces(self, number: int) -> None:
        self._detector.max_faces = number

    def use(self, workload: Workload) -> None:
        """Compute so much from the next frame on.

        Raises ModelError when no affect network of that precision is loaded.
        """
        if workload.precision not in self._affects:
            raise ModelError(f"There is no {workload.precision} affect network here: install Mien again.")
        self._workload = workload

    def process(self, frame: Frame) -> Result:
        """Everything that is known of each face in `frame`, ordered by id.

        The same frames in the same order give the same result, but for the stage times. Raises ModelError
        when a network gives values that are not finite.
        """
        start = perf_counter()
        rate = self._rate.add(frame.time) if math.isnan(frame.rate) else frame.rate
        last = self._last if self._landmarks_can_wait() else None
        found = last or self._detect_and_track(frame)
        detected = perf_counter()
        grey = self._grey.of(frame.image, (face.eyes for face in found.detections))
        reader, cut = self.affect, perf_counter()
        crops = reader.crops(grey, found.detections)  # here, since Python's threads get in each other's way
        cut_ms = (perf_counter() - cut) * 1e3

        def eyes() -> tuple[_Located, list[_Traits], float]:
            return self._look_at_eyes(grey, found, last, rate)

        def affect() -> tuple[Probs, Affects, float]:
            return _run_timed(reader, crops)

        both = self._side_by_side.run(eyes, affect) if found.ids else (eyes(), affect())
        (faces, traits, eyes_ms), (probs, va, affect_ms) = both
        read = perf_counter()
        smoothed = self._smooth(faces, traits, probs, va, frame.time)
        end = perf_counter()
        times = StageTimes(
            detect=(detected - start) * 1e3,
            eyes=eyes_ms,
            affect=cut_ms + affect_ms,
            smooth=(end - read) * 1e3,
            total=(end - start) * 1e3,
        )
        cut = found.cut and found is not last
        return Result(frame, smoothed, times, unmeasured=self._detector.unmeasured, cut=cut)

    def close(self) -> None:
        """Frees the detector, and ends the second thread. Nothing is processed afterwards."""
        self._side_by_side.close()
        self._detector.close()

    def _forget(self, ids: Iterable[int]) -> None:
        """Drops what is kept of faces that have left, or that another picture has ended."""
        gone = tuple(ids)
        self.smoother.forget(gone)
        if self._actions is not None:
            self._actions.forget(gone)

    def _landmarks_can_wait(self) -> bool:
        """Whether the landmarks of the frame before, moved with the eyes, are enough for this frame."""
        self._frames_since += 1
        return self._frames_since < self._workload.landmarks_every

    def _detect_and_track(self, frame: Frame) -> _Found:
        workload, self._frames_since = self._workload, 0
        self._detector.search_every = max(1, workload.search_every // workload.landmarks_every)
        if frame.time - self._detected > LATE:
            self._detector.search_now()
        self._detected = frame.time
        detections = self._detector.detect(frame.image)
        ids = self._tracker.assign(detections, frame.time, frame.image)
        if self._tracker.cut:  # nothing is smoothed over a cut
            self._forget(ids)
        return _Found(ids, detections, self._tracker.cut)

    def _look_at_eyes(
        self, grey: Grey, found: _Found, last: _Located | None, rate: float
    ) -> tuple[_Located, list[_Traits], float]:
        """The faces with their eyes, what these and the landmarks say, and the milliseconds of the eyes."""
        start = perf_counter()
        faces = self._locate_eyes(grey, found, last)
        located = perf_counter()
        return faces, [_traits(grey, *face, rate) for face in faces.each()], (located - start) * 1e3

    def _locate_eyes(self, grey: Grey, found: _Found, last: _Located | None) -> _Located:
        """The faces with their eye centres; those that were not detected now are moved with the eyes."""
        detections = found.detections
        centres, confidence = self._eyes.locate(grey, detections)
        if last is not None:
            lower = np.minimum(last.confidence, confidence)
            detections = tuple(
                move_with_eyes(face, last.centres[i], centres[i], lower[i])
                for i, face in enumerate(detections)
            )
        located = _Located(found.ids, detections, found.cut, centres, confidence)
        self._last = located if located.ids else None
        return located

    def _smooth(
        self, faces: _Located, traits: list[_Traits], probs: Probs, va: Affects, time: float
    ) -> tuple[Face, ...]:
        """All that was found, put together and smoothed, ordered by id."""
        self._forget(self._tracker.ended)
        together = []
        for i, (id, detection, trait) in enumerate(zip(faces.ids, faces.detections, traits, strict=True)):
            raw = Signals(faces.centres[i], probs[i], float(va[i, 0]), float(va[i, 1]))
            face = Face(
                id=id,
                box=detection.box,
                landmarks=detection.landmarks,
                pose=trait.pose,
                eye_confidence=visible_confidence(faces.confidence[i], trait.openness),
                raw=raw,
                smooth=self.smoother.smooth(id, raw, time),
                status=trait.status,
                openness=trait.openness,
                gaze=trait.gaze,
                gaze_smooth=self.smoother.smooth_gaze(id, trait.gaze, time),
            )
            together.append(face if self._actions is None else self._actions.add(face, time, self.smoother))
        return tuple(sorted(together, key=lambda face: face.id))


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """The faces of a frame after detection and tracking."""

    ids: tuple[int, ...]
    detections: tuple[Detection, ...]
    cut: bool  # another picture began, or another face took the place of one


@dataclass(frozen=True, slots=True, eq=False)
class _Located(_Found):
    """The same faces with their eyes."""

    centres: EyesOfFaces
    confidence: Confidence  # (n, 2)

    def each(self) -> Iterator[tuple[Detection, Eyes, Confidence]]:
        """Face by face."""
        return zip(self.detections, self.centres, self.confidence, strict=True)


@dataclass(frozen=True, slots=True)
class _Traits:
    """What landmarks and eyes alone say about a face."""

    pose: Pose
    openness: tuple[float, float]
    gaze: Gaze | None
    status: str


def _traits(grey: Grey, detection: Detection, centres: Eyes, confidence: Confidence, rate: float) -> _Traits:
    pose, open_eyes = head_pose(detection.landmarks), openness(detection.landmarks)
    return _Traits(
        pose=pose,
        openness=open_eyes,
        gaze=gaze(detection.landmarks, centres, confidence, open_eyes),
        status=status(grey, detection, pose, confidence, rate),
    )


def _run_timed(affect: AffectReader, crops: Crops) -> tuple[Probs, Affects, float]:
    """The answer of the affect network, and the milliseconds that it took."""
    start = perf_counter()
    probs, va = affect.run(crops)
    return probs, va, (perf_counter() - start) * 1e3
