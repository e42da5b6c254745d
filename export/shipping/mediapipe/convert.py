"""Converts MediaPipe's networks for faces to ONNX: `python -m export.shipping.mediapipe.convert [NETWORK ...]
[--to FOLDER] [--pictures FOLDER]`.

Needs: the package mediapipe 0.10.21, whose wheel holds the networks; no network is downloaded. Writes
models/NETWORK.onnx and models/NETWORK.toml, its card, and models/NOTICE (with --to in another folder).
Without the name of a network it converts those that ship: faces_near, faces_far and landmarks. There are also
landmarks_plain and iris.

  python -m export.shipping.mediapipe.convert
  python -m export.shipping.mediapipe.convert iris landmarks_plain --to build/networks

Each network is compared with MediaPipe's own inference on real pictures: those and the clips in tests/clips,
or in the folder of --pictures. One that differs by more than 0.001 (pixels of its input, or logits) is not
written. The same package gives the same bytes.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from app.system.atomic import replacing
from export.data.places import MODELS, ROOT
from export.shipping import card as cards
from export.shipping.mediapipe.cards import card, notice
from export.shipping.mediapipe.comparison import differences
from export.shipping.mediapipe.networks import SOURCES, Source, convert
from export.shipping.mediapipe.samples import samples
from export.shipping.mediapipe.translation import ConversionError
from export.training import outcome
from export.training.arguments import parser as new_parser

CLIPS = ROOT / "tests" / "clips"
TOLERANCE = 1e-3  # of pixels of the input, or of logits


@dataclass(frozen=True, slots=True)
class Request:
    """What the arguments say."""

    sources: tuple[Source, ...]
    to: Path  # the folder that is written to
    pictures: Path  # the folder of what the networks are compared on


def main(argv: list[str] | None = None) -> int:
    """0 when the networks are written; 2 where something is missing or wrong, with one sentence."""
    return outcome.run(lambda: _convert(_read(argv)), "the same command begins again.")


def write(source: Source, to: Path, pictures: Path) -> dict[str, float]:
    """Writes the network and its card to the folder `to`; the largest difference of each output.

    Raises ConversionError when one is above TOLERANCE, and what `convert` and `samples` raise.
    """
    content = convert(source).SerializeToString(deterministic=True)
    shown = samples(source, pictures)
    difference = differences(source, content, shown)
    worst = max(difference.values())
    if not worst <= TOLERANCE:
        raise ConversionError(
            f"{source.name} differs from MediaPipe by {worst:.2g}, more than {TOLERANCE}; it is not written."
        )
    to.mkdir(parents=True, exist_ok=True)
    with replacing(to / f"{source.name}.onnx") as draft:
        draft.write_bytes(content)
    cards.write(to / f"{source.name}.toml", card(source, content, len(shown), difference))
    return difference


def _read(argv: list[str] | None) -> Request:
    parser = new_parser("shipping.mediapipe.convert", __doc__)
    names = [source.name for source in SOURCES]
    parser.add_argument("networks", nargs="*", metavar="NETWORK", help=f"one of {', '.join(names)}")
    parser.add_argument(
        "--to", type=Path, default=MODELS, help="the folder to write to; models/ if not given"
    )
    parser.add_argument(
        "--pictures", type=Path, default=CLIPS, help="the folder of pictures; tests/clips if not given"
    )
    args = parser.parse_args(argv)
    for name in args.networks:
        if name not in names:
            parser.error(f"{name} is none of {', '.join(names)}")
    chosen = [s for s in SOURCES if (s.name in args.networks if args.networks else s.ships)]
    return Request(tuple(chosen), args.to, args.pictures)


def _convert(request: Request) -> None:
    for source in request.sources:
        found = write(source, request.to, request.pictures)
        listed = ", ".join(f"{name} {far:.1g}" for name, far in found.items())
        print(f"{request.to / source.name}.onnx and its card are written; differences: {listed}.")
    with replacing(request.to / "NOTICE") as draft:
        draft.write_text(notice(), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
