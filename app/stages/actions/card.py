"""What the actions are made of: `models/actions.json`, which `python -m export.affect.actions.fit` makes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np

from app.stages.actions.measures import BY_NAME, landmarks_of
from app.stages.actions.names import TABLE
from app.stages.actions.points import RIGID
from app.stages.cards import ModelError
from app.types import Floats

FILE = "actions.json"


@dataclass(frozen=True, slots=True, eq=False)
class ActionCard:
    """The mesh that faces are laid onto, and for each action its measures and its scale.

    A recording names it beside the networks: it is a `UsedCard`.
    """

    name: ClassVar[str] = "actions"
    task: ClassVar[str] = "actions"
    file: ClassVar[str] = FILE
    precision: ClassVar[str] = "float64"
    figures: ClassVar[str] = ""
    measured: ClassVar[Mapping[str, Any]] = MappingProxyType({})

    mesh: Mapping[int, Floats]  # (3,) of each landmark that is used: x to the left, y up, z forward
    weights: Mapping[str, Mapping[str, float]]  # of the measures, by action
    neutral: Mapping[str, float]  # by action, the weighted sum in the median neutral face
    strong: Mapping[str, float]  # by action, that which is 1
    sha256: str  # of the file


def read_card(path: Path) -> ActionCard:
    """The card at `path`. Raises ModelError where there is none, or it lacks an action or a landmark."""
    try:
        content = path.read_bytes()
        table: dict[str, Any] = json.loads(content.decode("utf-8"))
        card = ActionCard(
            {int(number): np.array(place, float) for number, place in table["mesh"].items()},
            {action.name: {BY_NAME[m].name: float(w) for m, w in table["weights"][action.name].items()}
             for action in TABLE},
            {action.name: float(table["neutral"][action.name]) for action in TABLE},
            {action.name: float(table["strong"][action.name]) for action in TABLE},
            hashlib.sha256(content).hexdigest(),
        )  # fmt: skip
        needed = {*RIGID, *landmarks_of([BY_NAME[m] for of in card.weights.values() for m in of])}
        whole = all(card.mesh[landmark].shape == (3,) for landmark in needed)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"{path.name} is missing or damaged: install Mien again.") from error
    if not whole:
        raise ModelError(f"{path.name} is damaged: install Mien again.")
    return card
