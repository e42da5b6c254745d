"""Measures how small, turned and distant faces are found: `python -m export.evaluate faces [FOLDER] ...`.

Needs: the net_7876 data (docs/data.md), in the folder that is named or in $MIEN_DATA. Prints tables in
Markdown: the share of faces that is found by their height, in single pictures and in a stream; by the angle
in the picture's plane; the false faces in pictures without a face; and the times.

  python -m export.evaluate faces
  python -m export.evaluate faces --clip nobody.mp4 --faces 200

Whole heads are cut out of the test portraits with a soft edge and put anywhere into scenes without a face:
gradients, noise, shapes, what is beside the heads of training portraits, and with --clip the frames of a clip
in which nobody is seen. A height is that of the face's box: in its own portrait the app finds it so high,
from the top of the forehead to the chin. Times are those of this machine, as busy as it is.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from tqdm import tqdm

from export.data import net7876
from export.data.places import DATA
from export.limits.faces import heads, measure, scenes
from export.limits.faces.measure import Found
from export.training import outcome
from export.training.arguments import parser as new_parser
from export.training.arguments import positive

SIZES = {"720p": (1280, 720), "1080p": (1920, 1080)}
HEIGHTS = (20, 30, 40, 60, 80, 120, 240)  # pixels
IN_STREAM = (40, 60)  # pixels
ANGLES, TURNED_HEIGHT = (0, 45, 90, 135, 180), 120  # degrees, pixels
PORTRAITS = 3000  # of the training portraits, whose edges may be scenes


def main(argv: list[str]) -> int:
    """0 when the tables are printed; 2 where the data or a network is missing, with one sentence."""
    parser = new_parser("evaluate faces", __doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=DATA, help="of the net_7876 data")
    parser.add_argument("--faces", type=positive, default=100, help="of each kind (default: %(default)s)")
    parser.add_argument(
        "--empty", type=positive, default=1000, help="pictures without a face, half of each size (default: "
        "%(default)s)",
    )  # fmt: skip
    parser.add_argument("--clip", type=Path, help="a clip in which nobody is seen")
    parser.add_argument("--seed", type=int, default=1, help="of scenes and places (default: %(default)s)")
    parser.add_argument("--train", action="store_true", help="training portraits, to choose limits by")
    args = parser.parse_args(argv)

    def work() -> None:
        for line in report(args):
            print(line, flush=True)

    return outcome.run(work, "nothing is written.")


def report(args: argparse.Namespace) -> Iterator[str]:
    """The tables, line by line. Raises FileNotFoundError or DataError in one sentence."""
    parts = scenes.beside_faces(net7876.load(args.folder, "train"), PORTRAITS)
    clip = scenes.frames(args.clip) if args.clip else []
    portraits = net7876.load(args.folder, "train" if args.train else "test")
    cut = list(heads.cut_out(portraits, args.faces))

    def backgrounds(size: str, seed: int) -> scenes.Scenes:
        return scenes.Scenes(SIZES[size], 1000 * args.seed + seed, parts, clip)

    yield f"{len(cut)} faces; the height of the box in pixels, and the share that is found:\n"
    yield from _head(["", *(f"{height} px" for height in HEIGHTS)])
    false, total, waits = 0, 0, []
    for size in SIZES:
        row = []
        for number, height in enumerate(tqdm(HEIGHTS, size, leave=False)):
            row.append(measure.in_pictures(backgrounds(size, number), cut, height, 0, args.seed))
        yield _line([f"single pictures, {size}", *(_share(found) for found in row)])
        false, total = false + sum(f.false for f in row), total + sum(f.faces for f in row)
    for size in SIZES:
        stream = {
            height: measure.in_streams(backgrounds(size, height), cut, height, 0, args.seed)
            for height in tqdm(IN_STREAM, f"stream {size}", leave=False)
        }
        shown = [_share(stream[height]) if height in stream else "" for height in HEIGHTS]
        yield _line([f"within {measure.STILL_FRAMES} frames, {size}", *shown])
        waited = [f"{stream[height].frames:.0f} at {height} px" for height in IN_STREAM]
        ms = max(found.ms for found in stream.values())
        rest = f"{size}: {', '.join(waited)} (frames, median); {ms:.1f} ms a frame"
        waits.append(f"Until a face is found in a stream, {rest}.")
    yield from ("", *waits)
    yield f"\nFalse faces in these {total} single pictures: {false}.\n"
    yield f"{TURNED_HEIGHT} px high and turned in the picture's plane, 720p, the share that is found:\n"
    yield from _head(["", *(f"{angle}°" for angle in ANGLES)])
    for name, run in (("single pictures", measure.in_pictures), ("stream", measure.in_streams)):
        turned = [
            run(backgrounds("720p", 100 + angle), cut, TURNED_HEIGHT, angle, args.seed)
            for angle in tqdm(ANGLES, name, leave=False)
        ]
        yield _line([name, *(_share(found) for found in turned)])
    yield ""
    for number, size in enumerate(SIZES):
        made, count = backgrounds(size, 200 + number), (args.empty + number) // 2
        nothing = measure.in_nothing(made.next() for _ in tqdm(range(count), f"empty {size}", leave=False))
        yield f"{nothing.false} false faces in {count} pictures of nobody, {size}; {nothing.ms:.0f} ms each."


def _head(cells: list[str]) -> Iterator[str]:
    yield _line(cells)
    yield _line(["---", *["---:"] * (len(cells) - 1)])


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _share(found: Found) -> str:
    return f"{found.share:.0%}"
