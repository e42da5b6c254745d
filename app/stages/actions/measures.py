"""Measures: how far one part of a straightened face lies from another, along one axis of the head.

Each is the mean coordinate of some landmarks minus that of others, so that all of them are one matrix. Up,
out (to the person's own side) and forward are positive, and so is away along the line between both parts; the
unit is the distance between the outer corners of the eyes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.stages.actions.points import opposite
from app.types import Floats

OUT, UP, FORWARD = 0, 1, 2  # axes of a straightened face: x to the person's left, y up, z out of the face
AWAY = 3  # along the line between both parts, as it runs in the mesh
CORNERS = (33, 133)  # of the right eye: brows and lids are measured from there
NOSE = (2,)  # where the nose meets the upper lip, which no lip moves


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of the right side; on the left its landmarks are those opposite."""

    name: str
    axis: int
    of: tuple[int, ...]
    against: tuple[int, ...] = ()  # () is the middle of the head

    def row(self, places: dict[int, int], mesh: Mapping[int, Floats], *, left: bool) -> Floats:
        """(3 k,): what the coordinates of k landmarks count in it.

        `places` is where each landmark stands among them; `mesh` has (3,) for each of its own landmarks.
        """
        of, against = (
            [opposite(landmark) if left else landmark for landmark in part]
            for part in (self.of, self.against)
        )
        if self.axis == AWAY:
            way = np.mean([mesh[landmark] for landmark in of], 0) - np.mean([mesh[at] for at in against], 0)
            way /= np.linalg.norm(way)
        else:
            way = np.eye(3)[self.axis] * (-1.0 if self.axis == OUT and not left else 1.0)
        row = np.zeros((len(places), 3))
        for landmarks, share in ((of, 1.0), (against, -1.0)):
            for landmark in landmarks:
                row[places[landmark]] += way * share / len(landmarks)
        return row.ravel()


AXES = ("out", "up", "forward")
BROW = {  # of the right brow, from its inner to its outer end: upper edge, then lower edge
    "brow_top": (107, 66, 105, 63, 70),
    "brow_edge": (55, 65, 52, 53, 46),
}
MEASURES = (
    *(
        Measure(f"{edge}{number}_{AXES[axis]}", axis, (landmark,), CORNERS if axis != OUT else ())
        for edge, landmarks in BROW.items()
        for number, landmark in enumerate(landmarks, 1)
        for axis in (OUT, UP, FORWARD)
    ),
    Measure("lid_up", UP, (158, 159, 160), CORNERS),
    Measure("lid_inner_up", UP, (157, 173), CORNERS),
    Measure("lid_outer_up", UP, (161, 246), CORNERS),
    Measure("lower_lid_up", UP, (144, 145, 153), CORNERS),
    Measure("lower_lid_inner_up", UP, (154, 155), CORNERS),
    Measure("lower_lid_outer_up", UP, (7, 163), CORNERS),
    Measure("cheek_up", UP, (50, 187, 205, 207), CORNERS),
    Measure("cheek_out", OUT, (50, 187, 205, 207)),
    Measure("cheek_forward", FORWARD, (50, 187, 205, 207), CORNERS),
    Measure("bag_up", UP, (117, 118, 119), CORNERS),
    Measure("bag_forward", FORWARD, (117, 118, 119), CORNERS),
    Measure("wing_up", UP, (48, 64, 102, 129), CORNERS),
    Measure("wing_out", OUT, (48, 64, 102, 129)),
    Measure("upper_lip_up", UP, (37, 39, 40), NOSE),
    Measure("corner_up", UP, (61, 78), (13, 14)),
    Measure("corner_high", UP, (61, 78), NOSE),
    Measure("corner_out", OUT, (61, 78)),
    Measure("corner_forward", FORWARD, (61, 78), NOSE),
    Measure("lip_from_nostril", AWAY, (37,), (48,)),
    Measure("lip_side_from_nostril", AWAY, (40,), (48,)),
    Measure("upper_red", UP, (39,), (81,)),
    Measure("lower_red", UP, (178,), (181,)),
    Measure("lower_lip_up", UP, (84, 91, 181), NOSE),
    Measure("gap", UP, (81, 82), (87, 178)),
    Measure("under_lip_up", UP, (18, 83), NOSE),
    Measure("boss_up", UP, (32, 199, 200, 208), NOSE),
    Measure("chin_up", UP, (148, 152, 176), NOSE),
)
BY_NAME = {measure.name: measure for measure in MEASURES}


def landmarks_of(measures: Sequence[Measure]) -> tuple[int, ...]:
    """All landmarks that `measures` need on both sides, in ascending order."""
    used = {landmark for measure in measures for landmark in (*measure.of, *measure.against)}
    return tuple(sorted(used | {opposite(landmark) for landmark in used}))
