"""Our detector beside MediaPipe's, frame by frame: `python -m export.evaluate detector CLIP ...`.

Needs: the extra `mediapipe`. A CLIP is a video or a picture, or a folder of such. Prints a row for each: how
many faces either finds, how many of them the other does not, in how many frames both give the same people the
same ids, and how far apart the landmarks of a face are, in distances between its eyes: the median over a
face's landmarks, of which the table has the median over the faces, the 90th percentile and the largest.

  python -m export.evaluate detector tests/clips
  python -m export.evaluate detector a.mp4 b.jpg --faces 8
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from app.stages.detectors import load_detector
from app.stages.tracking.tracker import Tracker
from app.types import Detection, Image
from export.data.errors import DataError
from export.data.places import MODELS
from export.training import outcome
from export.training.arguments import parser as new_parser
from export.training.arguments import positive

SAME = 0.25  # eye distances: nearer than this, two faces are the same
PICTURES, CLIPS = (".jpg", ".png"), (".mp4", ".mov", ".mkv", ".avi")
RATE = 30.0  # frames a second, by which ids are kept


@dataclass(slots=True)
class Agreement:
    """What was seen in one clip."""

    frames: int = 0
    ours: int = 0  # faces, over all frames
    theirs: int = 0
    missed: int = 0  # faces of theirs that we do not find
    extra: int = 0  # faces of ours that they do not find
    same_ids: int = 0  # frames in which both give the same faces the same ids
    apart: list[float] = field(default_factory=list)  # of each face that both find

    def row(self, name: str) -> str:
        """A line of the table."""
        median, most, worst = np.percentile(self.apart, (50, 90, 100)) if self.apart else (0.0,) * 3
        return (
            f"{name:26} {self.frames:6} {self.theirs:7} {self.ours:6} {self.missed:7} {self.extra:6} "
            f"{self.same_ids:9} {median:9.4f} {most:8.4f} {worst:8.4f}"
        )


HEADER = (
    f"{'clip':26} frames theirs   ours  missed  extra  same ids    median     90 %    worst\n"
    f"{'':26}                                                  (landmarks, eye distances)"
)


def main(argv: list[str]) -> int:
    """0 when the table is printed; 2 where a clip or a network is missing, with one sentence."""
    parser = new_parser("evaluate detector", __doc__)
    parser.add_argument("clips", type=Path, nargs="+", metavar="CLIP")
    parser.add_argument("--faces", type=positive, default=4, help="how many are found at most in a frame")
    args = parser.parse_args(argv)

    def work() -> None:
        paths = list(files(args.clips))
        print(HEADER)
        for path in paths:
            print(compare(path, args.faces).row(path.name), flush=True)

    return outcome.run(work, "nothing is written.")


def files(named: Sequence[Path]) -> Iterator[Path]:
    """The clips and pictures that are named, or lie in a folder that is. Raises DataError for any other."""
    for path in named:
        inside = sorted(path.iterdir()) if path.is_dir() else [path]
        found = [p for p in inside if p.suffix in PICTURES + CLIPS and p.is_file()]
        if not found:
            raise DataError(f"{path} is neither a clip nor a picture, nor a folder of them.")
        yield from found


def compare(path: Path, faces: int) -> Agreement:
    """Runs both detectors on one clip or picture. Raises ModelError, MissingExtra and DataError."""
    still = path.suffix in PICTURES
    detectors = [load_detector(MODELS, faces, still=still, name=name) for name in ("onnx", "mediapipe")]
    seen, trackers = Agreement(), (Tracker(), Tracker())
    for index, image in enumerate(frames(path)):
        ours, theirs = (detector.detect(image) for detector in detectors)
        ids = [tracker.assign(f, index / RATE) for tracker, f in zip(trackers, (ours, theirs), strict=True)]
        add(seen, ours, theirs, *ids)
    for detector in detectors:
        detector.close()
    if not seen.frames:
        raise DataError(f"{path} cannot be read.")
    return seen


def add(
    seen: Agreement, ours: Sequence[Detection], theirs: Sequence[Detection], our_ids: Sequence[int],
    their_ids: Sequence[int],
) -> None:  # fmt: skip
    """Counts one frame in."""
    pairs = dict(matched(ours, theirs))
    seen.frames += 1
    seen.ours += len(ours)
    seen.theirs += len(theirs)
    seen.missed += len(theirs) - len(pairs)
    seen.extra += len(ours) - len(pairs)
    whole = len(ours) == len(theirs) == len(pairs)
    seen.same_ids += whole and all(our_ids[o] == their_ids[t] for o, t in pairs.items())
    for o, t in pairs.items():
        off = (ours[o].landmarks - theirs[t].landmarks)[:, :2]
        seen.apart.append(float(np.median(np.hypot(*off.T))) / eye_distance(theirs[t]))


def matched(ours: Sequence[Detection], theirs: Sequence[Detection]) -> Iterator[tuple[int, int]]:
    """Places of a face in both, for each face of theirs that has one of ours near enough."""
    free = set(range(len(ours)))
    for t, face in enumerate(theirs):
        off = {o: float(np.abs(ours[o].eyes - face.eyes).max()) / eye_distance(face) for o in free}
        nearest = min(off, key=off.__getitem__, default=None)
        if nearest is not None and off[nearest] < SAME:
            free.discard(nearest)
            yield nearest, t


def eye_distance(face: Detection) -> float:
    """Pixels between the eyes."""
    return float(np.hypot(*(face.eyes[0] - face.eyes[1])))


def frames(path: Path) -> Iterator[Image]:
    """The pictures of a clip, or the one of a picture."""
    if path.suffix in PICTURES:
        image = cv2.imread(str(path))
        if image is not None:
            yield np.asarray(image, np.uint8)
        return
    video = cv2.VideoCapture(str(path))
    while True:
        good, image = video.read()
        if not good:
            break
        yield np.asarray(image, np.uint8)
    video.release()
