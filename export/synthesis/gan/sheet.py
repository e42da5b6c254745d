"""A contact sheet: faces down, expressions across, each made face with its word above."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from app.types import EXPRESSIONS
from export.data.arrays import Image
from export.synthesis.gan.maker import Maker
from export.synthesis.gan.pictures import Pictures

ZOOM = 2
TOP = 18  # pixels of a row of words


def contact_sheet(maker: Maker, crops: Pictures, path: Path) -> Path:
    """Writes `crops` (n, c, s, s) to `path`, each as it is and then with each expression; gives `path`."""
    made, _ = maker.make(np.repeat(crops, 8, 0), np.tile(np.arange(8), len(crops)))
    rows = [
        np.hstack([tile(face), *(tile(other) for other in others)])
        for face, others in zip(crops, made.reshape(len(crops), 8, *made.shape[1:]), strict=True)
    ]
    words = header(("as it is", *EXPRESSIONS), tile(crops[0]).shape[1])
    words = np.vstack([header(("made up: all faces but those on the left",), words.shape[1]), words])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cv2.imencode(path.suffix, np.vstack([words, *rows]))[1].tobytes())
    return path


def tile(picture: Pictures) -> Image:
    """(h, w, 3) BGR: a picture (c, s, s), grey or in colours, ZOOM times as large, with a white rim."""
    colour = np.repeat(picture, 3, 0) if len(picture) == 1 else picture[::-1]
    large = cv2.resize(
        np.ascontiguousarray(colour.transpose(1, 2, 0)), None, fx=ZOOM, fy=ZOOM, interpolation=cv2.INTER_CUBIC
    )
    return np.asarray(
        cv2.copyMakeBorder(large, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=(255, 255, 255)), np.uint8
    )


def header(words: Sequence[str], width: int) -> Image:
    """A white row with a word over each column of `width` pixels."""
    row = np.full((TOP, width * len(words), 3), 255, np.uint8)
    for place, word in enumerate(words):
        cv2.putText(
            row, word, (place * width + 3, 13), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (0, 0, 0), 1, cv2.LINE_AA
        )
    return row
