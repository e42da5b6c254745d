"""Landmarks that are found again replace those of the mesh."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("onnx", reason="onnx is not installed; install the extra [export]")

from export.shipping.mediapipe.graph import Graph
from export.shipping.mediapipe.refinement import MESH_POINTS, POINTS, Part, assembled, depths
from tests.export.shipping.mediapipe.made import run

ORDER = (
    Part("mesh", tuple(range(MESH_POINTS)), ()),
    Part("lips", (5, 6), ()),
    Part("eye", (7, 300), ()),
    Part("iris", tuple(range(MESH_POINTS, POINTS)), (7, 300)),
    Part("again", (300,), ()),
)


def test_later_parts_replace_earlier_ones():
    mesh = np.arange(2.0 * MESH_POINTS, dtype=np.float32).reshape(1, MESH_POINTS, 2)
    parts = -np.arange(1, 41, dtype=np.float32).reshape(1, 20, 2)
    graph = Graph()
    end = assembled(graph, "mesh", "parts", {"eye": 0, "iris": 3, "again": 15}, ORDER)
    end = graph.add("Reshape", end, graph.integers([0, POINTS, 2, 1]))
    found = run(graph, {"y": end}, mesh=mesh, parts=parts)[0][0, :, :, 0]
    expected = np.concatenate([mesh[0], parts[0, 3:13]])
    expected[7], expected[300] = parts[0, 0], parts[0, 15]
    np.testing.assert_array_equal(found, expected)


def test_a_depth_is_the_mean_of_others_where_a_part_says_so():
    z = np.arange(MESH_POINTS, dtype=float)
    found = depths(ORDER) @ z
    np.testing.assert_array_equal(found[:MESH_POINTS], z)
    np.testing.assert_allclose(found[MESH_POINTS:], (7 + 300) / 2)
