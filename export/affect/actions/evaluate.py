"""Measures the actions of the face: `python -m export.evaluate actions`.

Needs: the FER+ data and that of net_7876 (docs/data.md). No face there is coded for actions. So it prints
four things that stand in, all on data that the weights were not fitted to:

- what FACS predicts: the area under the curve of an action for the faces of FER+ PublicTest (majority of the
  votes) with the expression that has it, against all others;
- pose: how much the actions of those faces change when their landmarks are turned;
- heads turned to a side: how often an action of the corners of the lips seems strong in neutral faces;
- size: how much the actions of faces of net_7876 change when the pictures are made smaller.
"""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from app.stages.actions.card import FILE, read_card
from app.stages.actions.names import ACTIONS
from app.stages.actions.reader import ActionReader
from export.affect.actions.faces import LandmarkedFaces, load
from export.affect.actions.sideways import false_alarms
from export.affect.actions.weights import auc
from export.data import net7876
from export.data.arrays import Floats, LandmarksOfFaces
from export.data.detector import app_detector
from export.data.places import DATA, MODELS, RUNS
from export.training import outcome
from export.training.arguments import parser as new_parser
from export.training.arguments import positive

PREDICTED = (  # by FACS: action, expression, what was aimed for
    ("au12", "happy", 0.95),
    ("au6", "happy", None),
    ("au5", "surprise", 0.88),
    ("au1", "surprise", None),
    ("au2", "surprise", None),
    ("au26", "surprise", None),
    ("au4", "anger", 0.82),
    ("au14", "contempt", 0.80),
    ("au15", "sad", None),
    ("au17", "sad", None),
    ("au9", "disgust", None),
    ("au10", "disgust", None),
    ("au20", "fear", None),
    ("au24", "anger", None),
)
TURNS = tuple((yaw, pitch) for yaw in (-25, 0, 25) for pitch in (-15, 0, 15))  # degrees
HEIGHTS = (
    300,
    150,
    80,
    60,
    40,
)  # pixels of a face from forehead to chin; the first is what others are held to


def main(argv: list[str] | None = None) -> int:
    """0 when the figures are printed; 2 where the data or a network is missing, with one sentence."""
    parser = new_parser("evaluate actions", __doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=DATA, help="of the data")
    parser.add_argument("--faces", type=positive, default=100, help="how many are made smaller")
    args = parser.parse_args(argv)
    return outcome.run(lambda: _evaluate(args.folder, args.faces), "nothing is written.")


def _evaluate(folder: Path, most: int) -> None:
    reader = ActionReader(read_card(MODELS / FILE))
    faces = load("PublicTest", folder, RUNS / "cache")
    values = measured(reader, faces.landmarks)
    print(f"area under the curve, FER+ PublicTest, {len(faces)} faces:")
    for action, word, goal in PREDICTED:
        shows = faces.showing(word)
        aimed = "" if goal is None else f"   aimed for: {goal:.2f}"
        print(
            f"{action:<5} {word:<9} {auc(strongest(values, action), shows):.3f} ({shows.sum()} faces){aimed}"
        )
    print(f"turned by up to 25 degrees of yaw and 15 of pitch: {turned(reader, faces):.4f} at most")
    print("neutral faces with a strong action, by degrees to a side:")
    for action in ("au12", "au14", "au15"):
        for low, high, share, count in false_alarms(faces, values, action):
            print(f"{action:<5} {low:>2} to {high:>2}: {100 * share:.0f} % of {count} faces")
    print("median change of an action, and the largest median, against faces 300 px high:")
    for height, middle, worst, name, count in smaller(reader, folder, most):
        print(f"{height:>4} px: {middle:.3f}, {worst:.3f} ({name}), {count} faces")


def measured(reader: ActionReader, faces: LandmarksOfFaces) -> Floats:
    """(n, a): the actions of n faces (n, 478, 3), not bounded."""
    return np.stack([reader.measure(face.astype(np.float32)) for face in faces])


def strongest(values: Floats, action: str) -> Floats:
    """(n,): the mean of the action's sides, in `values` (n, a); of one-sided ones the larger."""
    columns = [place for place, name in enumerate(ACTIONS) if name.partition("_")[0] == action]
    both = values[:, columns]
    return np.asarray(both.max(1) if action == "au14" else both.mean(1))


def turned(reader: ActionReader, faces: LandmarkedFaces) -> float:
    """The largest change of any action, 0..1, when the landmarks of a face are turned by TURNS."""
    worst = 0.0
    for face in faces.landmarks[:: max(1, len(faces) // 100)]:
        straight = np.clip(reader.measure(face.astype(np.float32)), 0, 1)
        middle = face.mean(0)
        for yaw, pitch in TURNS:
            there = (face - middle) @ rotation(yaw, pitch).T + middle
            change = np.abs(np.clip(reader.measure(there.astype(np.float32)), 0, 1) - straight).max()
            worst = max(worst, float(change))
    return worst


def rotation(yaw: float, pitch: float) -> Floats:
    """(3, 3): about the vertical by `yaw`, after about the horizontal by `pitch`, in degrees."""
    a, b = np.radians([yaw, pitch])
    turn = np.array([[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]])
    nod = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    return np.asarray(turn @ nod)


def smaller(reader: ActionReader, folder: Path, most: int) -> list[tuple[int, float, float, str, int]]:
    """For each height but the first: the median change, that of the action that changes most, its name,
    and how many faces."""
    faces, detector = net7876.load(folder, "test"), app_detector(1, still=True)
    rows: list[list[Floats]] = []
    for index in tqdm(np.random.default_rng(0).permutation(len(faces))[:most], "sizes", unit="face"):
        picture, row = faces.colour(int(index)), []
        seen = detector.detect(picture)
        if not seen:
            continue
        tall = float(seen[0].box[3] - seen[0].box[1])
        for height in HEIGHTS:
            scale = height / tall
            way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
            found = detector.detect(
                np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=way))
            )
            row.append(
                np.clip(reader.measure(found[0].landmarks), 0, 1) if found else np.full(len(ACTIONS), np.nan)
            )
        rows.append(row)
    detector.close()
    values = np.array(rows)
    table = []
    for place, height in enumerate(HEIGHTS[1:], 1):
        change = np.abs(values[:, place] - values[:, 0])
        known = change[np.isfinite(change).all(1)]
        of_each = np.median(known, axis=0)
        worst = int(of_each.argmax())
        table.append((height, float(np.median(known)), float(of_each[worst]), ACTIONS[worst], len(known)))
    return table


if __name__ == "__main__":
    sys.exit(main())
