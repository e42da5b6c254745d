"""Sparse weights become the dense ones, worked out by hand."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from export.shipping.mediapipe.sparse import dense


def level(size, segments=None, places=None):
    """An axis of the tree: dense with its size, or sparse."""
    if segments is None:
        return SimpleNamespace(denseSize=size, arraySegments=None, arrayIndices=None)
    return SimpleNamespace(
        denseSize=0,
        arraySegments=SimpleNamespace(values=segments),
        arrayIndices=SimpleNamespace(values=places),
    )


def test_rows_of_which_only_some_values_are_kept():
    sparsity = SimpleNamespace(
        traversalOrder=[0, 1], blockMap=None, dimMetadata=[level(3), level(4, [0, 2, 2, 3], [0, 3, 1])]
    )
    found = dense(np.array([5, 6, 7], np.float16), (3, 4), sparsity)
    assert found.tolist() == [[5, 0, 0, 6], [0, 0, 0, 0], [0, 7, 0, 0]] and found.dtype == np.float16


def test_columns_before_rows():
    sparsity = SimpleNamespace(
        traversalOrder=[1, 0], blockMap=[], dimMetadata=[level(2), level(3, [0, 1, 3], [2, 0, 1])]
    )
    assert dense(np.array([5, 6, 7]), (3, 2), sparsity).tolist() == [[0, 6], [0, 7], [5, 0]]


def test_blocks_of_one_axis():
    """Four rows of two columns, the rows in blocks of two: the blocks (rows 0-1, column 1) and (2-3, 0)."""
    sparsity = SimpleNamespace(
        traversalOrder=[0, 1, 2],
        blockMap=[0],
        dimMetadata=[level(2), level(2, [0, 1, 2], [1, 0]), level(2)],
    )
    found = dense(np.array([1, 2, 3, 4]), (4, 2), sparsity)
    assert found.tolist() == [[0, 1], [0, 2], [3, 0], [4, 0]]
