"""When another picture began: by how much it changed, and whether its faces look otherwise."""

from __future__ import annotations

from collections.abc import Sequence

from app.stages.tracking.matching import Pair
from app.stages.tracking.picture_change import Change
from app.stages.tracking.thresholds import (
    ABRUPT_LIKENESS,
    AT_ONCE,
    CUT,
    CUT_LIKENESS,
    CUT_WITH_FACE,
    CUT_WITH_FACE_LIKENESS,
    GOES_ON,
    OTHER_AFTER_CUT,
    REMEMBERED,
)


def is_cut(change: Change, passed: float, pairs: Sequence[Pair]) -> bool:
    """Whether another picture began, `passed` seconds after the one before; `pairs` are its faces."""
    if passed > REMEMBERED:
        return False
    nearest = {pair.face: pair for pair in sorted(pairs, key=lambda pair: -pair.away)}
    differences = [pair.difference for pair in nearest.values()]
    if change.colours > CUT and change.likeness < CUT_LIKENESS:
        return not differences or max(differences) > GOES_ON
    return may_be_cut(change, passed) and any(apart > OTHER_AFTER_CUT for apart in differences)


def may_be_cut(change: Change, passed: float) -> bool:
    """Whether so much changed at once that a face that looks otherwise must be another one."""
    return is_abrupt(change, passed) and change.likeness < CUT_WITH_FACE_LIKENESS


def is_abrupt(change: Change, passed: float) -> bool:
    """Whether so much changed at once that a face that looks like somebody else is not just misread."""
    alike = change.likeness >= ABRUPT_LIKENESS
    return change.colours > CUT_WITH_FACE and not alike and passed <= AT_ONCE
