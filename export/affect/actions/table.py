"""What each action is made of: its measures, which way each moves, and by whom their weights are found.

The directions are those of FACS (Ekman, Friesen and Hager 2002), the expressions those in which it expects
the action (EMFACS; Ekman and Friesen, Unmasking the Face, 1975).
"""

from __future__ import annotations

from dataclasses import dataclass

from app.stages.actions.measures import AXES, BROW


@dataclass(frozen=True, slots=True)
class Made:
    """Measures with the sign that each may count with, 0 where either may; who shows the action, () where all
    measures count alike."""

    measures: tuple[tuple[str, int], ...]
    shown_by: tuple[str, ...] = ()


def _signed(text: str) -> tuple[tuple[str, int], ...]:
    """`+gap -chin_up ~ear_out` as names and signs."""
    return tuple((word[1:], {"+": 1, "-": -1, "~": 0}[word[0]]) for word in text.split())


_WHOLE_BROW = tuple(
    (f"{edge}{number}_{axis}", -1 if number <= 2 and axis == "up" and edge == "brow_edge" else 0)
    for edge in BROW for number in range(1, 6) for axis in AXES
)  # fmt: skip

_LIDS_UP = "+lid_up +lid_inner_up +lid_outer_up"
_CHEEK = "+cheek_up +cheek_out ~cheek_forward"

MADE = {
    "au1": Made(_signed("+brow_top1_up +brow_edge1_up"), ("surprise", "sad", "fear")),
    "au2": Made(_signed("+brow_top4_up +brow_edge4_up +brow_top5_up +brow_edge5_up"), ("surprise",)),
    "au4": Made(_WHOLE_BROW, ("anger",)),
    "au5": Made(_signed(f"{_LIDS_UP} -lower_lid_up -lower_lid_inner_up -lower_lid_outer_up"), ("surprise",)),
    "au6": Made(_signed(f"{_CHEEK} +bag_up +bag_forward +lower_lid_up"), ("happy",)),
    "au9": Made(_signed("+wing_up +wing_out")),
    "au10": Made(_signed("+upper_lip_up")),
    "au12": Made(_signed("+corner_up +corner_high +corner_out -corner_forward"), ("happy",)),
    "au14": Made(_signed("-lip_from_nostril -lip_side_from_nostril"), ("contempt",)),
    "au15": Made(_signed("-corner_up")),
    "au17": Made(_signed("+boss_up +under_lip_up +lower_lip_up")),
    "au20": Made(_signed("+corner_out")),
    "au24": Made(_signed("-upper_red -lower_red")),
    "au25": Made(_signed("+gap")),
    "au26": Made(_signed("-chin_up -under_lip_up")),
    "au43": Made(_signed("-lid_up +lower_lid_up")),
}  # fmt: skip
