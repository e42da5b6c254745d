"""What the thresholds of tracking rest on: `python -m export.limits.tracking CLIP [CLIP ...] [--faces N]`.

Needs: clips, or folders of them, in which no scene is cut: they are joined here. Prints how much pictures and
faces change in a moment, and how much at a cut, beside the thresholds of app/stages/tracking/thresholds.py.

  python -m export.limits.tracking ../shared/media
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, islice, product
from pathlib import Path

import cv2
import numpy as np

from app.stages.detectors import load_detector
from app.stages.tracking.appearance import Appearance, appearance_of, unlike
from app.stages.tracking.picture_change import Change, PictureChange
from app.stages.tracking.thresholds import (
    CALM,
    CUT,
    CUT_LIKENESS,
    CUT_WITH_FACE,
    CUT_WITH_FACE_LIKENESS,
    OTHER,
    OTHER_AFTER_CUT,
)
from app.stages.tracking.tracker import Tracker
from app.types import Image
from export.data.places import MODELS
from export.limits.detector import CLIPS, files, frames
from export.training import outcome
from export.training.arguments import parser as new_parser
from export.training.arguments import positive

RATE = 30.0  # frames a second: clips are taken to have it
MOST = 300  # frames of a clip
SIZE = (640, 360)  # pixels, of the pictures that are joined
WITHIN = {"from frame to frame": 1, "within half a second": 15, "within a second": 30}  # frames
HEAD = f"{'':<48}{'count':>7}{'5 %':>8}{'median':>8}{'95 %':>8}{'least':>8}{'most':>8}  threshold"


@dataclass(slots=True)
class Clip:
    """What was seen in one clip."""

    ends: list[Image] = field(default_factory=list)  # its first and last picture, small
    colours: list[float] = field(default_factory=list)  # changes from picture to picture ...
    likeness: list[float] = field(default_factory=list)  # ... of those that changed as at a cut
    faces: list[dict[int, Appearance]] = field(default_factory=list)  # of each frame, by id


def main(argv: list[str] | None = None) -> int:
    """0 when the table is printed; 2 where a clip or a network is missing, with one sentence."""
    parser = new_parser("limits.tracking", __doc__)
    parser.add_argument("clips", type=Path, nargs="+", metavar="CLIP")
    parser.add_argument("--faces", type=positive, default=4, help="how many are found at most in a frame")
    args = parser.parse_args(argv)
    return outcome.run(lambda: _print(args.clips, args.faces), "nothing is written.")


def _print(named: Sequence[Path], faces: int) -> None:
    paths = [path for path in files(named) if path.suffix in CLIPS]
    print("\n".join([f"{len(paths)} clips", HEAD, *table([see(path, faces) for path in paths])]))


def see(path: Path, faces: int) -> Clip:
    """Runs detector and tracker over the clip. Raises ModelError."""
    detector, tracker, changes, clip = load_detector(MODELS, faces), Tracker(), PictureChange(), Clip()
    for number, image in enumerate(islice(frames(path), MOST)):
        change = changes.next(image)
        if number:
            clip.colours.append(change.colours)
        if change.colours > CUT_WITH_FACE:
            clip.likeness.append(change.likeness)
        found = detector.detect(image)
        ids = tracker.assign(found, number / RATE, image)
        looks = {id: appearance_of(image, face.landmarks) for id, face in zip(ids, found, strict=True)}
        clip.faces.append({id: look for id, look in looks.items() if look is not None})
        small = np.asarray(cv2.resize(image, SIZE, interpolation=cv2.INTER_AREA), np.uint8)
        clip.ends = [*clip.ends[:1], small] if number else [small]
    detector.close()
    return clip


def table(clips: Sequence[Clip]) -> list[str]:
    """The lines of the table below HEAD."""
    lines = [_row("colours from frame to frame", (c for clip in clips for c in clip.colours), CALM, CUT)]
    lines.append(
        _row("likeness there, where colours change much", (x for clip in clips for x in clip.likeness))
    )
    changes = [joined(a, b) for a, b in product(clips, clips) if a is not b and a.ends and b.ends]
    lines.append(_row("colours from one clip to another", (c.colours for c in changes), CUT_WITH_FACE, CUT))
    lines.append(_row("likeness there", (c.likeness for c in changes), CUT_LIKENESS, CUT_WITH_FACE_LIKENESS))
    for words, apart in WITHIN.items():
        lines.append(_row(f"one face, {words}", same_person(clips, apart), OTHER_AFTER_CUT, OTHER))
    lines.append(_row("two people in one frame", two_people(clips), OTHER_AFTER_CUT, OTHER))
    lines.append(_row("faces of two clips", two_clips(clips), OTHER_AFTER_CUT, OTHER))
    return lines


def joined(before: Clip, after: Clip) -> Change:
    """The change from the last picture of one clip to the first of another."""
    changes = PictureChange()
    changes.next(before.ends[-1])
    return changes.next(after.ends[0])


def same_person(clips: Iterable[Clip], apart: int) -> Iterator[float]:
    """How differently each face looks from itself so many frames before."""
    for clip in clips:
        for before, now in zip(clip.faces, clip.faces[apart:], strict=False):
            yield from (unlike(before[id], now[id]) for id in before.keys() & now.keys())


def two_people(clips: Iterable[Clip]) -> Iterator[float]:
    """How differently two faces of one frame look, in ten frames of each clip."""
    for clip in clips:
        for seen in clip.faces[:: max(1, len(clip.faces) // 10)]:
            yield from (unlike(a, b) for a, b in combinations(seen.values(), 2))


def two_clips(clips: Sequence[Clip]) -> Iterator[float]:
    """How differently the last faces of each clip and the first of each other one look."""
    for before, after in product(clips, clips):
        if before is not after and before.faces and after.faces:
            ends = product(before.faces[-1].values(), after.faces[0].values())
            yield from (unlike(a, b) for a, b in ends)


def _row(name: str, values: Iterable[float], *thresholds: float) -> str:
    found = np.array(list(values))
    if not len(found):
        return f"{name:<48}{0:>7}"
    numbers = [*np.quantile(found, (0.05, 0.5, 0.95)), found.min(), found.max()]
    limits = ", ".join(f"{threshold:g}" for threshold in thresholds)
    return f"{name:<48}{len(found):>7}{''.join(f'{number:8.3f}' for number in numbers)}  {limits}"


if __name__ == "__main__":
    sys.exit(main())
