"""Which landmarks the actions are measured from, and which lie opposite each other."""

from __future__ import annotations

# From brow to brow, along the forehead, at the corners of the eyes and before the ears: no expression moves
# these much. Lips, cheeks and chin must not be among them.
RIGID = (
    10, 151, 9, 8, 168, 6, 197, 195, 33, 263, 133, 362, 127, 356, 234, 454, 21, 251, 162, 389, 54, 284,
    103, 332, 67, 297, 109, 338,
)  # fmt: skip

# Of each landmark on the right half of the face, its partner on the left half.
LEFT_OF = {
    7: 249, 21: 251, 32: 262, 33: 263, 37: 267, 39: 269, 40: 270, 46: 276, 48: 278, 50: 280, 52: 282,
    53: 283, 54: 284, 55: 285, 61: 291, 63: 293, 64: 294, 65: 295, 66: 296, 67: 297, 70: 300, 78: 308,
    81: 311, 82: 312, 83: 313, 84: 314, 87: 317, 91: 321, 102: 331, 103: 332, 105: 334, 107: 336, 109: 338,
    117: 346, 118: 347, 119: 348, 127: 356, 129: 358, 133: 362, 136: 365, 144: 373, 145: 374, 148: 377,
    153: 380, 154: 381, 155: 382, 157: 384, 158: 385, 159: 386, 160: 387, 161: 388, 162: 389, 163: 390,
    172: 397, 173: 398, 176: 400, 178: 402, 181: 405, 187: 411, 203: 423, 205: 425, 206: 426, 207: 427,
    208: 428, 216: 436, 234: 454, 246: 466,
}  # fmt: skip
OTHER_SIDE = LEFT_OF | {left: right for right, left in LEFT_OF.items()}


def opposite(landmark: int) -> int:
    """The landmark in the same place of the other half of the face; itself in the middle."""
    return OTHER_SIDE.get(landmark, landmark)
