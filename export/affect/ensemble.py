"""Several affect networks as one: `python -m export.evaluate affect --model CARD --model CARD`.

It shows what several networks are worth together, and so what one network could still learn from them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from app.stages.cards import ModelError
from app.stages.models import NOTHING, Model, Output
from export.data.arrays import Crops, Floats

MEAN = ("probs", "va")  # maps of different networks do not fit together: those are the first one's


class Ensemble(Model):
    """A model whose answers are the means of those of several; in all else it is the first of them."""

    def __init__(self, models: Sequence[Model]) -> None:
        """The mean of at least one model. Raises ModelError when they need different crops."""
        self.card = models[0].card
        self._models = models
        if any(model.card.crop != self.card.crop for model in models):
            raise ModelError("These networks need different crops: choose ones that need the same.")

    def run(
        self, batch: Crops, names: Sequence[str] = (), further: Mapping[str, Output] = NOTHING
    ) -> tuple[Floats, ...]:
        """The mean outputs, in the card's order, of a (n, 1, size, size) uint8 batch. Raises ModelError.

        With `names` only those outputs, in that order. `further` are the other inputs of the task.
        """
        said = [
            dict(zip(model.card.outputs, model.run(batch, (), further), strict=True))
            for model in self._models
        ]
        return tuple(
            np.mean([one[name] for one in said], 0, dtype=np.float32) if name in MEAN else said[0][name]
            for name in names or self.card.outputs
        )
