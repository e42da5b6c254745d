"""Two themes, dark and light, that follow the system; their colours are in `app.system.palette`."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from app.system.palette import DARK, LIGHT, Theme

__all__ = ["AXES", "DARK", "LIGHT", "Theme", "accent", "theme_of"]  # the window takes them from here

# Of a head's axes, to its left, up and out of the face, over any picture; on a dark ground of their own.
AXES = ("#ff8f1f", "#f3f0c8", "#3fa0ff")


def theme_of(scheme: Qt.ColorScheme) -> Theme:
    """The theme for the system's scheme; dark where the system does not say, so that faces stand out."""
    return LIGHT if scheme == Qt.ColorScheme.Light else DARK


def accent(theme: Theme, face_id: int) -> QColor:
    """The colour of the person with the id `face_id`, the same in picture, plane, bars and curves."""
    return QColor(theme.person(face_id - 1))
