"""The option `--detector`, which several commands have."""

from __future__ import annotations

import argparse

from app.stages.detectors import DEFAULT_DETECTOR, DETECTORS


def add_detector(parser: argparse.ArgumentParser) -> None:
    """Adds it: `detector` is one of DETECTORS. A command that has it calls `require_detector` first."""
    parser.add_argument(
        "--detector", choices=DETECTORS, default=DEFAULT_DETECTOR,
        help="what finds faces and landmarks: Mien's own stage, or MediaPipe, which is an extra "
        "(default: %(default)s)",
    )  # fmt: skip
