"""Makes the clips of this folder again, in a minute: `python -m tests.clips.make`.

Each is cut from assets/sample.mp4, whose face is nobody's, or drawn. Only OpenCV is needed. An encoder of
another version may write other bytes: tests rely on what a clip shows, as the functions below say, and on
its length.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np

from app.types import Image

FOLDER = Path(__file__).parent
SAMPLE = FOLDER.parents[1] / "assets" / "sample.mp4"
RATE = 30.0  # frames a second, as of the sample
WIDTH, HEIGHT = 640, 480
HEAD = (320, 212)  # middle of the sample's head, in pixels
AXES = (168, 196)  # half axes of the ellipse around that head
# Frames of the sample in which it shows all of an expression, by their first one.
NEUTRAL, HAPPY, SURPRISE, SAD = 0, 40, 120, 200


def sample(first: int, count: int) -> Iterator[Image]:
    """`count` frames of the sample clip from frame `first` on, (480, 640, 3)."""
    video = cv2.VideoCapture(str(SAMPLE))
    for index in range(first + count):
        good, image = video.read()
        assert good, f"{SAMPLE} has no frame {index}"
        if index >= first:
            yield image
    video.release()


def backdrop() -> Image:
    """A blue-grey wall without anybody, a little darker towards the edges."""
    y, x = np.mgrid[-1 : 1 : HEIGHT * 1j, -1 : 1 : WIDTH * 1j]
    light = 1 - 0.25 * (x**2 + y**2) / 2
    return np.uint8(light[..., None] * (130, 112, 94))


def put_head(canvas: Image, picture: Image, x: float, y: float, scale: float) -> None:
    """Draws the head of a frame of the sample onto `canvas`, its middle at (x, y), `scale` times as large."""
    mask = cv2.ellipse(np.zeros((HEIGHT, WIDTH), np.float32), HEAD, AXES, 0, 0, 360, (1.0,), -1)
    mask = cv2.GaussianBlur(mask, (0, 0), 6)
    move = np.array([[scale, 0, x - scale * HEAD[0]], [0, scale, y - scale * HEAD[1]]])
    head = cv2.warpAffine(picture, move, (WIDTH, HEIGHT), flags=cv2.INTER_AREA)
    share = cv2.warpAffine(mask, move, (WIDTH, HEIGHT), flags=cv2.INTER_AREA)[..., None]
    canvas[:] = np.uint8(share * head + (1 - share) * canvas)


def one_face() -> Iterator[Image]:
    """72 frames: neutral, a blink at 0.6 s, and a grin from 1.3 s to the end."""
    return sample(NEUTRAL, 72)


def two_faces() -> Iterator[Image]:
    """60 frames: a happy face on the left, a sad one on the right; both turn neutral in the last third."""
    middle = slice(WIDTH // 4, 3 * WIDTH // 4)
    for left, right in zip(sample(HAPPY, 60), sample(SAD, 60), strict=True):
        yield np.hstack([left[:, middle], right[:, middle]])


def face_then_none() -> Iterator[Image]:
    """75 frames: a face for 1 s, then it leaves to the right within half a second, then nobody for 1 s."""
    for index, image in enumerate(sample(NEUTRAL, 75)):
        away = min(max(0, index - 30) / 15, 1.0) * WIDTH
        move = np.array([[1.0, 0, away], [0, 1, 0]])
        yield cv2.warpAffine(image, move, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REPLICATE)


def no_face() -> Iterator[Image]:
    """45 frames: a ball, a box and a line move in front of a wall."""
    for index in range(45):
        image = backdrop()
        cv2.rectangle(image, (60 + 4 * index, 300), (200 + 4 * index, 440), (60, 90, 150), -1)
        cv2.circle(image, (500 - 5 * index, 120 + 2 * index), 50, (180, 180, 90), -1)
        cv2.line(image, (0, 40 + 3 * index), (WIDTH, 200), (40, 40, 40), 6)
        yield cv2.GaussianBlur(image, (0, 0), 1)


def three_walking() -> Iterator[Image]:
    """60 frames: three faces side by side come nearer, from 68 to 105 pixels wide."""
    parts = (sample(NEUTRAL, 60), sample(HAPPY, 60), sample(SURPRISE, 60))
    for index, pictures in enumerate(zip(*parts, strict=True)):
        image, scale = backdrop(), 0.30 + 0.16 * index / 59
        for place, picture in enumerate(pictures):
            put_head(image, picture, 110 + 210 * place, 200 + 0.8 * index, scale)
        yield image


def crossing() -> Iterator[Image]:
    """60 frames: a small happy head goes to the right, behind a large sad one that goes to the left."""
    for index, (behind, before) in enumerate(zip(sample(HAPPY, 60), sample(SAD, 60), strict=True)):
        image = backdrop()
        put_head(image, behind, 100 + 440 * index / 59, 190, 0.45)
        put_head(image, before, 500 - 360 * index / 59, 250, 0.75)
        yield image


CLIPS: dict[str, Callable[[], Iterator[Image]]] = {
    "single-face.mp4": one_face,
    "two-faces.mp4": two_faces,
    "face-then-none.mp4": face_then_none,
    "nobody.mp4": no_face,
    "three-walking.mp4": three_walking,
    "crossing.mp4": crossing,
}


def write(path: Path, images: Iterator[Image]) -> None:
    """Writes the images as an MPEG-4 video, which every OpenCV reads."""
    writer = cv2.VideoWriter(
        str(path), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*"mp4v"), RATE, (WIDTH, HEIGHT)
    )
    assert writer.isOpened(), "this OpenCV writes no MPEG-4"
    for image in images:
        writer.write(image)
    writer.release()


def main(names: list[str]) -> None:
    """Makes the clips of these names, or all of them and the still picture one-face.jpg."""
    for name in names or CLIPS:
        write(FOLDER / name, CLIPS[name]())
        print(f"{name}: {(FOLDER / name).stat().st_size / 1e3:.0f} kB")
    if not names:
        (still,) = sample(HAPPY, 1)
        cv2.imwrite(str(FOLDER / "one-face.jpg"), still, [cv2.IMWRITE_JPEG_QUALITY, 85])


if __name__ == "__main__":
    main(sys.argv[1:])
