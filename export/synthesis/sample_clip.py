"""Makes the bundled clip: one face, the mean of hundreds, goes from neutral to each expression and back.

`python -m export.synthesis.sample_clip` writes assets/sample.mp4, 20 s long, in a few
minutes.
It needs the `ffmpeg` command to encode, and prints in how many frames the app's detector finds the face.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from app.stages.detect import Detector
from app.types import EXPRESSIONS
from export.data.fer import COLUMNS
from export.data.places import DATA, ROOT
from export.synthesis.mean_face import CANVAS, MeanFace, Mesh, mean_face, samples, strongest, with_ring
from export.synthesis.portrait import LEFT_EYE, RIGHT_EYE, area, backdrop, over, portrait

ORDER = ("happy", "surprise", "sad", "anger", "disgust", "fear", "contempt")
RATE, SECONDS = 30, 20.0
WIDTH, HEIGHT = 640, 480
REST, RISE, HOLD = 0.3, 0.6, 1.2  # s: neutral before, on the way up and down, in full
FIRST = SECONDS - len(ORDER) * (REST + 2 * RISE + HOLD)  # s of neutral before and after, together
FACES = 300  # an expression; fewer where the votes agree on fewer
BLINKS = (0.6, 5.9, 11.3, 16.7)  # s; in neutral moments or close to them
BLINK = 0.12  # s from open to shut
LASHES = (52, 66, 104)  # BGR of the line that shut eyes leave


def means(data: Path, faces: int) -> dict[str, MeanFace]:
    """The mean face of each expression from the FER+ training pictures in `data`."""
    with np.load(data / "fer2013plus-Training.npz") as file:
        pictures, votes, names = file["images"], file["votes"], list(file["vote_names"])
    detector = Detector(1, still=True)
    found = {}
    for name, column in zip(EXPRESSIONS, COLUMNS, strict=True):
        rows = strongest(votes, names.index(column), 2 * faces)
        found[name] = list(samples(pictures[rows], detector, faces))
    detector.close()
    shapes = [np.mean([face.shape for face in part], axis=0) for part in found.values()]
    mesh = Mesh(np.mean(shapes, axis=0), CANVAS.size)
    bar = tqdm(found.items(), desc="means", file=sys.stderr)
    return {name: mean_face(part, mesh) for name, part in bar}


def expression_at(time: float) -> tuple[str, float]:
    """Which expression is shown at `time` s, and how much of it, 0..1."""
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


def shut(shape: np.ndarray, amount: float) -> np.ndarray:
    """`shape` with its upper lids lowered by `amount`, 0..1; what lies above them follows a little."""
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


def moved(shape: np.ndarray, time: float) -> np.ndarray:
    """`shape` (478, 3) as the head turns, nods, tilts and sways gently; (m, 2) with its ring.

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
    return (scale * (with_ring(shape) - pivot) @ turned.T)[:, :2] + place


def _cs(angle: float) -> tuple[float, float]:
    return float(np.cos(angle)), float(np.sin(angle))


def frames(faces: dict[str, MeanFace]) -> Iterator[np.ndarray]:
    """The clip, picture by picture: (480, 640, 3) uint8 BGR."""
    mesh = Mesh(np.mean([face.shape for face in faces.values()], axis=0), CANVAS.size)
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


def encode(pictures: Iterator[np.ndarray], path: Path) -> None:
    """Writes H.264, which OpenCV reads on every system; needs the `ffmpeg` command."""
    raw = ["-f", "rawvideo", "-pix_fmt", "bgr24", "-s", f"{WIDTH}x{HEIGHT}", "-r", str(RATE), "-i", "-"]
    small = ["-c:v", "libx264", "-preset", "slow", "-crf", "20", "-pix_fmt", "yuv420p", "-bitexact"]
    command = ["ffmpeg", "-loglevel", "error", "-y", *raw, *small, "-movflags", "+faststart", str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        for picture in tqdm(pictures, desc="frames", total=round(RATE * SECONDS), file=sys.stderr):
            process.stdin.write(picture.tobytes())
        process.stdin.close()
        if process.wait():
            raise SystemExit("ffmpeg could not encode the clip; its own message is above.")


def share_found(path: Path) -> float:
    """The share of frames of a clip in which the app's detector finds exactly one face."""
    detector, capture, found = Detector(4), cv2.VideoCapture(str(path)), []
    while True:
        there, picture = capture.read()
        if not there:
            break
        found.append(len(detector.detect(picture)) == 1)
    detector.close()
    return float(np.mean(found))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the .npz files")
    parser.add_argument("--out", type=Path, default=ROOT / "assets" / "sample.mp4")
    parser.add_argument("--faces", type=int, default=FACES, help="faces an expression (default %(default)s)")
    chosen = parser.parse_args()
    if not (chosen.data / "fer2013plus-Training.npz").exists():
        parser.error(f"fer2013plus-Training.npz is not in {chosen.data}; name its folder with --data.")
    if not shutil.which("ffmpeg"):
        parser.error("The clip is encoded by ffmpeg, which is not installed.")
    encode(frames(means(chosen.data, chosen.faces)), chosen.out)
    size = chosen.out.stat().st_size / 1e6
    print(f"{chosen.out}: {size:.2f} MB, one face found in {share_found(chosen.out):.1%} of its frames")
    return 0


if __name__ == "__main__":
    sys.exit(main())
