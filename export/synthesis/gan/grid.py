"""One picture of fixed faces with each expression, to watch a training by; it shows faces of the data.

Two rows a face: the face as it is and with each of the eight expressions; below, the attention masks, white
where the face stays as it is.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from app.system.atomic import replacing
from export.nets.lgp_gan import Generator
from export.synthesis.gan.pictures import Pictures

ZOOM = 2


def signed(pictures: Pictures) -> Tensor:
    """Pictures (n, c, h, w), 0..255, as float32 in -1..1."""
    return torch.from_numpy(np.ascontiguousarray(pictures)).float() / 127.5 - 1


def levels(pictures: Tensor) -> Pictures:
    """Pictures (n, c, h, w) in -1..1 as uint8."""
    return ((pictures + 1) * 127.5).round().clamp(0, 255).to(torch.uint8).cpu().numpy()


@torch.no_grad()
def every(generator: Generator, pictures: Pictures) -> tuple[Pictures, NDArray[np.float32]]:
    """What `generator` makes of n `pictures` (n, c, s, s) for each expression, and the masks of the whole.

    (n, 8, c, s, s) uint8 and (n, 8, 1, s, s), 0..1.
    """
    count = len(pictures)
    faces = signed(pictures).repeat_interleave(8, 0)
    made = generator(faces, torch.eye(8).repeat(count, 1))
    shape = (count, 8, *faces.shape[1:])
    masks = made.masks[0].cpu().numpy().reshape(count, 8, 1, *faces.shape[2:])
    return levels(made.face).reshape(shape), masks


def grid(generator: Generator, pictures: Pictures, path: Path) -> None:
    """Writes the grid of `pictures` (n, c, s, s) to `path`, a PNG."""
    made, masks = every(generator, pictures)
    shades = (255 * masks).round().astype(np.uint8)
    rows = []
    for face, others, grey in zip(pictures, made, shades, strict=True):
        rows.append(np.concatenate([face[None], others]))
        rows.append(np.concatenate([np.full_like(face[None], 255), np.repeat(grey, len(face), 1)]))
    sheet = np.concatenate([np.concatenate(list(row), 2) for row in rows], 1).transpose(1, 2, 0)
    sheet = np.ascontiguousarray(sheet[..., ::-1])
    large = cv2.resize(sheet, None, fx=ZOOM, fy=ZOOM, interpolation=cv2.INTER_CUBIC)
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as draft:
        draft.write_bytes(cv2.imencode(".png", large)[1].tobytes())
