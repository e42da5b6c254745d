"""Shows what is too far right or left in what the app says of a face: `python -m export.limits.mirror`.

Needs: the net_7876 data (docs/data.md), in the folder that is named or in $MIEN_DATA. A face and its mirror
image must give mirrored values; half of what they are apart is a network's own. Prints that of the landmark
network, in pixels of its input, where TOO_FAR_RIGHT of app/stages/faces/find_landmarks.py comes from; that of
the eye network, in distances between the eyes, where `too_far_right` on its card comes from; and what is left
in the app's gaze and eyes for faces of several sizes. Nothing tells a face from one that is lower in the
picture, so that up and down cannot be measured so.

  python -m export.limits.mirror
  python -m export.limits.mirror FOLDER --faces 100
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from app.stages.crops import crop_faces
from app.stages.eyelids import openness
from app.stages.eyes import EyeLocator, decode
from app.stages.faces.region import around_faces
from app.stages.gaze import gaze
from app.stages.models import Model, load
from app.stages.pose import head_pose
from app.types import Detection
from export.data import net7876
from export.data.arrays import Crops, Eyes, Floats, Image
from export.data.detector import app_detector
from export.data.places import DATA, MODELS
from export.training import outcome
from export.training.arguments import parser as new_parser
from export.training.arguments import positive

AHEAD = 10.0  # degrees of yaw and roll at most
DISTANCES = (42, 85, 170)  # pixels between the eyes at which the app's own values are compared
LEAST = 40.0  # pixels between the eyes of a picture that is used


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A picture of a face that looks ahead."""

    image: Image
    face: Detection


def main(argv: list[str] | None = None) -> int:
    """0 when the figures are printed; 2 where the data or a network is missing, with one sentence."""
    parser = new_parser("limits.mirror", __doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=DATA, help="of the net_7876 data")
    parser.add_argument("--faces", type=positive, default=200, help="how many are used at most")
    args = parser.parse_args(argv)
    return outcome.run(lambda: _measure(args.folder, args.faces), "nothing is written.")


def _measure(folder: Path, most: int) -> None:
    subjects = list(_subjects(net7876.load(folder, "test"), most))
    locator = EyeLocator(load(MODELS / "eyes.toml"))
    print(f"{len(subjects)} faces that look ahead: too far right, mean and its standard error")
    right = landmarks_too_far_right(load(MODELS / "landmarks.toml"), subjects)
    print(f"landmarks, as the network gives them {_mean(right)} pixels of its input")
    right = eyes_too_far_right(locator.model, subjects)
    print(f"eye centres, as the network gives them {_mean(right)} eye distances")
    print("in the app, at so many pixels between the eyes:")
    print("pixels   gaze, degrees       eye centres, eye distances   landmarks, eye distances")
    for distance in DISTANCES:
        look, eyes, outlines = in_the_app(locator, subjects, distance).T
        print(f"{distance:>6}   {_mean(look)}   {_mean(eyes)}            {_mean(outlines)}")


def _mean(values: Floats) -> str:
    known = values[np.isfinite(values)]
    return f"{known.mean():7.4f} +- {known.std() / np.sqrt(len(known)):.4f}"


def _subjects(faces: net7876.Faces, most: int) -> Iterator[Subject]:
    """Pictures with one face that looks ahead, spread over the data."""
    detector, found = app_detector(4, still=True), 0
    for index in np.random.default_rng(0).permutation(len(faces)):
        image = faces.colour(int(index))
        seen = detector.detect(image)
        if len(seen) != 1 or np.hypot(*(seen[0].eyes[0] - seen[0].eyes[1])) < LEAST:
            continue
        pose = head_pose(seen[0].landmarks)
        if max(abs(pose.yaw), abs(pose.roll)) < AHEAD:
            yield Subject(image, seen[0])
            found += 1
        if found == most:
            break
    detector.close()


def flipped(image: Image) -> Image:
    """The mirror image of a (height, width) or (height, width, channels) picture."""
    return np.ascontiguousarray(image[:, ::-1])


def landmarks_too_far_right(model: Model, subjects: list[Subject]) -> Floats:
    """(n,): by how many pixels of the landmark network's input its irises and outlines of eyes are too far
    right."""
    size, found = model.card.size, []
    for subject in tqdm(subjects, "landmarks", unit="face"):
        (matrix,) = around_faces((subject.face,)).to_picture(size)
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        crop = cv2.warpAffine(
            subject.image, matrix, (size, size), flags=flags, borderMode=cv2.BORDER_REPLICATE
        )
        landmarks, _ = model.run(np.stack([crop, flipped(np.asarray(crop, np.uint8))]))
        # every landmark has its partner on the other side of the face, so that the sums over all are mirrored
        found.append((landmarks[..., 0].mean(1).sum() - (size - 1)) / 2)
    return np.array(found)


def eyes_too_far_right(model: Model, subjects: list[Subject]) -> Floats:
    """(n,): by how many distances between the eyes the eye network's centres are too far right."""
    size, found = model.card.size, []
    for subject in tqdm(subjects, "eyes", unit="face"):
        batch: Crops = crop_faces(subject.image, [subject.face.eyes], model.card.crop).batch
        (heatmaps,) = model.run(np.concatenate([batch, batch[..., ::-1]]))
        centres, _ = decode(heatmaps)
        distance = np.hypot(*(centres[0, 0] - centres[0, 1]))
        found.append((centres[..., 0].mean(1).sum() - (size - 1)) / 2 / distance)
    return np.array(found)


def in_the_app(locator: EyeLocator, subjects: list[Subject], distance: float) -> Floats:
    """(n, 3): how far right of the truth the app's gaze is, in degrees, and its eye centres and outlines of
    eyes, in eye distances, where the eyes are `distance` pixels apart. NaN where a face is not found."""
    detector, table = app_detector(1, still=True), []
    for subject in tqdm(subjects, f"{distance:g} pixels", unit="face"):
        scale = distance / float(np.hypot(*(subject.face.eyes[0] - subject.face.eyes[1])))
        way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        image: Image = np.asarray(cv2.resize(subject.image, None, fx=scale, fy=scale, interpolation=way))
        seen = [_seen(locator, detector.detect(picture), picture) for picture in (image, flipped(image))]
        if None in seen:
            table.append((np.nan,) * 3)
            continue
        (yaw, eyes, outlines), (yaw_there, eyes_there, outlines_there) = (s for s in seen if s)
        middle = image.shape[1] - 1
        table.append(
            (
                (yaw + yaw_there) / 2,
                (eyes[:, 0].mean() + eyes_there[:, 0].mean() - middle) / 2 / distance,
                (outlines[:, 0].mean() + outlines_there[:, 0].mean() - middle) / 2 / distance,
            )
        )
    detector.close()
    return np.array(table)


def _seen(locator: EyeLocator, faces: tuple[Detection, ...], image: Image) -> tuple[float, Eyes, Eyes] | None:
    """Yaw of the gaze, eye centres, and middles of the eyes' outlines; None without a face or a gaze."""
    if not faces:
        return None
    (centres,), (sure,) = locator.locate(image, faces)
    look = gaze(faces[0].landmarks, centres, sure, openness(faces[0].landmarks))
    return (look.yaw, centres, faces[0].eyes) if look else None


if __name__ == "__main__":
    sys.exit(main())
