"""The values that travel through the app: frozen, free of Qt, the one place for units.

Everywhere: left and right are the person's own; pixels are of the full frame, x to the right, y down,
whole numbers at pixel centres; angles in degrees; times in seconds; valence and arousal in -1..1.
Pairs of eyes are ordered left, right: the left eye is on the right side of an unmirrored picture.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

# What the arrays hold, by shape; a comment beside a field gives units and order.
Image = NDArray[np.uint8]  # (height, width, 3), BGR
Grey = NDArray[np.uint8]  # (height, width)
Crops = NDArray[np.uint8]  # (n, 1, size, size), grey: a batch for a network
Images = NDArray[np.uint8]  # (n, height, width, 3), BGR: the same in colour
Maps = NDArray[np.float32]  # (..., height, width): a value at each place of a crop or a picture
Points = NDArray[np.float32]  # (n, 2): x, y
Landmarks = NDArray[np.float32]  # (478, 3): x, y, z
LandmarksOfFaces = NDArray[np.float32]  # (n, 478, 3)
Box = NDArray[np.float32]  # (4,): x0, y0, x1, y1
Corners = NDArray[np.float32]  # (n, 4): the same of n boxes
PointSets = NDArray[np.float32]  # (n, points, 2): x, y of several points in each of n boxes
Logits = NDArray[np.float32]  # (n,): of probabilities
Eyes = NDArray[np.float32]  # (2, 2): left, right; x, y
EyesOfFaces = NDArray[np.float32]  # (n, 2, 2)
Confidence = NDArray[np.float32]  # (2,): left, right eye, 0..1; or (n, 2)
Probs = NDArray[np.float32]  # (8,), in the order of EXPRESSIONS, or (n, 8)
Affects = NDArray[np.float32]  # (n, 2): valence, arousal, -1..1
ActionValues = NDArray[np.float32]  # (n,), in the order of app.stages.actions.names.ACTIONS
Matrix = NDArray[np.float64]  # (2, 3), a similarity transform, or (3, 3), a rotation
Matrices = NDArray[np.float64]  # (n, 2, 3)
Floats = NDArray[np.float64]  # of any shape; the docstring beside it gives it
Bytes = NDArray[np.uint8]  # (n,): a file's content
Mask = NDArray[np.bool_]
Indices = NDArray[np.intp]  # (n,): indices into another array

LANDMARKS = 478  # of a face
EXPRESSIONS = ("neutral", "happy", "sad", "surprise", "fear", "disgust", "anger", "contempt")


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture from a camera or a file; nobody writes into `image`."""

    index: int  # 0, 1, 2 ... in its source; frames that were dropped are counted
    time: float  # s on the source's clock: monotonic capture time, or the presentation time in a video file
    image: Image  # (height, width, 3) uint8, BGR
    captured: float  # s, app.system.clock.now() when the frame entered the program; for latency only
    wall: float = float("nan")  # s since 1970 UTC at capture; NaN in a file, which has no such clock
    dropped: int = 0  # frames lost between the one before and this one
    rate: float = float("nan")  # frames a second that came, where some were left out on purpose; else NaN
    size_note: str = ""  # one sentence where the pictures of a file have another size from this one on
    image_note: str = ""  # in a replay: why `image` is not the picture that was measured; "" when it is


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """Direction of the head; all zero when it faces the camera."""

    yaw: float  # degrees, positive when the nose points to the person's own left
    pitch: float  # degrees, positive when the nose points up
    roll: float  # degrees, positive when the line from right to left eye falls towards the left eye


@dataclass(frozen=True, slots=True)
class Gaze:
    """Direction of both eyes together, an estimate; zero when they look straight out of the picture."""

    yaw: float  # degrees, positive to the person's own left
    pitch: float  # degrees, positive upwards


@dataclass(frozen=True, slots=True, eq=False)
class Detection:
    """A face as the detector found it."""

    landmarks: Landmarks  # (478, 3) float32: x, y in pixels; z in pixels, smaller is nearer
    box: Box  # (4,) float32: x0, y0, x1, y1 around the landmarks
    eyes: Eyes  # (2, 2) float32: left, right, mean of each eye's outline


@dataclass(frozen=True, slots=True, eq=False)
class Signals:
    """What is measured of one face at one moment, either raw or smoothed."""

    eyes: Eyes  # (2, 2) float32: left, right eye centre in pixels
    probs: Probs  # (8,) float32: in the order of EXPRESSIONS, sums to 1
    valence: float  # -1 unpleasant .. 1 pleasant
    arousal: float  # -1 calm .. 1 excited

    @property
    def expression(self) -> str:
        """The most probable expression."""
        return EXPRESSIONS[int(self.probs.argmax())]


