"""The thresholds of tracking, in one place.

`python -m export.limits.tracking CLIPS` prints what those of appearance and of cuts rest on.
"""

from __future__ import annotations

# --- Where a face may be, and how large
REMEMBERED = 1.0  # s that a face out of sight keeps its id
SLOWING = 0.3  # s in which the speed of a face out of sight falls to 1/e
STEADYING = 0.1  # s over which a speed is averaged: detections shake by a pixel or two
MAX_DISTANCE = 0.6  # face sizes that a face may be away from where it was expected ...
MAX_DISTANCE_RATE = 3.0  # ... and how many more for each second since it was seen, up to REMEMBERED
MAX_SIZE_CHANGE = 0.5  # natural logarithm of how much larger or smaller it may be
MOVED = 0.2  # s after which a face may be FAR, and in which its pixels are looked for
FAR = 3.0  # times its reach that a face may be away which was seen within MOVED and looks the same
SAME_PIXELS = 0.4  # face sizes that a face may be away from where its pixels are

# --- How differently a face may look (`appearance.unlike`)
OTHER = 0.3  # from which on it is somebody else's: one person reaches 0.27 within a second
OTHER_AFTER_CUT = 0.12  # the same after a cut: only a face that looks just as before is the same
OTHER_LATER = 0.25  # the same where pictures are further apart than REMEMBERED, of the least of several
OTHER_YET = 0.45  # the same of a face that is not SETTLED, or was HIDDEN
SETTLED = 0.5  # s that a new face may go on changing: in a dissolve it first becomes who it is
HIDDEN = 0.2  # s out of sight after which a face may be half hidden, or was when it was seen last
SURELY = 0.2  # s that a face looks otherwise, with no gap or cut, until it is another: before, it is misread
GOES_ON = 0.06  # difference of a face below which the camera has moved, whatever its picture shows

# --- When faces are compared
CALM = 0.02  # of `Change.colours`: below, they are compared now and then only ...
COMPARE_EVERY = 0.25  # s
KEPT = 4  # appearances of a face, one each COMPARE_EVERY: in a dissolve no frame differs much from the last

# --- What is a cut (`picture_change.Change`)
# Real cameras reach 0.07 of `colours` from frame to frame, 0.28 while they pan by a twentieth of the picture
# in each; cuts from one room to another 0.25 and more, from one person to another in one room 0.12.
CUT, CUT_LIKENESS = 0.35, 0.65
# Where a face changed, too. Pictures of a camera that shakes, pans or zooms are more alike, or the face's own
# pixels are found again (`patch.py`).
CUT_WITH_FACE, CUT_WITH_FACE_LIKENESS = 0.1, 0.86
ABRUPT_LIKENESS = 0.95  # below, a face that looks like somebody else is so at once, see SURELY
AT_ONCE = 0.1  # s within which it did
FOUND_AGAIN = 0.2  # s in which the face of another person is found where the picture changed so
