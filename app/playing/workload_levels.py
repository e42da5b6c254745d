"""The levels and thresholds of the tuner: how much to compute for a frame, and when to change that."""

from __future__ import annotations

from dataclasses import replace

from app.types import FULL_WORKLOAD, Workload

# From all work to the least. Each number N means: in one of N frames. They say how often new faces are looked
# for, landmarks are found, and pictures are painted. The levels that change no value come first.
LEVELS: tuple[Workload, ...] = (
    FULL_WORKLOAD,
    # No value changes; a newcomer is noticed within a second, at 30 frames a second.
    Workload(search_every=15, landmarks_every=1, paint_every=1),
    # Values change a little: in the other frames landmarks follow the eyes.
    Workload(search_every=15, landmarks_every=2, paint_every=1),
    Workload(search_every=15, landmarks_every=3, paint_every=1),
    # No value changes further, but the picture is less smooth.
    Workload(search_every=15, landmarks_every=3, paint_every=2),
)
# While a camera is recorded, landmarks are found in every frame, so that all rows are measured alike.
CAMERA_RECORDING_LEVELS: tuple[Workload, ...] = (*LEVELS[:2], replace(LEVELS[1], paint_every=2))
# While a file is recorded, everything is computed, so that no row depends on how fast the machine is.
FILE_RECORDING_LEVELS: tuple[Workload, ...] = LEVELS[:1]

# How frames are judged.
JUDGE_EVERY = 0.5  # s; each judgement is about the frames since the one before
COUNTED_SHARE = 0.95  # of the frames; the slowest are left out, since one hiccup is no reason to do less
DEFAULT_RATE = 30.0  # frames a second of a source that does not say
LOAD_JUDGEMENTS = 4  # the load is averaged over about so many before it is compared with ROOM

# When less is computed. Load is the share of the time between two frames that measuring one takes.
OVERLOADED = 0.9  # above this load the machine is too slow
BUSY = 0.6  # above this load it is too slow if frames are lost too; below, they are lost for another reason
LOST_SHARE = 0.03  # frames are lost when more than this share is dropped, or a file plays so much too slowly
PATIENCE = 2  # overloaded judgements in a row; one is enough for a level that was never good
PATIENCE_BEFORE_SKIPPING = 4  # the same, before fewer pictures are painted, which the user sees at once

# When more is computed.
ROOM = 0.8  # there is room when the next richer level is expected to have at most this load
UNKNOWN_RATIO = 1.5  # cost of the next richer level over that of this one, where it was not measured
HIGHEST_RATIO = 2.0  # the same at most, whatever was measured: no level more than halves the cost
PAINTING_RATIO = 1.1  # the same at most, for painting every picture, which another thread does
RETRY_AFTER = 10.0  # s of room before a richer level is tried
LONGEST_RETRY_AFTER = 160.0  # s; each try that fails within this time doubles the wait, up to this
