"""Which landmarks the network with attention finds a second time: read out of MediaPipe's own graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from app.types import Floats
from export.shipping.mediapipe import wheel
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


def depths(order: tuple[Part, ...]) -> Floats:
    """(478, 468): how each landmark's z is made of those of the mesh."""
    weights = np.eye(POINTS, MESH_POINTS)
    for part in order:
        for place in part.places if part.depths else ():
            weights[place] = 0
            weights[place, list(part.depths)] = 1 / len(part.depths)
    return weights


def assembled(graph: Graph, mesh: str, parts: str, starts: Mapping[str, int], order: tuple[Part, ...]) -> str:
    """x and y of the landmarks, (n, 478, 2): those of the mesh (n, 468, 2), or of `parts` (n, k, 2).

    `starts` has of each part where its points begin; later parts in `order` replace those of earlier ones.
    """
    source = np.arange(POINTS)  # where each landmark is, among the points of the mesh and of the parts
    for part in order:
        if part.name in starts:
            source[list(part.places)] = MESH_POINTS + starts[part.name] + np.arange(len(part.places))
    everything = graph.add("Concat", mesh, parts, axis=1)
    return graph.add("Gather", everything, graph.integers(source), axis=1)
