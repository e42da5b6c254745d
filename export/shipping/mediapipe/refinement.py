"""Which landmarks the network with attention finds a second time: read out of MediaPipe's own graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from export.shipping.mediapipe import attention, wheel
from export.shipping.mediapipe.graph import Graph

GRAPH = "modules/face_landmark/face_landmark_front_cpu.binarypb"
POINTS = 478
MESH_POINTS = 468
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


def assembled(graph: Graph, mesh: str, parts: str, starts: Mapping[str, int], order: tuple[Part, ...]) -> str:
    """The landmarks (n, 478, 3): those of the mesh (n, 468, 3), of which `parts` (n, k, 2) replace some.

    `starts` has of each part where its points begin; later parts in `order` replace those of earlier ones.
    """
    count = len(order[0].places)
    x_y = np.arange(POINTS)  # where each landmark is, among the points of the mesh and of the parts
    z = np.arange(POINTS)  # where its depth is, among those of the mesh and the means
    depths = [deep := attention.part(graph, mesh, 2, 3, 2)]
    for part in order:
        if part.name in starts:
            places = list(part.places)
            x_y[places] = count + starts[part.name] + np.arange(len(places))
            if part.depths:
                z[places] = count + len(depths) - 1
                chosen = graph.add("Gather", deep, graph.integers(part.depths), axis=1)
                depths.append(graph.add("ReduceMean", chosen, axes=[1], keepdims=1))
    flat = graph.add("Concat", attention.part(graph, mesh, 0, 2, 2), parts, axis=1)
    flat = graph.add("Gather", flat, graph.integers(x_y), axis=1)
    deep = graph.add("Gather", graph.add("Concat", *depths, axis=1), graph.integers(z), axis=1)
    return graph.add("Concat", flat, deep, axis=2)
