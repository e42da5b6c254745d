"""An exported generator: faces with another expression through ONNX Runtime, without torch."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.stages.align import CropShape
from app.stages.cards import ModelError
from app.stages.models import make_session
from export.data.arrays import Floats, Labels
from export.shipping import card
from export.synthesis.gan.pictures import Pictures

BATCH = 32


class Maker:
    """The generator of the card at `path`. Raises ModelError when the card or its file cannot be used."""

    def __init__(self, path: Path, threads: int = 1) -> None:
        if not path.exists():
            raise ModelError(f"{path} is missing; train and export the recipe, or name another card.")
        self.card: dict[str, Any] = card.read(path)
        if self.card.get("task") != "synthesis":
            raise ModelError(f"{path} is not the card of a generator; name one of the task synthesis.")
        file = path.parent / self.card["file"]
        content = file.read_bytes() if file.exists() else b""
        if hashlib.sha256(content).hexdigest() != self.card["sha256"]:
            raise ModelError(f"{file} is missing or not the network of its card; export it again.")
        self.crop = CropShape(**self.card["crop"])
        self._session = make_session(content, threads)

    def make(self, crops: Pictures, wanted: Labels) -> tuple[Pictures, NDArray[np.float32]]:
        """`crops` (n, c, s, s) with the expressions `wanted` (n,), as uint8; and (n, 1, s, s) masks.

        A mask is 0..1: how much of the crop is in each place of the made face.
        """
        return self.mix(crops, np.eye(8, dtype=np.float32)[wanted])

    def mix(self, crops: Pictures, shares: Floats) -> tuple[Pictures, NDArray[np.float32]]:
        """As `make`, for `shares` (n, 8) of the expressions."""
        made, masks = [], []
        for start in range(0, len(crops), BATCH):
            part = slice(start, start + BATCH)
            given = {"crop": crops[part], "wanted": shares[part].astype(np.float32)}
            face, mask = self._session.run(["face", "mask"], given)
            made.append(np.rint(face).clip(0, 255).astype(np.uint8))
            masks.append(mask)
        return np.concatenate(made), np.concatenate(masks)
