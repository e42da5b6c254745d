"""Which landmarks the network with attention finds a second time: read out of MediaPipe's own graph."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from export.shipping.mediapipe import wheel
from export.shipping.mediapipe.graph import Graph

GRAPH = "modules/face_landmark/face_landmark_front_cpu.binarypb"
POINTS = 478
MESH = "mesh"


@dataclass(frozen=True, slots=True)
class Part:
    """One output of the network, and the landmarks that it replaces."""

    name: str  # as "left_eye"
    places: tuple[int, ...]  # of its points among the 478 landmarks
    depths: tuple[int, ...]  # landmarks whose mean z its points get; () where z stays as it is


def parts() -> tuple[Part, ...]:
    """The parts in the order in which they replace landmarks. Raises WheelError without the package."""
    wheel.without_front()
    options = import_module("mediapipe.calculators.util.landmarks_refinement_calculator_pb2")
    extension = options.LandmarksRefinementCalculatorOptions.ext
    for node in wheel.expanded(GRAPH).node:
        if node.calculator == "LandmarksRefinementCalculator":
            refinements = node.options.Extensions[extension].refinement
            return tuple(
                _part(stream, refinement)
                for stream, refinement in zip(node.input_stream, refinements, strict=True)
            )
    raise wheel.WheelError(f"{GRAPH} of the installed mediapipe refines no landmarks: {wheel.REMEDY}.")


def _part(stream: str, refinement: Any) -> Part:
    name = stream.split("__")[-1].removesuffix("_landmarks")
    depths = refinement.z_refinement.assign_average.indexes_for_average
    return Part(name, tuple(refinement.indexes_mapping), tuple(depths))


def assembled(graph: Graph, found: dict[str, str], order: tuple[Part, ...]) -> str:
    """The landmarks (n, 478, 3) of the parts in `found`, which later ones in `order` replace.

    The mesh is (n, 468, 3), the other parts are (n, k, 2).
    """
    start, depth = 0, 0
    x_y = np.zeros(POINTS, np.int64)  # where each landmark is, among the points of all parts
    z = np.zeros(POINTS, np.int64)  # where its depth is, among those of the mesh and the means
    flat, depths = [], []
    for part in (part for part in order if part.name in found):
        places = list(part.places)
        x_y[places] = np.arange(start, start + len(places))
        start += len(places)
        value = found[part.name]
        if part.name == MESH:
            z[places] = np.arange(len(places))
            depth = len(places)
            flat.append(_sliced(graph, value, 0, 2))
            depths.append(_sliced(graph, value, 2, 3))
        else:
            flat.append(value)
        if part.depths:
            z[places] = depth
            depth += 1
            chosen = graph.add("Gather", depths[0], graph.integers(part.depths), axis=1)
            depths.append(graph.add("ReduceMean", chosen, axes=[1], keepdims=1))
    across = graph.add("Gather", graph.add("Concat", *flat, axis=1), graph.integers(x_y), axis=1)
    deep = graph.add("Gather", graph.add("Concat", *depths, axis=1), graph.integers(z), axis=1)
    return graph.add("Concat", across, deep, axis=2)


def _sliced(graph: Graph, value: str, start: int, stop: int) -> str:
    return graph.add("Slice", value, *(graph.integers([number]) for number in (start, stop, 2)))
