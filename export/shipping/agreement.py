"""How far ONNX Runtime may be from torch for a network to be exported."""

from __future__ import annotations

TOLERANCE = 1e-4  # of the range of an output
BATCHES = (1, 2, 5)  # faces in the batches that are compared


class ExportError(Exception):
    """An export that must not ship: one sentence."""


def check(worst: float) -> None:
    """Raises ExportError when `worst`, the largest difference, is above TOLERANCE."""
    if worst > TOLERANCE:
        raise ExportError(
            f"ONNX Runtime differs from torch by {worst:.2g}, more than {TOLERANCE}; not exported."
        )
