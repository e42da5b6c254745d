"""From a frame to what is known of each face in it: detect, track, eyes, affect, smooth."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import cv2
import numpy as np

from app.stages.affect import AffectReader
from app.stages.detect import Detector
from app.stages.eyelids import openness, visible_confidence
from app.stages.eyes import EyeLocator
from app.stages.gaze import gaze
from app.stages.models import Card, ModelError, load
from app.stages.move_with_eyes import move_with_eyes
from app.stages.pose import head_pose
from app.stages.quality import status
from app.stages.rate import Rate
from app.stages.smooth import Smoother
from app.stages.track import Tracker
from app.types import (
    DEFAULT_SMOOTHING,
    Detection,
    Face,
    Frame,
    Gaze,
    Pose,
    Result,
    Signals,
    StageTimes,
    Workload,
)


@dataclass(frozen=True, slots=True, eq=False)
class _Known:
    """The faces of the last frame."""

    ids: tuple[int, ...]
    detections: tuple[Detection, ...]
    centres: np.ndarray  # (n, 2, 2), of the eyes
    confidence: np.ndarray  # (n, 2)


class Pipeline:
    """The stages one after the other. It knows no window, file or clock but the frame's own.

    Only the two networks run side by side: neither needs the other, and most machines have two cores.
    """

    def __init__(
        self,
        detector: Detector,
        tracker: Tracker,
        eyes: EyeLocator,
        affect: AffectReader,
        smoother: Smoother,
        others: Sequence[AffectReader] = (),
    ) -> None:
        """`others` are affect networks of other precisions than `affect`, for `use` to choose from."""
        self._detector = detector
        self._tracker = tracker
        self._eyes = eyes
        self._affects = {reader.model.card.precision: reader for reader in (*others, affect)}
        self._workload = Workload(affect.model.card.precision)
        self._known: _Known | None = None
        self._rate = Rate()
        self._since = 0  # frames since landmarks were looked for
        self.smoother = smoother
        self._beside = ThreadPoolExecutor(1, "affect")

    @classmethod
    def load(
        cls, models: Path, max_faces: int = 4, *, smoothing: float = DEFAULT_SMOOTHING, still: bool = False,
        affect: Sequence[str] = ("affect",),
    ) -> Pipeline:  # fmt: skip
        """The pipeline with the cards `eyes` and `affect` of the folder `models`.

        `smoothing`, 0..1, is the Smoother's; `still` is for unrelated pictures, not a stream. Of several
        names in `affect` the first is used until `use` says otherwise. Raises ModelError.
        """
        eyes = EyeLocator(load(models / "eyes.toml"))
        first, *others = (AffectReader(load(models / f"{name}.toml")) for name in affect)
        return cls(Detector(max_faces, still=still), Tracker(), eyes, first, Smoother(smoothing), others)

    @property
    def cards(self) -> tuple[Card, ...]:
        """Of the networks that are used, for a recording to name them."""
        return self._eyes.model.card, self._affects[self._workload.precision].model.card

    @property
    def workload(self) -> Workload:
        return self._workload

    def use(self, workload: Workload) -> None:
        """From the next frame on; raises ModelError when no network of that precision was loaded."""
        if workload.precision not in self._affects:
            raise ModelError(f"There is no {workload.precision} affect network here: install Mien again.")
        self._workload = workload

    @property
    def affect(self) -> AffectReader:
        """For a second look at a face; any thread may use it."""
        return self._affects[self._workload.precision]

    def process(self, frame: Frame) -> Result:
        """Everything known of each face in `frame`, ordered by id.

        The same frames in the same order give the same result, but for the stage times. Raises ModelError
        when a network gives values that are not finite.
        """
        start, workload = perf_counter(), self._workload
        rate, self._since = self._rate.see(frame.time), self._since + 1
        held = self._known if self._since < workload.landmarks_every else None
        if held is None:
            self._since, self._detector.search = 0, max(1, workload.search_every // workload.landmarks_every)
            detections = self._detector.detect(frame.image)
            ids = self._tracker.assign(detections, frame.time)
        else:
            detections, ids = held.detections, held.ids
        detected = perf_counter()
        grey = cv2.cvtColor(frame.image, cv2.COLOR_BGR2GRAY) if detections else frame.image
        reading = self._beside.submit(self._read, self._affects[workload.precision], grey, detections)
        centres, confidence = self._eyes.locate(grey, detections)
        if held is not None:
            sure = np.minimum(held.confidence, confidence)
            detections = tuple(
                move_with_eyes(face, held.centres[i], centres[i], sure[i])
                for i, face in enumerate(detections)
            )
        self._known = _Known(ids, detections, centres, confidence) if ids else None
        located = perf_counter()
        seen = [_see(grey, face, centres[i], confidence[i], rate) for i, face in enumerate(detections)]
        probs, va, affect_ms = reading.result()  # as late as can be: it takes longer than the eyes
        read = perf_counter()
        self.smoother.forget(self._tracker.ended)
        faces = []
        for i, (id, detection) in enumerate(zip(ids, detections, strict=True)):
            raw = Signals(centres[i], probs[i], float(va[i, 0]), float(va[i, 1]))
            smooth = self.smoother.smooth(id, raw, frame.time)
            pose, lids, looks, how = seen[i]
            faces.append(
                Face(
                    id=id,
                    box=detection.box,
                    landmarks=detection.landmarks,
                    pose=pose,
                    eye_confidence=visible_confidence(confidence[i], lids),
                    raw=raw,
                    smooth=smooth,
                    status=how,
                    openness=lids,
                    gaze=looks,
                    gaze_smooth=self.smoother.smooth_gaze(id, looks, frame.time),
                )
            )
        end = perf_counter()
        times = StageTimes(
            detect=(detected - start) * 1e3,
            eyes=(located - detected) * 1e3,
            affect=affect_ms,
            smooth=(end - read) * 1e3,
            total=(end - start) * 1e3,
        )
        return Result(frame, tuple(sorted(faces, key=lambda face: face.id)), times)

    def close(self) -> None:
        """Free the detector, and end the thread of the second network."""
        self._beside.shutdown()
        self._detector.close()

    def _read(
        self, affect: AffectReader, grey: np.ndarray, detections: tuple[Detection, ...]
    ) -> tuple[np.ndarray, np.ndarray, float]:
        """What the affect network says, and the milliseconds that it took."""
        start = perf_counter()
        probs, va = affect.read(grey, detections)
        return probs, va, (perf_counter() - start) * 1e3


def _see(
    grey: np.ndarray, detection: Detection, centres: np.ndarray, confidence: np.ndarray, rate: float
) -> tuple[Pose, tuple[float, float], Gaze | None, str]:
    """What needs no affect: the head's pose, how far the eyes are open, where they look, and the status."""
    pose, lids = head_pose(detection.landmarks), openness(detection.landmarks)
    looks = gaze(detection.landmarks, centres, confidence, lids)
    return pose, lids, looks, status(grey, detection, pose, confidence, rate)
