"""`mien analyze --explain`: why each person of a file was seen as at the strongest moment, as a picture."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from app.stages import heatmap
from app.stages.activation import Reasons, crop_eyes, reasons
from app.stages.affect import AffectReader
from app.stages.align import similarity
from app.stages.models import Card
from app.system.atomic import replacing_folder
from app.system.errors import UserError
from app.types import EXPRESSIONS, Face, Result

FOLDER = "explain"
SIDE = 360  # pixels, each of the two views
LINE = 22  # pixels, height of a line of text
FONT, TALL = cv2.FONT_HERSHEY_SIMPLEX, 0.5
INK, PAPER, QUIET = (30, 30, 30), (255, 255, 255), (110, 110, 110)


@dataclass(frozen=True, slots=True, eq=False)
class StrongestMoment:
    """When a person showed most; only what lies around the face is kept."""

    strength: tuple[bool, float]  # seen well; highest probability but for neutral
    time: float  # s
    frame: int
    image: np.ndarray  # the part of the picture around the face, BGR
    eyes: np.ndarray  # (2, 2) as in a Detection, in pixels of that part


class StrongestMoments:
    """The strongest moment of each person; `add` is told of each result."""

    def __init__(self, card: Card) -> None:
        """Raises UserError when the network of `card` gives no maps."""
        if "maps" not in card.outputs:
            raise UserError(
                f"{card.path.name} does not tell which places of a face it looks at: leave --explain out, or "
                "install Mien again."
            )
        self._card = card
        self._best: dict[int, StrongestMoment] = {}

    def add(self, result: Result) -> None:
        for face in result.faces:
            strength = (face.status == "ok", float(face.raw.probs[1:].max()))
            best = self._best.get(face.id)
            if best is None or strength > best.strength:
                self._best[face.id] = self._moment(result, face, strength)

    def write(self, reader: AffectReader, folder: Path) -> int:
        """One picture for each person into `folder`, wholly or not at all; how many.

        Raises UserError.
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
        place = Reasons(face.raw.probs, np.empty(0), similarity(eyes, self._card.crop), self._card)
        rows, columns = heatmap.around(place, image.shape[1::-1])
        corner = np.array([columns.start, rows.start], np.float32)
        return StrongestMoment(
            strength, result.frame.time, result.frame.index, image[rows, columns].copy(), eyes - corner
        )


def picture(person: int, moment: StrongestMoment, found: Reasons) -> np.ndarray:
    """Winner beside runner-up, with their words and probabilities, and what the colours mean; BGR."""
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
        "Orange: speaks for it. Blue: speaks against it. One scale for both.",
        f"Person {person} at {moment.time:.2f} s, frame {moment.frame}; "
        f"network {card.name}, {card.precision}.",
    )
    foot = np.full((LINE * len(lines) + 8, both.shape[1], 3), PAPER, np.uint8)
    for i, line in enumerate(lines):
        cv2.putText(foot, line, (6, LINE * i + 14), FONT, TALL, QUIET, 1, cv2.LINE_AA)
    return np.vstack([both, foot])
