"""Whether eye centres stay right at other sizes and angles and stay still under noise, and where they go
wrong."""

from __future__ import annotations

import csv
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from app.stages.align import CropShape, apply, similarity, warp
from app.stages.eyes import EyeLocator
from app.stages.models import Model, make_session
from export.data.arrays import Eyes, Floats, Image
from export.data.detector import app_detector
from export.data.net7876 import Faces
from export.eyes.errors import as_labelled, nearest, normalised_errors
from export.eyes.report import Row

DISTANCES = (40, 80, 150, 300, 600)  # pixels between the eyes
ANGLES = (-40, -20, 0, 20, 40)  # degrees in the plane of the picture
PICTURES = 200  # spread over the database


def by_size(model: Model, faces: Faces) -> dict[str, float]:
    """Percent of faces with e <= 0.05 end to end, pictures rescaled to each distance between the eyes."""
    shares = {f"{d}_px_e_0.05": _share(model, faces, distance=d) for d in DISTANCES}
    return {"faces": min(PICTURES, len(faces))} | shares


def by_rotation(model: Model, faces: Faces) -> dict[str, float]:
    """Percent of faces with e <= 0.05 end to end, pictures turned about the middle of the eyes."""
    shares = {f"{a}_degrees_e_0.05": _share(model, faces, angle=a) for a in ANGLES}
    return {"faces": min(PICTURES, len(faces))} | shares


def _share(model: Model, faces: Faces, *, distance: float | None = None, angle: float = 0.0) -> float:
    detector, locator = app_detector(still=True), EyeLocator(model)
    chosen = np.linspace(0, len(faces) - 1, min(PICTURES, len(faces))).astype(int)
    good = 0
    for index in tqdm(chosen, desc=f"{distance or ''} px, {angle} degrees", unit="picture"):
        picture, eyes = changed(faces.colour(index), faces.eyes[index], distance, angle)
        detection = nearest(detector.detect(picture), eyes)
        if detection is not None:
            found, _ = locator.locate(picture, (detection,))
            good += normalised_errors(as_labelled(found, model.card), eyes[None]).max() <= 0.05
    detector.close()
    return 100 * good / len(chosen)


def changed(picture: Image, eyes: Eyes, distance: float | None, angle: float) -> tuple[Image, Eyes]:
    """BGR picture and eyes (2, 2), scaled until the eyes are `distance` pixels apart and turned clockwise.

    With None for `distance` they stay as far apart as they are; `angle` is in degrees. The picture grows so
    that no corner is lost.
    """
    scale = 1.0 if distance is None else distance / np.hypot(*(eyes[0] - eyes[1]))
    if scale < 1:  # averaging first, as a lens would
        small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        factors = np.array([small.shape[1] / picture.shape[1], small.shape[0] / picture.shape[0]])
        picture, eyes, scale = np.asarray(small, np.uint8), (eyes + 0.5) * factors - 0.5, 1.0
    cos, sin = scale * np.cos(np.radians(angle)), scale * np.sin(np.radians(angle))
    linear = np.array([[cos, -sin], [sin, cos]])
    height, width = picture.shape[:2]
    corners = np.array([[0, 0], [width - 1, 0], [0, height - 1], [width - 1, height - 1]]) @ linear.T
    low, high = corners.min(0), corners.max(0)
    transform = np.column_stack([linear, -low])
    size = np.ceil(high - low).astype(int) + 1
    moved = cv2.warpAffine(picture, transform, size.tolist(), flags=cv2.INTER_CUBIC)
    return np.asarray(moved, np.uint8), apply(transform, eyes)


