"""What a converted network gives: which outputs of the original, in which shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from export.shipping.mediapipe import attention, refinement
from export.shipping.mediapipe.eyes import looked_again
from export.shipping.mediapipe.operators import translate
from export.shipping.mediapipe.refinement import MESH
from export.shipping.mediapipe.translation import Translation

Raw = Mapping[str, NDArray[np.float32]]
"""The outputs of the original for one picture by their names, each flat."""


class Head(Protocol):
    """The outputs of a network, in the graph and of the original."""

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The outputs by name, each with its shape without the batch axis."""

    @property
    def used(self) -> tuple[str, ...]:
        """The outputs of the original that it takes."""

    def outputs(self, known: Translation) -> dict[str, str]:
        """Adds the outputs to the graph: of each its name there."""

    def expected(self, raw: Raw) -> dict[str, NDArray[np.float32]]:
        """The outputs for one picture, of what the original gives for it."""


@dataclass(frozen=True, slots=True)
class Reshaped:
    """Outputs of the original under other names and in other shapes."""

    originals: Mapping[str, str]  # of each output: its name in the original
    shapes: dict[str, tuple[int, ...]]

    @property
    def used(self) -> tuple[str, ...]:
        """The outputs of the original that it takes."""
        return tuple(self.originals.values())

    def outputs(self, known: Translation) -> dict[str, str]:
        """Adds the outputs to the graph: of each its name there."""
        found = _found(known, self.originals)
        return {name: _shaped(known, value, self.shapes[name]) for name, value in found.items()}

    def expected(self, raw: Raw) -> dict[str, NDArray[np.float32]]:
        """The outputs for one picture, of what the original gives for it."""
        return {name: raw[original].reshape(self.shapes[name]) for name, original in self.originals.items()}


class WithAttention:
    """The mesh with eyes and irises in its place, and whether there is a face. The lips are left out."""

    parts: Mapping[str, str] = {
        MESH: "output_mesh_identity",
        "left_eye": "output_left_eye",
        "right_eye": "output_right_eye",
        "left_iris": "output_left_iris",
        "right_iris": "output_right_iris",
    }
    presence = "conv_faceflag"

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The outputs by name, each with its shape without the batch axis."""
        return {"landmarks": (refinement.POINTS, 3), "presence": ()}

    @property
    def used(self) -> tuple[str, ...]:
        """The outputs of the original that it takes."""
        return (*self.parts.values(), self.presence)

    def outputs(self, known: Translation) -> dict[str, str]:
        """Adds the outputs to the graph: of each its name there."""
        places = [known.network.find(original) for original in self.parts.values()]
        found = _found(known, {"mesh": self.parts[MESH], "presence": self.presence})
        mesh = _shaped(known, found["mesh"], (refinement.MESH_POINTS, 3))
        flat = attention.part(known.graph, mesh, 0, 2, 2)
        again, count = looked_again(known, flat, places[1:])
        starts = {name: count * index for index, name in enumerate(list(self.parts)[1:])}
        landmarks = refinement.assembled(known.graph, mesh, again, starts, refinement.parts())
        return {"landmarks": landmarks, "presence": _shaped(known, found["presence"], ())}

    def expected(self, raw: Raw) -> dict[str, NDArray[np.float32]]:
        """The outputs for one picture, of what the original gives for it."""
        landmarks = np.zeros((refinement.POINTS, 3), np.float32)
        for part in refinement.parts():
            if part.name in self.parts:
                places = list(part.places)
                found = raw[self.parts[part.name]].reshape(len(places), -1)
                landmarks[places, : found.shape[1]] = found
                if part.depths:
                    landmarks[places, 2] = landmarks[list(part.depths), 2].mean()
        return {"landmarks": landmarks, "presence": raw[self.presence].reshape(())}


def _found(known: Translation, originals: Mapping[str, str]) -> dict[str, str]:
    places = {name: known.network.find(original) for name, original in originals.items()}
    translate(known, list(places.values()))
    return {name: known.name(place) for name, place in places.items()}


def _shaped(known: Translation, value: str, shape: tuple[int, ...]) -> str:
    return known.graph.add("Reshape", value, known.graph.integers([0, *shape]))
