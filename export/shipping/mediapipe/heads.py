"""What a converted network gives: which outputs of the original, in which shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from export.shipping.mediapipe import attention, refinement
from export.shipping.mediapipe.eyes import refined_parts
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
        graph, order = known.graph, refinement.parts()
        ends = [known.network.find(original) for original in self.parts.values()]
        x_y, z, presence = self._first(known, order)
        again, count = refined_parts(known, x_y, ends[1:])
        starts = {name: count * index for index, name in enumerate(list(self.parts)[1:])}
        refined = refinement.assembled(graph, x_y, again, starts, order)
        return {"landmarks": graph.add("Concat", refined, z, axis=2), "presence": presence}

    def _first(self, known: Translation, order: tuple[refinement.Part, ...]) -> tuple[str, str, str]:
        """x and y of the mesh (n, 468, 2), z of all landmarks (n, 478, 1), and the presence (n,).

        The last convolutions for these cover their whole input, and so become one product of matrices.
        """
        graph = known.graph
        mesh, presence = _found(known, {"mesh": self.parts[MESH], "presence": self.presence}).values()
        nodes = [graph.producers()[name] for name in (mesh, presence)]
        (points, flag), (of_points, of_flag) = (
            [graph.constants[node.inputs[place]].astype(np.float64) for node in nodes] for place in (1, 2)
        )
        mixed = refinement.depths(order)
        rows = points.reshape(refinement.MESH_POINTS, 3, -1)
        offsets = of_points.reshape(refinement.MESH_POINTS, 3)
        weights = [rows[:, :2].reshape(-1, rows.shape[2]), mixed @ rows[:, 2], flag.reshape(1, -1)]
        bias = [offsets[:, :2].ravel(), mixed @ offsets[:, 2], of_flag]
        product = graph.add(
            "Gemm",
            graph.add("Flatten", nodes[0].inputs[0]),
            graph.floats(np.concatenate(weights)),
            graph.floats(np.concatenate(bias)),
            transB=1,
        )
        ends = np.cumsum([0, *map(len, bias)])
        parts = [attention.part(graph, product, int(ends[i]), int(ends[i + 1]), 1) for i in range(3)]
        shapes = ((refinement.MESH_POINTS, 2), (refinement.POINTS, 1), ())
        x_y, z, logit = (_shaped(known, one, shape) for one, shape in zip(parts, shapes, strict=True))
        return x_y, z, logit

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
