"""The one table of what can be shown or hidden: overlays, the mirror, panels.

A line here gives a view its action with key and tooltip, its button or menu entry, its help,
and its place in the settings. What is left is the code that shows it: `View.NAME in view`.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum, auto


class Group(Enum):
    """Where a view is switched, and what it is a part of."""

    OVERLAY = auto()  # over the picture; a button in the toolbar
    HEAD = auto()  # over the picture; in the menu View
    PICTURE = auto()  # the picture itself; in the menu View
    ASIDE = auto()  # a panel of the window that is never the large one on the stage; in the menu View
    PANEL = auto()  # a panel; in the menu View, and its key makes it the large one on the stage


class View(Enum):
    """Text, key, tooltip without its full stop, whether it is on at the first start, group."""

    BOX = "Boxes", "B", "Show a box around each face", True, Group.OVERLAY
    EYES = "Eyes", "E", "Show the centre of each eye", True, Group.OVERLAY
    EXPRESSION = "Expression", "W", "Show each face's expression and its probability", True, Group.OVERLAY
    ID = "Numbers", "I", "Show each person's number", True, Group.OVERLAY
    GAZE = "Gaze", "Shift+G", "Show the estimated direction of the eyes as rays", True, Group.HEAD
    AXES = "Head", "Shift+H", "Show how the head is turned, as three axes", False, Group.HEAD
    LIDS = "Closed eyes", "Shift+B", "Show closed eyes as arcs; L, R are the person's own", True, Group.HEAD
    MOVES = "Actions over the face", "Shift+A", "Mark where the face moves", False, Group.HEAD
    MIRROR = "Mirror", "M", "Mirror the picture; measurements don't change", False, Group.PICTURE
    PLANE = "Plane", "V", "Show the valence-arousal plane", True, Group.PANEL
    BARS = "Bars", "X", "Show the expressions as bars", True, Group.PANEL
    CURVES = "Curves", "T", "Show the last 30 seconds as curves", True, Group.PANEL
    ACTIONS = (
        "Actions",
        "Shift+X",
        "Show what moves in the face as bars: brows, lids, lips",
        False,
        Group.ASIDE,
    )

    def __init__(self, text: str, key: str, tip: str, on: bool, group: Group) -> None:
        self.text, self.key, self.tip, self.on, self.group = text, key, tip, on, group

    @property
    def action(self) -> str:
        """The name of its action, and of itself in the settings."""
        return self.name.lower()


SHOWN_AT_FIRST = frozenset(view for view in View if view.on)


def to_setting(shown: Collection[View]) -> str:
    """The names of all views that are not as at the first start, separated by ";"."""
    return ";".join(view.action for view in View if (view in shown) != view.on)


def from_setting(text: str) -> frozenset[View]:
    """What is shown, by a text of `to_setting`; names that this version does not know are left out."""
    switched = text.split(";")
    return frozenset(view for view in View if view.on != (view.action in switched))
