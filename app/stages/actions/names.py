"""The actions by name, what moves in each, and which of them are measured on both sides.

They are named after the action units of FACS (Ekman, Friesen and Hager, Facial Action Coding System, 2002),
but measured from geometry: nobody coded them.
"""

from __future__ import annotations

from dataclasses import dataclass

SIDES = ("left", "right")
HONEST = "measured from geometry, named after FACS, not coded by people"
"""What is said of all actions wherever they are explained."""


@dataclass(frozen=True, slots=True)
class Action:
    """One action; `sided` ones have a value for each of the person's own sides."""

    name: str  # "au12": the number of the action unit in FACS
    words: str  # what moves, such as "lip corners pulled"
    sided: bool = True


TABLE = (
    Action("au1", "inner brow raised"),
    Action("au2", "outer brow raised"),
    Action("au4", "brow lowered"),
    Action("au5", "lid raised"),
    Action("au6", "cheek raised"),
    Action("au9", "nose wrinkled", sided=False),
    Action("au10", "upper lip raised"),
    Action("au12", "lip corner pulled"),
    Action("au14", "lip raised on one side"),
    Action("au15", "lip corner down"),
    Action("au17", "chin raised", sided=False),
    Action("au20", "lips stretched", sided=False),
    Action("au24", "lips pressed", sided=False),
    Action("au25", "lips parted", sided=False),
    Action("au26", "jaw dropped", sided=False),
    Action("au43", "eye closed"),
)
BY_NAME = {action.name: action for action in TABLE}


def columns(action: Action) -> tuple[str, ...]:
    """The names of an action's values: "au12_left" and "au12_right", or "au9"."""
    return tuple(f"{action.name}_{side}" for side in SIDES) if action.sided else (action.name,)


ACTIONS = tuple(name for action in TABLE for name in columns(action))
"""The names of all values, in the order in which every array of them has them."""


def words(name: str) -> str:
    """What the value `name` of ACTIONS says: "left lip corner pulled"."""
    action, _, side = name.partition("_")
    return f"{side} {BY_NAME[action].words}".strip()
