"""What the arrays of training hold, by shape. Floats are of either width; a docstring gives units and
range."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]  # of a shape that is said beside it
Image = NDArray[np.uint8]  # (height, width, 3), BGR
Grey = NDArray[np.uint8]  # (height, width)
Greys = NDArray[np.uint8]  # (n, height, width)
Crops = NDArray[np.uint8]  # (n, 1, size, size), grey
Eyes = NDArray[np.floating[Any]]  # (2, 2): person's left, right eye; x, y in pixels
EyesOfFaces = NDArray[np.floating[Any]]  # (n, 2, 2)
Points = NDArray[np.floating[Any]]  # (n, 2): x, y in pixels
Landmarks = NDArray[np.floating[Any]]  # (478, 3): x, y, z in pixels
LandmarksOfFaces = NDArray[np.floating[Any]]  # (n, 478, 3)
Boxes = NDArray[np.floating[Any]]  # (n, 4): left, top, right, bottom edge in pixels
Matrix = NDArray[np.float64]  # (2, 3): from one picture's pixels to another's
Heatmaps = NDArray[np.floating[Any]]  # (n, 2, size, size), >= 0
Probs = NDArray[np.floating[Any]]  # (n, 8) in the order of EXPRESSIONS; a row sums to 1
Plane = NDArray[np.floating[Any]]  # (n, 2): valence, arousal, -1..1
Counts = NDArray[np.integer[Any]]  # whole numbers, of a shape that is said beside it
Labels = NDArray[np.int64]  # (n,) indices into EXPRESSIONS
Mask = NDArray[np.bool_]  # (n,)
Rows = NDArray[np.integer[Any]] | NDArray[np.bool_]  # indices, or a mask
Names = NDArray[np.str_]  # (n,)
