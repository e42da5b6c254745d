"""Shows where the constants of app/stages/pose.py, gaze.py and eyelids.py come from: `python -m
export.limits.head`.

Needs: the net_7876 data (docs/data.md), in the folder that is named or in $MIEN_DATA. Prints the medians over
the test faces: of the pitch, of the places of the eyes and of the lids. People in portraits look where their
head points: the place of the eye does not follow the yaw, so this is a straight gaze.

  python -m export.limits.head
  python -m export.limits.head FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from app.stages.eyelids import LEFT_CORNERS, OPEN, RIGHT_CORNERS, SHUT, openness
from app.stages.eyes import EyeLocator
from app.stages.gaze import gaze
from app.stages.models import load
from app.stages.pose import LEAN, axes, head_pose
from app.system import paths
from export.data import net7876
from export.data.arrays import Eyes, Floats, Landmarks
from export.data.detector import app_detector
from export.data.places import DATA
from export.training import outcome
from export.training.arguments import parser as new_parser

AHEAD = 10.0  # degrees of yaw and roll at most
MILLIMETRES = 63.0  # between the pupils of an adult (Dodgson, SPIE 5291, 2004)


def main(argv: list[str] | None = None) -> int:
    """0 when the medians are printed; 2 where the data or the network is missing, with one sentence."""
    parser = new_parser("limits.head", __doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=DATA, help="of the net_7876 data")
    args = parser.parse_args(argv)
    return outcome.run(lambda: _measure(args.folder), "nothing is written.")


def _measure(folder: Path) -> None:
    faces = net7876.load(folder, "test")
    detector, locator = app_detector(1, still=True), EyeLocator(load(paths.models() / "eyes.toml"))
    table = []
    for index in range(len(faces)):
        image = faces.colour(index)
        for face in detector.detect(image):
            (centres,), (sure,) = locator.locate(image, (face,))
            table.append(measure(face.landmarks.astype(np.float64), centres, sure))
    rows = np.array(table)
    yaw, pitch, roll, out, up, width, lid, gaze_yaw, gaze_pitch = rows.T
    ahead = (abs(yaw) < AHEAD) & (abs(roll) < AHEAD)
    print(f"{len(rows)} faces, of which {ahead.sum()} look ahead; of these the median")
    print(f"pitch, without LEAN {np.median(pitch[ahead]) - LEAN:8.2f} degrees")
    print(f"OUTWARDS            {np.median(out[ahead]):8.3f} eye widths")
    print(f"UP                  {np.median(up[ahead]):8.3f} eye widths")
    print(f"eye width           {MILLIMETRES * np.median(width[ahead]):8.1f} mm")
    print(f"opening             {np.median(lid):8.3f} eye widths, of all faces")
    for name, angle in (("yaw", gaze_yaw), ("pitch", gaze_pitch)):
        low, middle, high = np.nanpercentile(angle[ahead], [16, 50, 84])
        print(
            f"gaze {name:<5}          {middle:8.1f} degrees, 16th to 84th percentile {low:.1f} to {high:.1f}"
        )


def measure(landmarks: Landmarks, centres: Eyes, sure: Floats) -> tuple[float, ...]:
    """What is measured of one face: landmarks (478, 3), eye centres (2, 2), and confidence (2,).

    Yaw, pitch and roll in degrees; the mean place of the eyes outwards and up, in eye widths; an eye's width
    in eye distances; the lids' opening in eye widths; yaw and pitch of the gaze in degrees, NaN without one.
    """
    across, along, _ = axes(landmarks)
    places, widths = [], []
    for corners, side, centre in zip((LEFT_CORNERS, RIGHT_CORNERS), (1, -1), centres, strict=True):
        ends = landmarks[list(corners)]
        width = float(np.linalg.norm(ends[1] - ends[0]))
        away = (centre - ends.mean(0)[:2]) / width
        places.append((side * float(away @ across[:2]), -float(away @ along[:2])))
        widths.append(width / float(np.linalg.norm(centres[0] - centres[1])))
    pose, lids = head_pose(landmarks), openness(landmarks)
    look = gaze(landmarks, centres, sure, lids)
    outwards, up = np.mean(places, axis=0)
    lid = SHUT + (OPEN - SHUT) * np.mean(
        lids
    )  # those above OPEN are cut off, which changes no median below it
    yaw, pitch = (look.yaw, look.pitch) if look else (np.nan, np.nan)
    return pose.yaw, pose.pitch, pose.roll, outwards, up, float(np.mean(widths)), float(lid), yaw, pitch


if __name__ == "__main__":
    sys.exit(main())
