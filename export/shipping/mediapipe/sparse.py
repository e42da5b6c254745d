"""Sparse weights made dense: the format of TensorFlow Lite's `SparsityParameters`.

A tensor of r axes, k of them cut into blocks, is kept as a tree of r + k levels. `traversalOrder` names the
axis of each level (r + j is the inside of block j, whose axis is blockMap[j]). A dense level has all its
places; a sparse one only those that `arrayIndices` lists, from `arraySegments[node]` to the next. The leaves
in order are the values.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.int64]
"""(leaves,): a place on one axis for each node of a level of the tree."""


def dense(values: NDArray[Any], shape: tuple[int, ...], sparsity: Any) -> NDArray[Any]:
    """The tensor of `shape` whose values other than 0 are `values`, placed as the schema's object
    `SparsityParametersT` says."""
    order = [int(axis) for axis in sparsity.traversalOrder]
    blocks = [] if sparsity.blockMap is None else [int(axis) for axis in sparsity.blockMap]
    nodes = 1
    levels: list[Places] = []
    for level in sparsity.dimMetadata:
        parents, places = _children(level, nodes)
        levels = [known[parents] for known in levels] + [places]
        nodes = len(places)
    sizes = {axis: level.denseSize for axis, level in zip(order, sparsity.dimMetadata, strict=True)}
    index = [np.zeros(nodes, np.int64) for _ in shape]
    for axis, places in zip(order, levels, strict=True):
        if axis >= len(shape):
            index[blocks[axis - len(shape)]] += places
        else:
            index[axis] += places * (sizes[len(shape) + blocks.index(axis)] if axis in blocks else 1)
    whole = np.zeros(shape, values.dtype)
    whole[tuple(index)] = values
    return whole


def _children(level: Any, nodes: int) -> tuple[Places, Places]:
    """Of each child of `nodes` nodes: its parent, and its place on the level's axis."""
    if level.arraySegments is None:  # dense
        size = level.denseSize
        return np.repeat(np.arange(nodes), size), np.tile(np.arange(size), nodes)
    segments = np.asarray(level.arraySegments.values, np.int64)
    return np.repeat(np.arange(nodes), np.diff(segments)), np.asarray(level.arrayIndices.values, np.int64)
