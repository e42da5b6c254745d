"""Pictures that say where an affect model fails: confusion, reliability, worst mistakes, activation maps.

They show test faces, so they stay in runs/.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from matplotlib import rc_context
from matplotlib.figure import Figure

from app.stages.models import Model
from app.types import EXPRESSIONS
from export.affect import figures
from export.data.faces import Faces

ZOOM = 3
BINS = 15


def draw(model: Model, faces: Faces, probs: np.ndarray, out: Path) -> list[Path]:
    """Writes the pictures into `out`, for (n, 8) `probs` of the faces; their paths."""
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


def confusion(probs: np.ndarray, labels: np.ndarray, path: Path) -> Path:
    """Rows are the true expressions, in percent of their faces."""
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


def reliability(probs: np.ndarray, labels: np.ndarray, path: Path) -> Path:
    """How often an answer is right, over how sure it is; the dots' size tells how many faces."""
    sure, right = probs.max(1), probs.argmax(1) == labels
    place = np.minimum((sure * BINS).astype(int), BINS - 1)
    counts = np.bincount(place, minlength=BINS)
    held = counts > 0
    mean = [np.bincount(place, values, BINS)[held] / counts[held] for values in (sure, right)]
    figure = Figure(figsize=(4, 4), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="grey", linewidth=1)
    axes.scatter(*mean, s=4 + 400 * counts[held] / counts.max(), alpha=0.7)
    error = figures.calibration_error(probs, labels, BINS)
    axes.set(xlabel="probability of the answer", ylabel="share of right answers", xlim=(0, 1), ylim=(0, 1))
    axes.set_title(f"Expected calibration error {error:.1f} %")
    # text as text, and nothing of the day or of chance, so that the same figures give the same file
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "mien"}):
        figure.savefig(path, dpi=120, metadata={"Date": None} if path.suffix == ".svg" else None)
    return path


def worst(crops: np.ndarray, probs: np.ndarray, labels: np.ndarray, path: Path, count: int = 40) -> Path:
    """The surest wrong answers: above each face what was voted, below what was answered and how surely."""
    rows = np.flatnonzero(probs.argmax(1) != labels)
    rows = rows[np.argsort(-probs[rows].max(1))][:count]
    tiles = []
    for row in rows:
        answer = int(probs[row].argmax())
        words = (EXPRESSIONS[labels[row]], f"{EXPRESSIONS[answer]} {probs[row, answer]:.2f}")
        tiles.append(captioned(cv2.cvtColor(crops[row], cv2.COLOR_GRAY2BGR), *words))
    return sheet(tiles, 8, path)


def maps(model: Model, crops: np.ndarray, probs: np.ndarray, labels: np.ndarray, path: Path) -> Path:
    """For each expression the four surest right answers, coloured by where the face says so."""
    place = model.card.outputs.index("maps")
    tiles = []
    for k, name in enumerate(EXPRESSIONS):
        rows = np.flatnonzero((labels == k) & (probs.argmax(1) == k))
        for row in rows[np.argsort(-probs[rows, k])][:4]:
            strength = model.run(crops[row][None, None])[place][0, k]
            tiles.append(captioned(heat(crops[row], strength), name, f"{probs[row, k]:.2f}"))
    return sheet(tiles, 8, path)


def heat(crop: np.ndarray, strength: np.ndarray) -> np.ndarray:
    """(size, size, 3): the crop under a map of any size; warm where it speaks for the answer."""
    spread = max(float(strength.max()), 1e-6)
    level = (255 * np.clip(strength / spread, 0, 1)).astype(np.uint8)
    large = cv2.resize(level, crop.shape[::-1], interpolation=cv2.INTER_CUBIC)
    colours = cv2.applyColorMap(large, cv2.COLORMAP_INFERNO)
    return cv2.addWeighted(cv2.cvtColor(crop, cv2.COLOR_GRAY2BGR), 0.55, colours, 0.45, 0)


def captioned(picture: np.ndarray, above: str, below: str) -> np.ndarray:
    """The picture enlarged, between two lines of text."""
    large = cv2.resize(picture, None, fx=ZOOM, fy=ZOOM, interpolation=cv2.INTER_CUBIC)
    tile = cv2.copyMakeBorder(large, 16, 18, 2, 2, cv2.BORDER_CONSTANT, value=(255, 255, 255))
    for text, line in ((above, 12), (below, len(tile) - 5)):
        cv2.putText(tile, text, (3, line), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (0, 0, 0), 1, cv2.LINE_AA)
    return tile


def sheet(tiles: list[np.ndarray], columns: int, path: Path) -> Path:
    """The tiles in rows on white; an empty page where there are none."""
    if not tiles:
        tiles = [np.full((64, 64, 3), 255, np.uint8)]
    blank = np.full_like(tiles[0], 255)
    tiles = tiles + [blank] * (-len(tiles) % columns)
    rows = [np.hstack(tiles[start : start + columns]) for start in range(0, len(tiles), columns)]
    cv2.imwrite(str(path), np.vstack(rows))
    return path
