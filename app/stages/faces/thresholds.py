"""From when on something counts as a face, and two things as one face; the same for every detector."""

from __future__ import annotations

NEAR_SCORE = 0.6  # of a box, 0..1: below, hands and patterns pass for faces
FAR_SCORE = 0.7
# Of a box in a tile: small faces score less. Many other things reach it too, but the landmark network sees no
# face in them (`python -m export.evaluate faces`).
TILE_SCORE = 0.5
# The landmark network's own judgement of whether it sees a face, as the logit of a probability. A skull on a
# shirt reaches 10 to 11; 1,013 of 1,014 real portraits reach 10, and small, turned and half hidden faces 14.
PRESENCE = 11.0
# The same for a face that is new and turned by over 60 degrees, since for these a picture is looked at three
# times more. The network is shown lying faces upright, and they reach 13 as often as others do.
TURNED_PRESENCE = 13.0
# So much more of the same logit makes a new face one that lies: upside down some faces reach PRESENCE, their
# mouth taken for the eyes.
TURNED_MARGIN = 3.0
# A new face of a lower presence is looked at again: from its other sides, and around its own landmarks. Most
# upright faces reach it at once; no turned one did that was taken for an upright one, and nothing else.
SURE = 20.0
# What a new face that is not sure must reach around its own landmarks, where it fits its region better.
# Nearly all upright faces do; patterns that pass for a face, and faces read upside down, fall back there.
CONFIRMED = 17.2
# Or what it must reach both there and in a smaller region a little beside: some faces reach more in that one,
# most patterns much less.
CONFIRMED_TWICE = 15.0
BESIDE, BESIDE_SCALE = -0.08, 0.9  # of that around the landmarks: moved by so many sides, so many as wide
# Of the picture's shorter side: a new face whose region is larger needs no second look. Poor pictures that a
# face fills score like patterns, but patterns that pass for a face are smaller: at most 0.64 in some thousand
# pictures of nobody.
FILLS_PICTURE = 0.65
SAME_FACE = 0.3  # overlap (intersection over union) above which two boxes, or two regions, are one face
SAME_SIZE = 1.25  # ratio of sides below which two regions of one face have the same size
