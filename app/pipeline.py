"""From a frame to what is known of each face in it: detect, track, eyes, affect, smooth."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import cv2

from app.affect import AffectReader
from app.detect import Detector
from app.eyes import EyeLocator
from app.models import Card, load
from app.pose import head_pose
from app.quality import status
from app.smooth import Smoother
from app.track import Tracker
from app.types import Face, Frame, Result, Signals, StageTimes


class Pipeline:
    """The stages one after the other. It knows no window, thread, file or clock but the frame's own."""

    def __init__(
        self,
        detector: Detector,
        tracker: Tracker,
        eyes: EyeLocator,
        affect: AffectReader,
        smoother: Smoother,
    ) -> None:
        self._detector = detector
        self._tracker = tracker
        self._eyes = eyes
        self._affect = affect
        self.smoother = smoother

    @classmethod
    def load(
        cls, models: Path, max_faces: int = 4, *, smoothing: bool = True, still: bool = False
    ) -> Pipeline:
        """The pipeline with `eyes.toml` and `affect.toml` of the folder `models`.

        `still` is for unrelated pictures instead of a stream. Raises ModelError.
        """
        eyes = EyeLocator(load(models / "eyes.toml"))
        affect = AffectReader(load(models / "affect.toml"))
        return cls(Detector(max_faces, still=still), Tracker(), eyes, affect, Smoother(smoothing))

    @property
    def cards(self) -> tuple[Card, ...]:
        """Of the networks, for a recording to name them."""
        return self._eyes.model.card, self._affect.model.card

    def process(self, frame: Frame) -> Result:
        """Everything known of each face in `frame`, ordered by id.

        The same frames in the same order give the same result, but for the stage times. Raises ModelError
        when a network gives values that are not finite.
        """
        start = perf_counter()
        detections = self._detector.detect(frame.image)
        ids = self._tracker.assign(detections, frame.time)
        detected = perf_counter()
        grey = cv2.cvtColor(frame.image, cv2.COLOR_BGR2GRAY) if detections else frame.image
        centres, confidence = self._eyes.locate(grey, detections)
        located = perf_counter()
        probs, va = self._affect.read(grey, detections)
        read = perf_counter()
        self.smoother.forget(self._tracker.ended)
        faces = []
        for i, (id, detection) in enumerate(zip(ids, detections, strict=True)):
            raw = Signals(centres[i], probs[i], float(va[i, 0]), float(va[i, 1]))
            pose = head_pose(detection.landmarks)
            faces.append(
                Face(
                    id=id,
                    box=detection.box,
                    landmarks=detection.landmarks,
                    pose=pose,
                    eye_confidence=confidence[i],
                    raw=raw,
                    smooth=self.smoother.smooth(id, raw, frame.time),
                    status=status(frame.image, detection, pose, confidence[i]),
                )
            )
        end = perf_counter()
        times = StageTimes(
            detect=(detected - start) * 1e3,
            eyes=(located - detected) * 1e3,
            affect=(read - located) * 1e3,
            smooth=(end - read) * 1e3,
            total=(end - start) * 1e3,
        )
        return Result(frame, tuple(sorted(faces, key=lambda face: face.id)), times)

    def close(self) -> None:
        """Free the detector."""
        self._detector.close()
