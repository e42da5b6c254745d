"""The two tables that the tuner goes by: how much can be computed for a frame, and when to change that."""

from __future__ import annotations

from app.types import Workload

# From everything to the least, ordered by what a level does to the values. Numbers: in one of so many frames.
LEVELS: tuple[Workload, ...] = (
    # new faces looked for, landmarks found, pictures painted
    Workload(search_every=5, landmarks_every=1, paint_every=1),
    Workload(
        search_every=15, landmarks_every=1, paint_every=1
    ),  # no value changes; a newcomer is noticed within a second
    Workload(
        search_every=15, landmarks_every=2, paint_every=1
    ),  # values change a little: between, landmarks follow the eyes
    Workload(search_every=15, landmarks_every=3, paint_every=1),
    Workload(
        search_every=15, landmarks_every=3, paint_every=2
    ),  # no value changes further, but the picture is less smooth
)
# While a camera is recorded, landmarks are found in every frame, so that all rows are measured alike.
CAMERA_RECORDING_LEVELS: tuple[Workload, ...] = (
    Workload(search_every=5, landmarks_every=1, paint_every=1),
    Workload(search_every=15, landmarks_every=1, paint_every=1),
    Workload(search_every=15, landmarks_every=1, paint_every=2),
)
# While a file is recorded, everything is computed, so that no row depends on how fast the machine is.
FILE_RECORDING_LEVELS: tuple[Workload, ...] = LEVELS[:1]

# How frames are judged.
JUDGE_EVERY = 0.5  # s; each judgement is about the frames since the one before
COUNTED_SHARE = 0.95  # of the frames; the most expensive ones are left out, since a hiccup is no reason
DEFAULT_RATE = 30.0  # frames a second of a source that does not say
LOAD_JUDGEMENTS = 4  # that the load is evened out over before it is compared with ROOM

# When less is computed. Load is the share of the time between two frames that measuring one takes.
OVERLOADED = 0.9  # load above which the machine is too slow ...
BUSY = 0.6  # ... and above which it is, if frames are lost as well: below, they are lost for another reason
LOST_SHARE = (
    0.03  # of the frames dropped, or by which a file plays too slowly, above which they count as lost
)
PATIENCE = 2  # judgements in a row that must find it too slow; one is enough for a level that never was good
PATIENCE_BEFORE_SKIPPING = 4  # ... before fewer pictures are painted: the user sees that at once

# When more is computed.
ROOM = 0.8  # load that the next richer level may be expected to have
UNKNOWN_RATIO = 1.5  # how much more expensive it is than this one, where that was not measured
HIGHEST_RATIO = 2.0  # ... at most, whatever was measured: no level more than halves the cost
PAINTING_RATIO = 1.1  # ... at most, for painting every picture: painting is done on another thread
RETRY_AFTER = 10.0  # s of room before a richer level is tried
LONGEST_RETRY_AFTER = 160.0  # s; the wait doubles up to this, each time that a try fails within this time