@dataclass(frozen=True, slots=True, eq=False)
class Actions:
    """The actions of one face: how far brows, lids, cheeks, nose, lips and chin have moved.

    0 is as in the median neutral face of many people, 1 as strong as in the 95th percentile of their faces;
    arrays are (n,) and not bounded.
    """

    measured: ActionValues  # in this frame
    smoothed: ActionValues  # the same through the smoother
    neutral: ActionValues  # of this person's own neutral face, from which they are counted; NaN: not known

    @property
    def values(self) -> ActionValues:
        """(n,), 0..1: those of this frame, counted from the person's neutral face; NaN where not known."""
        return self._counted(self.measured)

    @property
    def shown(self) -> ActionValues:
        """(n,), 0..1: the smoothed ones, counted likewise."""
        return self._counted(self.smoothed)

    def _counted(self, values: ActionValues) -> ActionValues:
        counted: ActionValues = np.clip(values - self.neutral, 0, 1)
        return counted


@dataclass(frozen=True, slots=True)
class Baseline:
    """Valence, arousal and actions of a person's own neutral face, taken over several seconds."""

    valence: float  # -1..1
    arousal: float  # -1..1
    frames: int  # that it was taken from
    actions: tuple[float, ...] = ()  # as measured, in the order of ACTIONS; () where they are not known


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """Everything known of one face in one frame."""

    id: int  # 1, 2, 3 ...: the same person keeps it while in sight, and up to 1 s out of sight
    box: Box  # (4,) float32: x0, y0, x1, y1 in pixels
    landmarks: Landmarks  # (478, 3) float32, see Detection
    pose: Pose
    eye_confidence: Confidence  # (2,) float32: left, right, 0..1; low where the eye is closed
    raw: Signals  # straight from the networks
    smooth: Signals  # the same through the smoother; equal to `raw` when that is off
    status: str = "ok"  # or why the values are in doubt: a key of `quality.MEANING`
    baseline: Baseline | None = None  # None: no baseline was taken of this person
    openness: tuple[float, float] = (1.0, 1.0)  # left, right eye: 0 shut .. 1, see `eyelids`
    gaze: Gaze | None = None  # None while both eyes are closed
    gaze_smooth: Gaze | None = None  # the same through the smoother
    actions: Actions | None = None  # None where they were not measured, as in an older session
    blink_rate: float = float("nan")  # blinks a minute; NaN until the face was seen for some seconds

    def from_baseline(self, signals: Signals) -> tuple[float, float]:
        """Valence and arousal of `signals`, -2..2, counted from the person's baseline where there is one."""
        if self.baseline is None:
            return signals.valence, signals.arousal
        return signals.valence - self.baseline.valence, signals.arousal - self.baseline.arousal

    @property
    def shown(self) -> Signals:
        """`smooth`, with valence and arousal counted from the person's baseline where there is one."""
        if self.baseline is None:
            return self.smooth
        valence, arousal = self.from_baseline(self.smooth)
        return replace(self.smooth, valence=valence, arousal=arousal)


PRECISIONS = ("int8", "float32")  # of the affect network; the first is equally accurate, three times faster
DEFAULT_PRECISION = PRECISIONS[0]
AUTOMATIC = "auto"  # in the window: as much work for each frame as the machine can do in time
PRECISION_CHOICES = (AUTOMATIC, *PRECISIONS)
DEFAULT_MAX_FACES = 4  # of a frame that are measured, unless the user chooses otherwise
MOST_FACES = 16  # that the user can choose; 1 at least
DEFAULT_SMOOTHING = 0.5  # of the One-Euro filter, 0 off .. 1, unless the user chooses otherwise


@dataclass(frozen=True, slots=True)
class Workload:
    """How much is computed for each frame; the defaults compute everything."""

    precision: str = DEFAULT_PRECISION  # of the affect network
    search_every: int = 5  # frames from one search for new faces to the next, while faces are known
    landmarks_every: int = 1  # frames from one search for landmarks to the next; between, they follow eyes
    paint_every: int = 1  # frames from one that is painted to the next; all are measured


FULL_WORKLOAD = Workload()


@dataclass(frozen=True, slots=True)
class StageTimes:
    """Milliseconds spent in each stage of one frame; measured, and so the one part that never repeats.

    Eyes and affect are read side by side, so that the stages may add up to more than the total.
    """

    detect: float = 0.0
    eyes: float = 0.0
    affect: float = 0.0
    smooth: float = 0.0
    total: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """A frame and the faces in it, ordered by id."""

    frame: Frame
    faces: tuple[Face, ...] = ()
    times: StageTimes = StageTimes()
    ready: float = float("nan")  # s, clock.now() at its end; NaN in a replay; for latency only
    unmeasured: tuple[Box, ...] = ()  # where more faces were seen last than are measured, in pixels
    cut: bool = False  # another picture began with this frame, or another face took the place of one

    @property
    def seen(self) -> int:
        """How many faces are in sight, measured or not."""
        return len(self.faces) + len(self.unmeasured)
