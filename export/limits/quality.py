"""Where the limits of app/stages/quality.py come from: faces made worse step by step, and what the eyes say.

    python -m export.limits.quality FOLDER     (the folder that holds the net_7876 data)
    python -m export.limits.quality FOLDER --turned     (that of the FER+ data, too; takes minutes)

For each step it prints how many eye pairs are still found to within 5 % of their distance, and which status
the faces get. With --turned it prints what a turned head costs instead, see `export.limits.turned`.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from app.stages import quality
from app.stages.eyes import EyeLocator
from app.stages.models import load
from app.system import paths
from app.types import Detection, Pose
from export.data import net7876
from export.limits import turned

DISTANCE = 40.0  # pixels between the eyes, as of a person at a desk in a 720p picture
COUNT = 200  # of the test faces that are large enough
AHEAD = Pose(0.0, 0.0, 0.0)


def blurred(part: float) -> Callable[[np.ndarray], np.ndarray]:
    """Out of focus: a Gaussian whose sigma is this part of the eyes' distance."""
    return lambda image: cv2.GaussianBlur(image, (0, 0), part * DISTANCE)


def moved(part: float) -> Callable[[np.ndarray], np.ndarray]:
    """Moved to the side during exposure by this part of the eyes' distance."""
    taps = round(part * DISTANCE) | 1
    return lambda image: cv2.blur(image, (taps, 1))


def lit(gain: float) -> Callable[[np.ndarray], np.ndarray]:
    """Brightness times `gain`, clipped, with the noise of a webcam (sigma 3)."""
    noise = np.random.default_rng(0)
    return lambda image: np.clip(image * gain + noise.normal(0, 3, image.shape), 0, 255).astype(np.uint8)


def shrunk(distance: float) -> Callable[[np.ndarray], np.ndarray]:
    """As if the eyes had been `distance` pixels apart."""
    scale = distance / DISTANCE
    return lambda image: cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


STEPS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "as it is": lambda image: image,
    **{f"blur {part:.2f}": blurred(part) for part in (0.02, 0.04, 0.06, 0.08, 0.12)},
    **{f"motion {part:.2f}": moved(part) for part in (0.12, 0.22, 0.32)},
    **{f"light x {gain:g}": lit(gain) for gain in (0.5, 0.25, 0.12, 0.06, 1.5, 2.5, 4.0)},
    **{f"{distance} pixels": shrunk(distance) for distance in (24, 16, 12, 10, 8, 6)},
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--turned", action="store_true", help="what a turned head costs")
    arguments = parser.parse_args()
    if arguments.turned:
        for line in turned.report(arguments.folder):
            print(line)
        return
    faces = net7876.load(arguments.folder, "test")
    locator = EyeLocator(load(paths.models() / "eyes.toml"))
    large = [i for i in range(len(faces)) if np.hypot(*(faces.eyes[i, 0] - faces.eyes[i, 1])) > 80][:COUNT]
    for name, worsen in STEPS.items():
        results = [one(faces.colour(i), faces.eyes[i], worsen, locator) for i in large]
        found = np.mean([error <= 0.05 for error, _, _ in results])
        sharp = np.percentile([sharpness for _, sharpness, _ in results], (5, 50, 95))
        counts = Counter(status for _, _, status in results)
        shares = ", ".join(f"{status} {count / len(large):.0%}" for status, count in counts.most_common())
        print(f"{name:12} e <= 0.05 {found:4.0%}  sharpness {sharp.round(2)}  {shares}")


def one(
    image: np.ndarray, eyes: np.ndarray, worsen: Callable[[np.ndarray], np.ndarray], locator: EyeLocator
) -> tuple[float, float, str]:
    """Normalised error of the worse eye, sharpness and status of one face after `worsen`."""
    scale = DISTANCE / np.hypot(*(eyes[0] - eyes[1]))
    worse = worsen(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    worse = cv2.cvtColor(worse, cv2.COLOR_BGR2GRAY)
    eyes = (eyes + 0.5) * (worse.shape[1] / image.shape[1]) - 0.5
    height, width = worse.shape
    detection = Detection(np.zeros((478, 3), np.float32), np.array([0, 0, width, height], np.float32), eyes)
    centres, confidence = locator.locate(worse, (detection,))
    error = np.hypot(*(centres[0] - eyes).T).max() / np.hypot(*(eyes[0] - eyes[1]))
    sharp = quality.sharpness(quality.aligned(worse, eyes))
    return float(error), sharp, quality.status(worse, detection, AHEAD, confidence[0])


if __name__ == "__main__":
    main()
