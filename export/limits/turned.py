"""What turning the head costs: how often eyes and expression are right, by yaw and pitch of the app's pose.

`python -m export.limits.quality --turned` prints it, and the limits that follow.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from app.stages.eyes import EyeLocator
from app.stages.models import load
from app.stages.pose import head_pose
from app.system import paths
from export.affect import report as affect_report
from export.data import align, fer, net7876
from export.data.arrays import Counts, Floats, Mask
from export.data.detector import app_detector
from export.data.places import RUNS
from export.eyes.errors import as_labelled

AHEAD = 10.0  # degrees of yaw and pitch that count as straight
ASKEW = 20.0  # degrees of the one that may go with a turn of the other
STEP = 5  # degrees
MOST = 10.0  # points that may be lost
FEWEST = 15  # faces that can tell
TURNS = ("aside", "up", "down")


@dataclass(frozen=True, slots=True, eq=False)
class Turned:
    """n faces, each with its pose, its kind, and whether it was read right."""

    yaw: Floats  # (n,) degrees, see `types.Pose`
    pitch: Floats  # (n,) degrees
    right: Mask  # (n,) bool
    kind: Counts  # (n,) int: some kinds are harder, and lowered heads may be of these

    def straight(self) -> Floats:
        """(kinds,): of each kind's faces that look ahead the share that is right, 0..1."""
        ahead = (abs(self.yaw) < AHEAD) & (abs(self.pitch) < AHEAD)
        return np.array([self.right[ahead & (self.kind == k)].mean() for k in range(self.kind.max() + 1)])

    def lost(self, turn: str) -> Iterator[tuple[int, int, float]]:
        """For each step of a `turn` of TURNS: its first degree, its faces, and the points that they lose.

        Points are percent of faces read right, lost against straight faces of the same kind; NaN without
        faces.
        """
        if turn == "aside":
            degrees, kept = abs(self.yaw), abs(self.pitch) < ASKEW
        else:
            degrees, kept = (self.pitch if turn == "up" else -self.pitch), abs(self.yaw) < ASKEW
        expected = self.straight()[self.kind]
        for start in range(0, 90, STEP):
            rows = kept & (degrees >= start) & (degrees < start + STEP)
            points = 100 * (expected[rows].mean() - self.right[rows].mean()) if rows.any() else np.nan
            yield start, int(rows.sum()), float(points)


def limit(turn: str, measured: tuple[Turned, ...]) -> int:
    """The degrees of a `turn` from which on one of `measured` loses too much, or has too few faces to
    tell."""
    steps = zip(*(one.lost(turn) for one in measured), strict=True)
    for step in steps:
        if any(n < FEWEST or points > MOST for _, n, points in step):
            start: int = step[0][0]
            return start
    raise ValueError(f"No turn {turn} is too far for these faces.")


def eyes(folder: Path) -> Turned:
    """The training faces of net_7876 in `folder` that the app finds.

    Right is each eye to within 5 % of their distance. Raises FileNotFoundError.
    """
    detector, locator = app_detector(4, still=True), EyeLocator(load(paths.models() / "eyes.toml"))
    faces, table = net7876.load(folder, "train"), []  # never the test faces: a limit is a choice
    for i in tqdm(range(len(faces)), "eyes", unit="face", leave=False):
        image, truth = faces.colour(i), faces.eyes[i]
        apart = np.hypot(*(truth[0] - truth[1]))
        for face in detector.detect(image):
            if np.hypot(*(face.eyes.mean(0) - truth.mean(0))) < apart:  # not somebody else's
                found, _ = locator.locate(image, (face,))
                (centres,) = as_labelled(found, locator.model.card)
                pose, error = head_pose(face.landmarks), np.hypot(*(centres - truth).T).max() / apart
                table.append((pose.yaw, pose.pitch, error <= 0.05))
                break
    detector.close()
    yaw, pitch, right = np.array(table).T
    return Turned(yaw, pitch, right.astype(bool), np.zeros(len(table), int))


def expressions(folder: Path) -> Turned:
    """The faces of FER+ PublicTest in `folder` that the app finds, without repeated ones.

    Right is the expression with the most votes. Raises FileNotFoundError.
    """
    faces = fer.load("PublicTest", folder, RUNS / "cache")
    faces = faces.take(faces.found & ~faces.repeated)
    probs, _ = affect_report.read(load(paths.models() / "affect.toml"), faces, "expressions")
    detector, poses = app_detector(1, still=True), np.full((len(faces), 2), np.nan)
    for pose, image in zip(poses, tqdm(faces.images, "poses", unit="face", leave=False), strict=True):
        for face in detector.detect(align.enlarged(image)):
            found = head_pose(face.landmarks)
            pose[:] = found.yaw, found.pitch
    detector.close()
    yaw, pitch = poses.T
    return Turned(yaw, pitch, probs.argmax(1) == faces.labels, faces.labels)


def report(folder: Path) -> Iterator[str]:
    """The table of the data in `folder`, line by line. Raises FileNotFoundError."""
    measured = eyes(folder), expressions(folder)
    for name, one in zip(("eyes", "expressions"), measured, strict=True):
        yield f"{name}: {len(one.yaw)} faces; points lost against straight ones (faces in the step)"
        for turn in TURNS:
            steps = (f"{start}: {points:.0f} ({n})" for start, n, points in one.lost(turn) if n)
            yield f"  {turn:5} " + "  ".join(steps)
    for turn in TURNS:
        yield f"limit {turn}: {limit(turn, measured)} degrees"
