"""Points that would hide one another are moved apart until each can be seen."""

from __future__ import annotations

import math
from collections.abc import Mapping

from PySide6.QtCore import QPointF

ROUNDS = 24  # of pushing; a crowd on one spot is apart after fewer
GOLDEN = math.pi * (3 - math.sqrt(5))  # rad between the ways in which points on one spot are pushed


def apart(points: Mapping[int, QPointF], least: float) -> dict[int, QPointF]:
    """The `points`, by id, moved so that two are at least about `least` pixels apart.

    Points that are far enough from all others stay exactly where they are. The same points always give the
    same places, so that nobody jumps from one frame to the next.
    """
    ids = sorted(points)
    places = {id: QPointF(points[id]) for id in ids}
    for _ in range(ROUNDS):
        moved = False
        for i, one in enumerate(ids):
            for other in ids[i + 1 :]:
                way = places[other] - places[one]
                distance = math.hypot(way.x(), way.y())
                if distance >= least - 0.01:
                    continue
                if distance < 0.01:
                    way = QPointF(math.cos(GOLDEN * other), math.sin(GOLDEN * other))
                    push = way * (least / 2)
                else:
                    push = way * ((least - distance) / 2 / distance)
                places[one] -= push
                places[other] += push
                moved = True
        if not moved:
            break
    return places
