"""Shows where the limit of app/stages/glasses.py comes from: `python -m export.limits.glasses`.

Needs: the net_7876 data (docs/data.md), in the folder that is named or in $MIEN_DATA. Prints how many of the
training faces are darker below the eyes than each limit. Nobody has labelled glasses there, so with --sheet
it also writes the darkest faces to runs/, to be looked at; these are faces of the data and stay there.

  python -m export.limits.glasses --sheet
"""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from app.stages.align import CropShape, similarity, warp
from app.stages.glasses import DARK, shade
from export.data import net7876
from export.data.arrays import Counts, Floats
from export.data.places import DATA, RUNS
from export.training import outcome
from export.training.arguments import parser as new_parser

LIMITS = (0.3, 0.4, DARK, 0.5, 0.6, 0.7)
SHOWN, COLUMNS = 60, 10  # faces on the sheet
TILE = CropShape(128, 48.0, 52.0)


def main(argv: list[str] | None = None) -> int:
    """0 when it is printed; 2 where the data is missing, with one sentence."""
    parser = new_parser("limits.glasses", __doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=DATA, help="of the net_7876 data")
    parser.add_argument("--sheet", action="store_true", help="write the darkest faces to runs/glasses.png")
    args = parser.parse_args(argv)
    return outcome.run(lambda: _show(args.folder, args.sheet))


def _show(folder: Path, sheet: bool) -> None:
    faces = net7876.load(folder, "train")
    rows = tqdm(range(len(faces)), "faces", unit="face", leave=False)
    shades = np.array([shade(faces.colour(row), faces.eyes[row]) for row in rows])
    print("\n".join(lines(shades)))
    if sheet:
        print(draw(faces, np.argsort(shades)[:SHOWN], shades, RUNS / "glasses.png"))


def lines(shades: Floats) -> list[str]:
    """What is printed of the shades (n,) of n faces."""
    count = len(shades)
    parts = [f"{count} faces; the median face has {np.median(shades):.2f} of its cheeks' brightness"]
    for limit in LIMITS:
        below = int((shades < limit).sum())
        mark = "  the app's limit" if limit == DARK else ""
        parts.append(f"below {limit:.2f}: {below} faces, {100 * below / count:.2f} %{mark}")
    return parts


def draw(faces: net7876.Faces, rows: Counts, shades: Floats, path: Path) -> Path:
    """Writes the faces at `rows` to `path`, each with its shade; gives the path."""
    tiles = []
    for row in rows:
        tile = warp(faces.colour(row), similarity(faces.eyes[row], TILE), TILE.size)
        cv2.putText(tile, f"{shades[row]:.2f}", (4, 122), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 255, 255))
        tiles.append(tile)
    tiles += [np.zeros_like(tiles[0])] * (-len(tiles) % COLUMNS)
    path.parent.mkdir(parents=True, exist_ok=True)
    lengths = range(0, len(tiles), COLUMNS)
    cv2.imwrite(str(path), np.vstack([np.hstack(tiles[at : at + COLUMNS]) for at in lengths]))
    return path


if __name__ == "__main__":
    sys.exit(main())
