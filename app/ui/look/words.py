"""What the window says in words: expressions and how sure they are, how well a face is seen, the head."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from app.stages.eyelids import CLOSED
from app.types import EXPRESSIONS, Face, Probs

THEME_WORDS = {"system": "as the system", "light": "light", "dark": "dark"}  # of `settings.THEMES`
EXPORT_WORDS = {  # the keys of `app.exports.export.WRITERS`, which loads slowly
    "csv": "CSV for spreadsheets", "parquet": "Parquet table", "bids": "BIDS data set", "xdf": "XDF file",
    "elan": "ELAN annotations",
}  # fmt: skip
SURE = 0.5  # calibrated probability of the best expression below which it is more likely wrong than right


def mixed(probs: Probs) -> bool:
    """Whether the eight `probs` leave open which expression it is."""
    return bool(probs.max() < SURE)


def expression_words(probs: Probs) -> str:
    """The most probable of the eight expressions; where none is sure, two: "mixed: sad / neutral"."""
    best, second = np.argsort(-probs, kind="stable")[:2]
    if mixed(probs):
        return f"mixed: {EXPRESSIONS[best]} / {EXPRESSIONS[second]}"
    return EXPRESSIONS[best]


WEAK, STRONG = 0.4, 0.7  # distances from the plane's middle that bound the three degrees
DEGREES = {  # what stands before the words that say how one is, and before those that say what one shows
    True: ("slightly", "very"),
    False: ("slight", "strong"),
}
STATES = ("happy", "sad")


def degree_words(face: Face) -> str:
    """The expression with its degree, by how far the point is from the plane's middle: "very happy"."""
    words = expression_words(face.smooth.probs)
    if words == EXPRESSIONS[0] or mixed(face.smooth.probs):
        return words
    weak, strong = DEGREES[words in STATES]
    far = math.hypot(face.shown.valence, face.shown.arousal)
    return f"{weak} {words}" if far < WEAK else f"{strong} {words}" if far > STRONG else words


@dataclass(frozen=True, slots=True)
class Advice:
    """How a face is seen, and what the person can do about it."""

    words: str
    tip: str  # an imperative without its full stop; "" where there is nothing to do


# For every key of `quality.MEANING`: that one is for who reads a file, this one for who is in the picture.
ADVICE = {
    "ok": Advice("seen well", ""),
    "no_face": Advice("no face", "step in front of the camera"),
    "cut_off": Advice("cut off", "move to the middle of the picture"),
    "too_small": Advice("too small", "come nearer"),
    "turned_away": Advice("turned away", "face the camera"),
    "too_dark": Advice("too dark", "add light from the front"),
    "too_bright": Advice("too bright", "dim the light, or turn the lamp away"),
    "blurred": Advice("blurred", "hold still, or clean the lens"),
    "low_confidence": Advice("eyes hidden", "show both eyes"),
    "rate_too_low": Advice("too few frames", "add light, or choose a smaller picture"),
}


def sure_words(face: Face) -> str:
    """How far the expression can be believed: "96 % sure", "not sure", "unsure: turned away"."""
    if face.status != "ok":
        return f"unsure: {ADVICE[face.status].words}"
    best = face.smooth.probs.max()
    return "not sure" if mixed(face.smooth.probs) else f"{100 * best:.0f}\N{NO-BREAK SPACE}% sure"


def head_words(face: Face) -> tuple[str, str, str]:
    """Turns of the head (yaw, pitch, roll), of the gaze (yaw, pitch), and which eyes are closed."""
    pose, gaze = face.pose, face.gaze_smooth
    left, right = (open_ < CLOSED for open_ in face.openness)
    lids = {
        (False, False): "eyes open",
        (True, False): "left eye closed",
        (False, True): "right eye closed",
        (True, True): "both eyes closed",
    }[left, right]
    return (
        f"head {_degrees(pose.yaw, pose.pitch, pose.roll)}",
        f"gaze {_degrees(gaze.yaw, gaze.pitch)}" if gaze else "gaze \N{EN DASH}",
        lids,
    )


def _degrees(*angles: float) -> str:
    """Signed, with a true minus, and without a negative nothing."""
    return " ".join(f"{round(a) + 0:+d}\N{DEGREE SIGN}" for a in angles).replace("-", "\N{MINUS SIGN}")
