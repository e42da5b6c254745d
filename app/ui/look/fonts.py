"""Fonts whose figures have one width, so that numbers do not jump."""

from __future__ import annotations

from PySide6.QtGui import QFont


def figures(font: QFont, scale: float = 1.0, *, bold: bool = False) -> QFont:
    """A copy of `font`, `scale` times as large, with figures of one width."""
    result = QFont(font)
    result.setFeature(QFont.Tag("tnum"), 1)
    result.setBold(bold)
    if font.pixelSize() > 0:  # some systems set pixels instead of points
        result.setPixelSize(max(1, round(font.pixelSize() * scale)))
    else:
        result.setPointSizeF(max(1.0, font.pointSizeF() * scale))
    return result


def pixels(font: QFont, height: float, *, bold: bool = False) -> QFont:
    """A copy of `font`, `height` pixels high (8 at least), for words that grow with a painted widget."""
    result = QFont(font)
    result.setFeature(QFont.Tag("tnum"), 1)
    result.setBold(bold)
    result.setPixelSize(max(8, round(height)))
    return result
