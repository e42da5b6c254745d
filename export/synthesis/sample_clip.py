"""Makes the bundled clip: one face, the mean of hundreds, goes from neutral to each expression and back.

`python -m export.synthesis.sample_clip [--out FILE]`

Needs: the FER+ data (docs/data.md) and the `ffmpeg` command. Writes assets/sample.mp4, 20 s long, in a few
minutes, and prints in how many frames the app's detector finds the face.

  python -m export.synthesis.sample_clip --out sample.mp4 --faces 50
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from app.types import EXPRESSIONS
from export.data.arrays import Image, Landmarks, Points
from export.data.detector import app_detector
from export.data.errors import DataError
from export.data.fer import COLUMNS
from export.data.places import DATA, ROOT, missing
from export.synthesis.mean_face import CANVAS, MeanFace, Mesh, mean_face, samples, strongest, with_ring
from export.synthesis.portrait import LEFT_EYE, RIGHT_EYE, area, backdrop, over, portrait
from export.training import outcome
from export.training.arguments import parser as new_parser
from export.training.arguments import positive

ORDER = ("happy", "surprise", "sad", "anger", "disgust", "fear", "contempt")
RATE, SECONDS = 30, 20.0
WIDTH, HEIGHT = 640, 480
REST, RISE, HOLD = 0.3, 0.6, 1.2  # s: neutral before, on the way up and down, in full
FIRST = SECONDS - len(ORDER) * (REST + 2 * RISE + HOLD)  # s of neutral before and after, together
FACES = 300  # of each expression; fewer where the votes agree on fewer
BLINKS = (0.6, 5.9, 11.3, 16.7)  # s; in neutral moments or close to them
BLINK = 0.12  # s from open to shut
LASHES = np.array([52.0, 66.0, 104.0])  # BGR of the line that shut eyes leave


def means(data: Path, faces: int) -> dict[str, MeanFace]:
    """The mean face of each expression, of at most `faces` FER+ training pictures in the folder `data`.

    Raises FileNotFoundError, in one sentence, when they are missing.
    """
    table = data / "fer2013plus-Training.npz"
    if not table.exists():
        raise missing(table.name, data, "make it with python -m export.data.convert fer2013")
    with np.load(table) as file:
        pictures, votes, names = file["images"], file["votes"], list(file["vote_names"])
    detector = app_detector(1, still=True)
    found = {}
    for name, column in zip(EXPRESSIONS, COLUMNS, strict=True):
        rows = strongest(votes, names.index(column), 2 * faces)
        found[name] = list(samples(pictures[rows], detector, faces))
    detector.close()
    shapes = [np.mean([face.shape for face in part], axis=0) for part in found.values()]
    mesh = Mesh(np.mean(np.stack(shapes), axis=0), CANVAS.size)
    bar = tqdm(found.items(), desc="means", file=sys.stderr)
    return {name: mean_face(part, mesh) for name, part in bar}


def expression_at(time: float) -> tuple[str, float]:
    """The expression that is shown at `time` s, and how much of it, 0..1."""
    part = REST + 2 * RISE + HOLD
    number, since = divmod(time - FIRST / 2, part)
    if not 0 <= number < len(ORDER):
        return "neutral", 0.0
    away = abs(since - REST / 2 - RISE - HOLD / 2) - HOLD / 2  # s from the stretch where it is full
    level = np.clip(1 - away / RISE, 0, 1)
    return ORDER[int(number)], float(level * level * (3 - 2 * level))


def clearest(name: str) -> float:
    """The middle, in s, of the time in which the clip shows the expression `name` in full."""
    if name not in ORDER:
        return FIRST / 6  # neutral, well before the first blink
    part = REST + 2 * RISE + HOLD
    return FIRST / 2 + ORDER.index(name) * part + REST / 2 + RISE + HOLD / 2


def closed_at(time: float) -> float:
    """How far the eyes are shut at `time` s, 0..1."""
    nearest = min(abs(time - blink) for blink in BLINKS)
    return float(np.clip(1.2 - nearest / BLINK, 0, 1))


def shut(shape: Landmarks, amount: float) -> Landmarks:
    """`shape` (478, 3) with its upper lids lowered by `amount`, 0..1; what is above them follows a little."""
    moved = shape.copy()
    for eye in (LEFT_EYE, RIGHT_EYE):
        lower, upper = shape[list(eye[:9]), :2], shape[[eye[0], *eye[:7:-1]], :2]
        lower, upper = lower[lower[:, 0].argsort()], upper[upper[:, 0].argsort()]
        near = (shape[:, 0] >= lower[0, 0]) & (shape[:, 0] <= lower[-1, 0])
        bottom = np.interp(shape[:, 0], *lower.T)
        height = bottom - np.interp(shape[:, 0], *upper.T)
        rise = bottom - shape[:, 1]
        within = near & (rise >= 0) & (rise <= height + 1e-6)
        above = near & (rise > height)
        moved[within, 1] += 0.92 * amount * rise[within]
        fade = np.exp(-(rise[above] - height[above]) / 6)
        moved[above, 1] += 0.92 * amount * height[above] * fade
    return moved


def moved(shape: Landmarks, time: float) -> Points:
    """`shape` (478, 3) as the head turns, nods, tilts and sways gently at `time` s; (m, 2) with its ring.

    Every movement ends where it began, so that the clip can be played in a loop.
    """
    turn = 2 * np.pi * time / SECONDS
    yaw, pitch = np.radians(5 * np.sin(3 * turn)), np.radians(3 * np.sin(4 * turn + 1))
    roll, scale = np.radians(3 * np.sin(2 * turn + 2)), 0.9 + 0.02 * np.sin(2 * turn)
    cy, sy, cp, sp, cr, sr = *_cs(yaw), *_cs(pitch), *_cs(roll)
    turned = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
    turned = turned @ np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
    turned = turned @ np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    pivot = np.array([320, 420, 80])  # in the neck
    place = np.array([320 + 6 * np.sin(turn), 416 + 3 * np.sin(5 * turn)])
    places: Points = (scale * (with_ring(shape) - pivot) @ turned.T)[:, :2] + place
    return places


def _cs(angle: float) -> tuple[float, float]:
    return float(np.cos(angle)), float(np.sin(angle))


def frames(faces: dict[str, MeanFace]) -> Iterator[Image]:
    """The clip of these mean faces, by expression, picture by picture: (480, 640, 3) uint8 BGR."""
    mesh = Mesh(np.mean(np.stack([face.shape for face in faces.values()]), axis=0), CANVAS.size)
    painted = {name: portrait(face) for name, face in faces.items()}
    behind = backdrop()
    noise = np.random.default_rng(1)
    top = (CANVAS.size - HEIGHT) // 2 + 10
    for number in range(round(RATE * SECONDS)):
        time = number / RATE
        name, level = expression_at(time)
        shape = (1 - level) * faces["neutral"].shape + level * faces[name].shape
        target = moved(shut(shape, closed_at(time)), time)
        shown = mesh.carry(painted["neutral"], with_ring(faces["neutral"].shape)[:, :2], target)
        if level > 0:
            other = mesh.carry(painted[name], with_ring(faces[name].shape)[:, :2], target)
            shown = (1 - level) * shown + level * other
        if closed := closed_at(time):
            lids = area(target[list(LEFT_EYE)], 1.0) + area(target[list(RIGHT_EYE)], 1.0)
            shown[..., :3] = over(shown[..., :3], LASHES, closed**2 * lids)
        picture = over(behind, shown[..., :3], np.clip(shown[..., 3:], 0, 1))
        dithered = picture[top : top + HEIGHT] + noise.uniform(0, 1, (HEIGHT, WIDTH, 1))
        yield np.clip(dithered, 0, 255).astype(np.uint8)


def encode(pictures: Iterator[Image], path: Path) -> None:
    """Writes the pictures to `path` as H.264, which OpenCV reads on every system; needs the `ffmpeg` command.

    Raises DataError when ffmpeg cannot encode them.
    """
    raw = ["-f", "rawvideo", "-pix_fmt", "bgr24", "-s", f"{WIDTH}x{HEIGHT}", "-r", str(RATE), "-i", "-"]
    small = ["-c:v", "libx264", "-preset", "slow", "-crf", "20", "-pix_fmt", "yuv420p", "-bitexact"]
    command = ["ffmpeg", "-loglevel", "error", "-y", *raw, *small, "-movflags", "+faststart", str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        for picture in tqdm(pictures, desc="frames", total=round(RATE * SECONDS), file=sys.stderr):
            process.stdin.write(picture.tobytes())
        process.stdin.close()
        if process.wait():
            raise DataError("ffmpeg could not encode the clip; its own message is above.")


def share_found(path: Path) -> float:
    """The share, 0..1, of the frames of the clip at `path` in which the app's detector finds exactly one
    face."""
    detector, capture, found = app_detector(4), cv2.VideoCapture(str(path)), []
    while True:
        there, picture = capture.read()
        if not there:
            break
        found.append(len(detector.detect(np.asarray(picture, np.uint8))) == 1)
    detector.close()
    return float(np.mean(found))


def main(argv: list[str] | None = None) -> int:
    """0 when the clip is written; 2 where the data or ffmpeg is missing, with one sentence."""
    parser = new_parser("synthesis.sample_clip", __doc__)
    parser.add_argument(
        "--data", type=Path, default=DATA, help="the folder of the FER+ data; $MIEN_DATA if not given"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "assets" / "sample.mp4", help="the file to write")
    parser.add_argument(
        "--faces", type=positive, default=FACES, help="faces of each expression (default %(default)s)"
    )
    args = parser.parse_args(argv)

    def work() -> None:
        if not shutil.which("ffmpeg"):
            raise DataError("The clip is encoded by ffmpeg, which is not installed; install it.")
        encode(frames(means(args.data, args.faces)), args.out)
        size = args.out.stat().st_size / 1e6
        print(f"{args.out}: {size:.2f} MB, one face found in {share_found(args.out):.1%} of its frames")

    return outcome.run(work, "nothing is written.")


if __name__ == "__main__":
    sys.exit(main())
