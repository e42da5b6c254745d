"""A face's landmarks without its pose and size: laid onto a mesh by points that no expression moves."""

from __future__ import annotations

import numpy as np

from app.types import Floats


def straighten(points: Floats, rigid: Floats, mesh: Floats) -> Floats:
    """(k, 3): the `points` (k, 3) after the similarity that lays `rigid` (r, 3) onto `mesh` (r, 3) best.

    `points` and `rigid` are in pixels, z in the scale of x; the answer is in the units of `mesh`. Turned,
    scaled and moved landmarks give the same answer; mirrored ones are not turned inside out. Source: Umeyama,
    "Least-squares estimation of transformation parameters between two point patterns", PAMI 1991,
    equations 40 to 42.
    """
    middle, mesh_middle = rigid.mean(0), mesh.mean(0)
    away = rigid - middle
    left, strengths, right = np.linalg.svd((mesh - mesh_middle).T @ away)
    if np.linalg.det(left) * np.linalg.det(right) < 0:
        left[:, 2], strengths[2] = -left[:, 2], -strengths[2]
    scale = strengths.sum() / max(float((away * away).sum()), 1e-12)
    straight: Floats = scale * (points - middle) @ (left @ right).T + mesh_middle
    return straight
