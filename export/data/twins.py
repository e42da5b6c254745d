"""Near twins: pictures of one photograph, in other crops or another quality, found by a perceptual hash.

The hash is the sign of each of the lowest frequencies of the cosine transform of a face, less their median
(pHash; Zauner, Implementation and benchmarking of perceptual image hash functions, 2010). It is taken from
crops with the eyes in one place, so that another crop of the same photograph gives nearly the same bits.
"""

from __future__ import annotations

import cv2
import numpy as np

from export.data.arrays import Counts, Floats, Greys

SIDE = 32  # pixels of the transform
LOW = 11  # frequencies along each axis; the constant one is left out
BITS = LOW * LOW - 1


def hashes(crops: Greys) -> Floats:
    """(n, BITS) float32 of -1 and 1: the hash of each of (n, side, side) uint8 crops."""
    found = np.empty((len(crops), BITS), np.float32)
    for row, crop in enumerate(crops):
        small = cv2.resize(crop, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
        low = cv2.dct(small)[:LOW, :LOW].ravel()[1:]
        found[row] = np.where(low > np.median(low), 1, -1)
    return found


def nearest(ours: Floats, theirs: Floats, block: int = 2048) -> tuple[Counts, Counts]:
    """For each of (n, BITS) hashes its nearest among (m, BITS): (n,) bits that differ, and (n,) its row.

    So many of `ours` as `block` says are compared at a time, which bounds the memory.
    """
    bits, row = np.empty(len(ours), np.int64), np.empty(len(ours), np.int64)
    for start in range(0, len(ours), block):
        alike = ours[start : start + block] @ theirs.T  # BITS - 2 times the bits that differ
        row[start : start + block] = alike.argmax(1)
        bits[start : start + block] = np.rint((ours.shape[1] - alike.max(1)) / 2)
    return bits, row
