"""How long networks take: `python -m export.shipping.mediapipe.speed [--models FOLDER ...] [--rounds N]`.

Needs: folders with networks and their cards; models/ if none is given. Prints a table with, for each network,
the median milliseconds of one picture, of each of four at once, and of loading it, of the processor on one
thread.

  python -m export.shipping.mediapipe.speed
  python -m export.shipping.mediapipe.speed --models models ../other/models --rounds 200

All networks take turns, so that what else the machine does slows down each of them alike.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import thread_time

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from app.stages.models import make_session
from export.data.places import MODELS
from export.shipping.mediapipe.networks import SOURCES
from export.training import outcome
from export.training.arguments import parser as new_parser
from export.training.arguments import positive

BATCHES = (1, 4)  # pictures at once


@dataclass(slots=True)
class Timed:
    """A network, and the milliseconds that were measured."""

    path: Path
    content: bytes
    session: ort.InferenceSession
    pictures: dict[int, dict[str, NDArray[np.uint8]]]  # by their number
    load: list[float] = field(default_factory=list)
    each: dict[int, list[float]] = field(default_factory=dict)  # a picture, by their number at once

    def measure(self) -> None:
        """Loads the network once, and runs it twice with each number of pictures: the first warms up."""
        start = thread_time()
        make_session(self.content, 1)
        self.load.append((thread_time() - start) * 1e3)
        for count, batch in self.pictures.items():
            self.session.run(None, batch)
            start = thread_time()
            self.session.run(None, batch)
            self.each.setdefault(count, []).append((thread_time() - start) * 1e3 / count)

    def row(self) -> str:
        """The row of the table."""
        times = [median(self.each[count]) for count in BATCHES]
        cells = [str(self.path), *(f"{time:.2f}" for time in times), f"{median(self.load):.0f}"]
        return f"| {' | '.join(cells)} |"


def main(argv: list[str] | None = None) -> int:
    """0 when the table is printed; 2 where a network is missing, with one sentence."""
    return outcome.run(lambda: _speed(argv), "nothing is printed.")


def _speed(argv: list[str] | None) -> None:
    parser = new_parser("shipping.mediapipe.speed", __doc__)
    parser.add_argument(
        "--models", type=Path, nargs="+", default=[MODELS], help="folders; models/ if not given"
    )
    parser.add_argument("--rounds", type=positive, default=100, help="measurements of each; 100 if not given")
    args = parser.parse_args(argv)
    timed = [_load(folder / f"{source.name}.onnx") for folder in args.models for source in SOURCES]
    found = [network for network in timed if network is not None]
    if not found:
        names = ", ".join(source.name for source in SOURCES)
        raise FileNotFoundError(f"Each of {names} is missing in {args.models[0]}; name another folder.")
    for _ in range(args.rounds):
        for network in found:
            network.measure()
    print("| network | ms of one | ms each of four | ms to load |\n| --- | ---: | ---: | ---: |")
    for network in found:
        print(network.row())


def _load(path: Path) -> Timed | None:
    if not path.exists():
        return None
    content = path.read_bytes()
    session = make_session(content, 1)
    (picture,) = session.get_inputs()
    random = np.random.default_rng(0)
    shown = {
        count: {picture.name: random.integers(0, 256, (count, *picture.shape[1:])).astype(np.uint8)}
        for count in BATCHES
    }
    return Timed(path, content, session, shown)


if __name__ == "__main__":
    sys.exit(main())