def stillness(
    models: Sequence[Model], faces: Faces, people: int = 10, repeats: int = 200
) -> list[dict[str, float]]:
    """Standard deviation of each centre, before smoothing, over a picture repeated with noise of sigma 4
    grey levels, in percent of the distance between the eyes: median and worst over `people` large faces.

    One table for each of `models`, which all see the same pictures.
    """
    rng, locators = np.random.default_rng(0), [EyeLocator(model) for model in models]
    distances = np.hypot(*(faces.eyes[:, 0] - faces.eyes[:, 1]).T)
    spreads: list[list[float]] = [[] for _ in models]
    for index in tqdm(np.argsort(-distances, kind="stable")[:people], desc="noise", unit="face"):
        picture, answers = faces.colour(index).astype(np.float32), []
        detector = app_detector(1)
        for _ in range(repeats):
            noisy = picture + rng.standard_normal(picture.shape, np.float32) * 4
            frame = np.clip(noisy.round(), 0, 255).astype(np.uint8)
            detections = detector.detect(frame)[:1]
            if detections:
                answers.append([locator.locate(frame, detections)[0][0] for locator in locators])
        detector.close()
        if len(answers) > 1:
            spread = np.std(answers, axis=0)  # (models, 2, 2): each eye, x and y
            for found, (x, y) in zip(spreads, np.moveaxis(spread, -1, 1), strict=True):
                found.append(100 * float(np.hypot(x, y).max() / distances[index]))
    return [
        {
            "sd_percent_median": float(np.median(found)),
            "sd_percent_worst": float(np.max(found)),
            "faces": len(found),
        }
        for found in spreads
    ]


def worst(faces: Faces, row: Row, confidence: Floats, path: Path, count: int = 50) -> list[str]:
    """Writes a contact sheet of the `count` worst faces to `path`, and its table beside it as CSV.

    Faces that were not found come first. A label is green, an answer red; below them are number, error, and
    the lower confidence of `confidence` (n, 2). Gives the names of the pictures, worst first.
    """
    errors = row.errors.max(1)
    order = np.argsort(-errors, kind="stable")[:count]
    tiles, lines = [], [["number", "picture", "error", "confidence"]]
    for number, index in enumerate(order, 1):
        transform = similarity(faces.eyes[index], CropShape(160, 64.0, 72.0))
        tile = np.asarray(warp(faces.colour(index), transform, 160), np.uint8)
        for points, colour in ((faces.eyes[index], (0, 220, 0)), (row.centres[index], (0, 0, 255))):
            for x, y in apply(transform, points[np.isfinite(points).all(1)]):
                cv2.circle(tile, (round(float(x) * 8), round(float(y) * 8)), 16, colour, 1, cv2.LINE_AA, 3)
        figures = [f"{errors[index]:.3f}", f"{confidence[index].min():.2f}"]
        lines.append([str(number), faces.names[index], *figures])
        text = f"{number}: {' '.join(figures)}"
        cv2.putText(tile, text, (4, 154), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (0, 255, 255), 1, cv2.LINE_AA)
        tiles.append(tile)
    tiles += [np.zeros_like(tiles[0])] * (-len(tiles) % 10)
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.vstack([np.hstack(tiles[i : i + 10]) for i in range(0, len(tiles), 10)]))
    with path.with_suffix(".csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(lines)
    return [line[1] for line in lines[1:]]


def thesis_milliseconds(repeats: int = 20) -> float:
    """Milliseconds of processor time of the eye-centre thesis' network on one crop; training does not change
    them."""
    import torch

    from export.nets.thesis_fcn import ThesisFcn
    from export.to_onnx import FromBytes, write_onnx

    crops = np.random.default_rng(0).integers(0, 256, (2, 1, 96, 96), np.uint8)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "thesis.onnx"
        with torch.no_grad():
            write_onnx(FromBytes(ThesisFcn().eval()), crops, ["heatmaps"], path)
        session = make_session(path.read_bytes(), 1)
    return thread_milliseconds(lambda: session.run(None, {"crop": crops[:1]}), repeats)


def thread_milliseconds(call: Callable[[], object], repeats: int) -> float:
    """Median milliseconds of processor time of `repeats` calls that stay in this thread, after one to warm
    up."""
    call()
    times = []
    for _ in range(repeats):
        start = time.thread_time()
        call()
        times.append(time.thread_time() - start)
    return 1000 * float(np.median(times))
