"""Shows where the limits of app/stages/quality.py come from: `python -m export.limits.quality [FOLDER]
[--turned]`.

Needs: the net_7876 data (docs/data.md), with --turned the FER+ data too, in the folder that is named or in
$MIEN_DATA. Faces are made worse step by step. For each step it prints how many eye pairs are still found to
within 5 % of their distance, and which status the faces get. With --turned it prints what a turned head costs
instead, which takes minutes.

  python -m export.limits.quality
  python -m export.limits.quality FOLDER --turned
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np

from app.stages import quality
from app.stages.eyes import EyeLocator
from app.stages.models import load
from app.system import paths
from app.types import Detection, Pose
from export.data import net7876
from export.data.arrays import Eyes, Image
from export.data.places import DATA
from export.limits import turned
from export.training import outcome
from export.training.arguments import parser as new_parser

DISTANCE = 40.0  # pixels between the eyes, as of a person at a desk in a 720p picture
COUNT = 200  # of the test faces that are large enough
AHEAD = Pose(0.0, 0.0, 0.0)
Worsen = Callable[[Image], Image]  # of a BGR picture whose eyes are DISTANCE apart


def blurred(part: float) -> Worsen:
    """Out of focus: a Gaussian blur whose sigma is this part of the eyes' distance."""
    return lambda image: np.asarray(cv2.GaussianBlur(image, (0, 0), part * DISTANCE), np.uint8)


def moved(part: float) -> Worsen:
    """Blurred as by a movement to the side, during exposure, by this part of the eyes' distance."""
    taps = round(part * DISTANCE) | 1
    return lambda image: np.asarray(cv2.blur(image, (taps, 1)), np.uint8)


def lit(gain: float) -> Worsen:
    """Brightness times `gain`, clipped, with the noise of a webcam (sigma 3)."""
    noise = np.random.default_rng(0)
    return lambda image: np.clip(image * gain + noise.normal(0, 3, image.shape), 0, 255).astype(np.uint8)


def shrunk(distance: float) -> Worsen:
    """As if the eyes had been `distance` pixels apart."""
    scale = distance / DISTANCE

    def worsen(image: Image) -> Image:
        return np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)

    return worsen


STEPS: dict[str, Worsen] = {
    "as it is": lambda image: image,
    **{f"blur {part:.2f}": blurred(part) for part in (0.02, 0.04, 0.06, 0.08, 0.12)},
    **{f"motion {part:.2f}": moved(part) for part in (0.12, 0.22, 0.32)},
    **{f"light x {gain:g}": lit(gain) for gain in (0.5, 0.25, 0.12, 0.06, 1.5, 2.5, 4.0)},
    **{f"{distance} pixels": shrunk(distance) for distance in (24, 16, 12, 10, 8, 6)},
}


def main(argv: list[str] | None = None) -> int:
    """0 when the table is printed; 2 where the data or a network is missing, with one sentence."""
    parser = new_parser("limits.quality", __doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=DATA, help="of the data")
    parser.add_argument("--turned", action="store_true", help="what a turned head costs")
    args = parser.parse_args(argv)
    lines = turned.report if args.turned else report

    def work() -> None:
        for line in lines(args.folder):
            print(line)

    return outcome.run(work, "nothing is written.")


def report(folder: Path) -> Iterator[str]:
    """The table of the test faces of net_7876 in `folder`, a line for each step. Raises FileNotFoundError."""
    faces = net7876.load(folder, "test")
    locator = EyeLocator(load(paths.models() / "eyes.toml"))
    large = [i for i in range(len(faces)) if np.hypot(*(faces.eyes[i, 0] - faces.eyes[i, 1])) > 80][:COUNT]
    for name, worsen in STEPS.items():
        results = [one(faces.colour(i), faces.eyes[i], worsen, locator) for i in large]
        found = np.mean([error <= 0.05 for error, _, _ in results])
        sharp = np.percentile([sharpness for _, sharpness, _ in results], (5, 50, 95))
        counts = Counter(status for _, _, status in results)
        shares = ", ".join(f"{status} {count / len(large):.0%}" for status, count in counts.most_common())
        yield f"{name:12} e <= 0.05 {found:4.0%}  sharpness {sharp.round(2)}  {shares}"


def one(image: Image, eyes: Eyes, worsen: Worsen, locator: EyeLocator) -> tuple[float, float, str]:
    """Error of the worse eye over the eyes' distance, sharpness (0..1) and status of one face after `worsen`.

    `eyes` (2, 2) are the labels, in pixels of the BGR `image`.
    """
    scale = DISTANCE / np.hypot(*(eyes[0] - eyes[1]))
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    worse = np.asarray(cv2.cvtColor(worsen(np.asarray(small, np.uint8)), cv2.COLOR_BGR2GRAY), np.uint8)
    eyes = (eyes + 0.5) * (worse.shape[1] / image.shape[1]) - 0.5
    height, width = worse.shape
    detection = Detection(np.zeros((478, 3), np.float32), np.array([0, 0, width, height], np.float32), eyes)
    centres, confidence = locator.locate(worse, (detection,))
    error = np.hypot(*(centres[0] - eyes).T).max() / np.hypot(*(eyes[0] - eyes[1]))
    sharp = quality.sharpness(quality.aligned(worse, eyes))
    return float(error), sharp, quality.status(worse, detection, AHEAD, confidence[0])


if __name__ == "__main__":
    sys.exit(main())
