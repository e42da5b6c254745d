"""Pictures that show where an affect model fails: confusion, reliability, worst mistakes, activation maps.

They show test faces, so they are written to runs/ and go nowhere else.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from matplotlib import rc_context
from matplotlib.figure import Figure

from app.stages import heatmap
from app.stages.activation import reasons
from app.stages.affect import AffectReader
from app.stages.models import Model
from app.types import EXPRESSIONS
from export.affect import figures
from export.data.arrays import Grey, Greys, Image, Labels, Probs
from export.data.faces import Faces

ZOOM = 3
BINS = 15


def draw(model: Model, faces: Faces, probs: Probs, out: Path) -> list[Path]:
    """Writes all pictures into the folder `out`, for (n, 8) `probs` of the n faces; gives their paths."""
    out.mkdir(parents=True, exist_ok=True)
    paths = [
        confusion(probs, faces.labels, out / "confusion.png"),
        reliability(probs, faces.labels, out / "reliability.png"),
    ]
    crops = faces.crops(model.card.crop)
    paths.append(worst(crops, probs, faces.labels, out / "worst.png"))
    if "maps" in model.card.outputs:
        paths.append(maps(model, crops, probs, faces.labels, out / "maps.png"))
    return paths


def confusion(probs: Probs, labels: Labels, path: Path) -> Path:
    """Draws the confusion of (n, 8) `probs` to `path`: rows are the true expressions, in percent of their
    faces."""
    matrix = figures.confusion(probs, labels)
    share = 100 * matrix / np.maximum(matrix.sum(1, keepdims=True), 1)
    figure = Figure(figsize=(7, 6), layout="constrained")
    axes = figure.subplots()
    axes.imshow(share, cmap="Blues", vmin=0, vmax=100)
    axes.set_xticks(range(8), EXPRESSIONS, rotation=45)
    axes.set_yticks(
        range(8), [f"{name} ({count})" for name, count in zip(EXPRESSIONS, matrix.sum(1), strict=True)]
    )
    axes.set(xlabel="answer", ylabel="majority vote (faces)", title="Percent of each expression")
    for row, column in np.ndindex(8, 8):
        shade = "white" if share[row, column] > 50 else "black"
        axes.text(column, row, f"{share[row, column]:.0f}", ha="center", va="center", color=shade)
    figure.savefig(path, dpi=120)
    return path


def reliability(probs: Probs, labels: Labels, path: Path) -> Path:
    """Draws to `path` how often an answer is right over its probability; a dot's size shows how many faces.

    The same figures give the same file.
    """
    sure, right = probs.max(1), probs.argmax(1) == labels
    place = np.minimum((sure * BINS).astype(int), BINS - 1)
    counts = np.bincount(place, minlength=BINS)
    held = counts > 0
    said, true = (np.bincount(place, values, BINS)[held] / counts[held] for values in (sure, right))
    figure = Figure(figsize=(4, 4), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="grey", linewidth=1)
    axes.scatter(said, true, s=4 + 400 * counts[held] / counts.max(), alpha=0.7)
    error = figures.calibration_error(probs, labels, BINS)
    axes.set(xlabel="probability of the answer", ylabel="share of right answers", xlim=(0, 1), ylim=(0, 1))
    axes.set_title(f"Expected calibration error {error:.1f} %")
    # text as text, and nothing of the day or of chance, so that the same figures give the same file
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "mien"}):
        figure.savefig(path, dpi=120, metadata={"Date": None} if path.suffix == ".svg" else None)
    return path


def worst(crops: Greys, probs: Probs, labels: Labels, path: Path, count: int = 40) -> Path:
    """Draws to `path` the `count` wrong answers with the highest probabilities.

    `crops` are (n, size, size). Above each face is the majority vote, below the answer and its probability.
    """
    rows = np.flatnonzero(probs.argmax(1) != labels)
    rows = rows[np.argsort(-probs[rows].max(1))][:count]
    tiles = []
    for row in rows:
        answer = int(probs[row].argmax())
        words = (EXPRESSIONS[labels[row]], f"{EXPRESSIONS[answer]} {probs[row, answer]:.2f}")
        tiles.append(captioned(coloured(crops[row]), *words))
    return sheet(tiles, 8, path)


def maps(model: Model, crops: Greys, probs: Probs, labels: Labels, path: Path) -> Path:
    """Draws to `path` the app's heat maps of four faces of each expression: the surest right answers."""
    reader, tiles = AffectReader(model), []
    for k, name in enumerate(EXPRESSIONS):
        rows = np.flatnonzero((labels == k) & (probs.argmax(1) == k))
        for row in rows[np.argsort(-probs[rows, k])][:4]:
            tiles.append(captioned(heat(reader, crops[row], k), name, f"{probs[row, k]:.2f}"))
    return sheet(tiles, 8, path)


def heat(reader: AffectReader, crop: Grey, expression: int) -> Image:
    """(size, size, 3) BGR: a crop of the network of `reader` under the app's heat map of an expression.

    `expression` is an index into EXPRESSIONS. Raises ModelError, and ValueError when the network gives no
    maps.
    """
    shape = reader.model.card.crop
    middle, half = (shape.size - 1) / 2, shape.eye_distance / 2
    eyes = np.array([[middle + half, shape.eye_row], [middle - half, shape.eye_row]], np.float32)
    found = reasons(reader, crop, eyes)
    if found is None:
        raise ValueError(f"{reader.model.card.name} gives no maps.")
    return np.asarray(heatmap.draw(coloured(crop), found, expression), np.uint8)


def coloured(crop: Grey) -> Image:
    """A (size, size) grey crop as (size, size, 3) BGR."""
    return np.asarray(cv2.cvtColor(crop, cv2.COLOR_GRAY2BGR), np.uint8)


def captioned(picture: Image, above: str, below: str) -> Image:
    """The BGR picture, ZOOM times as large, between two lines of text."""
    large = cv2.resize(picture, None, fx=ZOOM, fy=ZOOM, interpolation=cv2.INTER_CUBIC)
    tile = cv2.copyMakeBorder(large, 16, 18, 2, 2, cv2.BORDER_CONSTANT, value=(255, 255, 255))
    for text, line in ((above, 12), (below, len(tile) - 5)):
        cv2.putText(tile, text, (3, line), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (0, 0, 0), 1, cv2.LINE_AA)
    return np.asarray(tile, np.uint8)


def sheet(tiles: list[Image], columns: int, path: Path) -> Path:
    """Writes the tiles, all of one size, to `path` in rows of `columns` on white; an empty page if there are
    none."""
    if not tiles:
        tiles = [np.full((64, 64, 3), 255, np.uint8)]
    blank = np.full_like(tiles[0], 255)
    tiles = tiles + [blank] * (-len(tiles) % columns)
    rows = [np.hstack(tiles[start : start + columns]) for start in range(0, len(tiles), columns)]
    cv2.imwrite(str(path), np.vstack(rows))
    return path
