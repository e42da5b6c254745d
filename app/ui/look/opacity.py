"""Colours at less than their full strength."""

from __future__ import annotations

from PySide6.QtGui import QColor

FAINT = 0.88  # opacity of words that stand behind everything; they can still be read


def faded(colour: QColor, alpha: float) -> QColor:
    """`colour` at an opacity of `alpha`, 0..1; what is beyond that counts as the nearer end."""
    result = QColor(colour)
    result.setAlphaF(min(max(alpha, 0.0), 1.0))
    return result


def blended(colour: QColor, ground: str, share: float) -> QColor:
    """An opaque colour of `share` (0..1) of `colour` and the rest of `ground` (#rrggbb).

    It fades like `faded`, but strokes may overlap without growing stronger.
    """
    below = QColor(ground)
    parts = zip(colour.getRgb()[:3], below.getRgb()[:3], strict=True)  # type: ignore[index]
    return QColor(*(round(share * top + (1 - share) * under) for top, under in parts))
