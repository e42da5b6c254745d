"""Networks that are loaded once and used by several pipelines, one after the other or at the same time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.stages.models import Model, load

LoadNetwork = Callable[[Path, str | None], Model]  # of a card, for a task if one is named; as `models.load`


class LoadedNetworks:
    """Gives the network of a card as `models.load` does, but loads each once: none remembers a picture."""

    def __init__(self) -> None:
        """Nothing is loaded yet."""
        self._models: dict[tuple[Path, str | None], Model] = {}

    def __call__(self, card: Path, task: str | None = None) -> Model:
        """The network of `card`, which is for `task` where that is given. Raises ModelError."""
        key = card, task
        if key not in self._models:
            self._models[key] = load(card, task)
        return self._models[key]
