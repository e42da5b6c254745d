"""`mien analyze --explain`: a heat map of each person's strongest moment, which shows why it was read so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import cv2
import numpy as np

from app.stages import heatmap
from app.stages.activation import Reasons, crop_eyes, reasons
from app.stages.affect import AffectReader
from app.stages.align import similarity
from app.stages.cards import Card
from app.system.atomic import replacing_folder
from app.system.errors import UserError
from app.types import EXPRESSIONS, Eyes, Face, Image, Result

FOLDER = "explain"  # in the session folder
SIDE = 360  # pixels, of each of the two views
LINE = 22  # pixels, height of a line of text
FONT, SMALL = cv2.FONT_HERSHEY_SIMPLEX, 0.5
INK, PAPER, GREY = (30, 30, 30), (255, 255, 255), (110, 110, 110)  # BGR


@dataclass(frozen=True, slots=True, eq=False)
class StrongestMoment:
    """The frame in which a person's expression was clearest; of its picture only what is around the face."""

    strength: tuple[bool, float]  # whether the status was ok; the highest probability but that of neutral
    time: float  # s
    frame: int  # its index
    image: Image  # the part of the picture around the face, (height, width, 3) BGR
    eyes: Eyes  # (2, 2) as in a Detection, in pixels of that part


class StrongestMoments:
    """Finds the strongest moment of each person while a file is analysed; `add` is told of each result.

    A face with status ok goes before one without, then the more probable expression, then the earlier frame.
    """

    def __init__(self, card: Card) -> None:
        """`card` is that of the affect network. Raises UserError when the network gives no maps."""
        if "maps" not in card.outputs:
            raise UserError(
                f"{card.path.name} does not say which places of a face it looks at: leave --explain out, or "
                "install Mien again."
            )
        self._card = card
        self._best: dict[int, StrongestMoment] = {}

    @property
    def found(self) -> Mapping[int, StrongestMoment]:
        """The strongest moment so far of each face id."""
        return MappingProxyType(self._best)

    def add(self, result: Result) -> None:
        """Keeps each face of `result` that is stronger than what was kept of that person."""
        for face in result.faces:
            strength = (face.status == "ok", float(face.raw.probs[1:].max()))
            best = self._best.get(face.id)
            if best is None or strength > best.strength:
                self._best[face.id] = self._moment(result, face, strength)

    def write(self, reader: AffectReader, folder: Path) -> int:
        """Writes a picture for each person, `person-ID.png`, into `folder`; gives their number.

        The folder appears whole or not at all, and replaces an older one. `reader` is the network that found
        the expressions. Raises UserError when it cannot be written, ModelError.
        """
        try:
            with replacing_folder(folder) as draft:
                for id, moment in sorted(self._best.items()):
                    found = reasons(reader, moment.image, moment.eyes)
                    assert found is not None
                    drawn = picture(id, moment, found)
                    (draft / f"person-{id}.png").write_bytes(cv2.imencode(".png", drawn)[1].tobytes())
        except OSError as error:
            raise UserError(f"{folder} cannot be written ({error.strerror}): choose another -o.") from error
        return len(self._best)

    def _moment(self, result: Result, face: Face, strength: tuple[bool, float]) -> StrongestMoment:
        image, eyes = result.frame.image, crop_eyes(face)
        place = Reasons(
            face.raw.probs, np.empty(0, np.float32), similarity(eyes, self._card.crop), self._card
        )
        rows, columns = heatmap.around(place, image.shape[1::-1])
        corner = np.array([columns.start, rows.start], np.float32)
        return StrongestMoment(
            strength, result.frame.time, result.frame.index, image[rows, columns].copy(), eyes - corner
        )


def picture(person: int, moment: StrongestMoment, found: Reasons) -> Image:
    """The heat maps of the most probable expression and of the second side by side, with a caption.

    (height, width, 3) BGR; below each map are its word and probability, at the foot what the colours mean.
    """
    views = []
    for expression in found.best:
        drawn = heatmap.draw(moment.image, found, expression)
        height, width = drawn.shape[:2]
        scale = SIDE / max(height, width)
        way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        small = cv2.resize(drawn, (round(width * scale), round(height * scale)), interpolation=way)
        view = np.full((SIDE + 2 * LINE, SIDE, 3), PAPER, np.uint8)
        view[: small.shape[0], (SIDE - small.shape[1]) // 2 :][:, : small.shape[1]] = small
        words = f"{EXPRESSIONS[expression]} {100 * found.probs[expression]:.0f} %"
        cv2.putText(view, words, (6, SIDE + 28), FONT, 0.9, INK, 2, cv2.LINE_AA)
        views.append(view)
    both = np.hstack([views[0], np.full((SIDE + 2 * LINE, 8, 3), PAPER, np.uint8), views[1]])
    card = found.card
    lines = (
        "Orange: speaks for it. Blue: speaks against it. Both pictures have one scale.",
        f"Person {person} at {moment.time:.2f} s, frame {moment.frame}; "
        f"network {card.name}, {card.precision}.",
    )
    foot = np.full((LINE * len(lines) + 8, both.shape[1], 3), PAPER, np.uint8)
    for i, line in enumerate(lines):
        cv2.putText(foot, line, (6, LINE * i + 14), FONT, SMALL, GREY, 1, cv2.LINE_AA)
    return np.vstack([both, foot])
