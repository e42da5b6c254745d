"""The strongest moment of each person, kept as a small picture until a stronger one comes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from app.types import EXPRESSIONS, Face, Image, Result
from app.ui.look.words import degree_words, mixed

SIDE = 240  # pixels of a kept picture
AROUND = 1.5  # times the face's box that is cut out
LEAST = 0.25  # distance from the plane's middle below which nothing is a moment
HALF_LIFE = 30.0  # s after which half as strong a moment takes its place
MOST = 16  # moments that are kept


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """One person at one moment."""

    person: int  # the face's id
    expression: str
    words: str  # with the degree
    strength: float  # distance from the plane's middle, 0..1.4
    time: float  # s on the source's clock
    picture: Image  # (SIDE, SIDE, 3), BGR


class Moments:
    """`add` takes each result that is shown; the strongest of each person and expression is kept."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, str], Moment] = {}

    def clear(self) -> None:
        """Forgets all, as before another source."""
        self._kept.clear()

    def add(self, result: Result) -> bool:
        """Keeps what is stronger than before; whether anything was."""
        time, changed = result.frame.time, False
        for face in result.faces:
            plain = face.smooth.expression == EXPRESSIONS[0] or mixed(face.smooth.probs)
            if face.status != "ok" or plain:
                continue
            strength = math.hypot(face.shown.valence, face.shown.arousal)
            key = face.id, face.smooth.expression
            before = self._kept.get(key)
            fades = before is not None and time >= before.time
            passed = time - before.time if before is not None and fades else 0.0
            past = before.strength * math.exp2(-passed / HALF_LIFE) if before is not None else LEAST
            if strength > past * 1.02:  # else each frame of a rise would be a new picture
                picture = cut_out(result.frame.image, face)
                self._kept[key] = Moment(face.id, key[1], degree_words(face), strength, time, picture)
                changed = True
        while len(self._kept) > MOST:
            del self._kept[min(self._kept, key=lambda key: self._kept[key].time)]
        return changed

    def best(self, count: int) -> tuple[Moment, ...]:
        """Up to `count`: the strongest of each person first, then each person's next, by id in each round."""
        by_person: dict[int, list[Moment]] = {}
        for moment in sorted(self._kept.values(), key=lambda moment: -moment.strength):
            by_person.setdefault(moment.person, []).append(moment)
        newest = sorted(by_person, key=lambda id: -max(moment.time for moment in by_person[id]))[:count]
        rounds = max((len(moments) for moments in by_person.values()), default=0)
        found = [by_person[id][i] for i in range(rounds) for id in sorted(newest) if i < len(by_person[id])]
        return tuple(found[:count])


def cut_out(image: Image, face: Face) -> Image:
    """The square of `image` around `face`, (SIDE, SIDE, 3); where it leaves the picture its edge goes on."""
    x0, y0, x1, y1 = face.box.tolist()
    half = max(x1 - x0, y1 - y0, 2.0) * AROUND / 2
    scale = SIDE / (2 * half)
    matrix = np.array(
        [[scale, 0, (half - (x0 + x1) / 2) * scale], [0, scale, (half - (y0 + y1) / 2) * scale]]
    )
    way = cv2.INTER_AREA if scale < 0.5 else cv2.INTER_LINEAR
    cut = cv2.warpAffine(image, matrix, (SIDE, SIDE), flags=way, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cut, np.uint8)
