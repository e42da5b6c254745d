"""`mien synthesize`: a picture in which faces have another expression."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2

from app.sources.video import VideoFile
from app.stages import made_up
from app.stages.pipeline import Pipeline
from app.stages.synthesis import MISSING, NO_FACE, Synthesizer, obstacle
from app.system.atomic import output_file
from app.system.errors import UserError
from app.types import EXPRESSIONS, MOST_FACES, Face, Image

WRITTEN = (".png", ".jpg", ".jpeg")  # kinds of picture that are written
EVERY = "every"  # all expressions of one face, on one sheet


class SynthesisError(UserError):
    """No picture can be made; the message is one sentence for the user."""


def make_picture(
    path: Path, expression: str, strength: float, out: Path, models: Path,
    say: Callable[[str], None] = lambda sentence: None,
) -> Path:  # fmt: skip
    """Writes to `out` the picture at `path`, in which all faces have another `expression`; gives `out`.

    Of a video it is the first frame. `strength` is 0..1. With EVERY it is a sheet of the largest face with
    each expression. `say` is called with a sentence for each face of which nothing is made; where that is
    every face, this raises SynthesisError. Raises SourceError, ModelError and WriteError.
    """
    if out.suffix.lower() not in WRITTEN:
        raise SynthesisError(f"{out} is no name of a picture: let it end in .png or .jpg.")
    if _same(out, path):
        raise SynthesisError(f"{out} is the picture itself, which stays as it is: choose another name.")
    synthesizer = Synthesizer.load(models)
    if synthesizer is None:
        raise SynthesisError(MISSING)
    image, faces = _faces(path, models)
    fit = _without_obstacle(image, faces, path, say)
    if expression == EVERY:
        changes = synthesizer.changes(image, fit[0], EXPRESSIONS, strength)
        made = made_up.sheet(image, changes)
    else:
        found = [synthesizer.changes(image, face, (expression,), strength)[0] for face in fit]
        made = made_up.picture(image, found)
    with output_file(out) as draft:
        draft.write_bytes(cv2.imencode(out.suffix, made)[1].tobytes())
    return out


def _same(out: Path, path: Path) -> bool:
    """Whether both name one file, also through a link, `..`, or another case of letters."""
    if out.resolve() == path.resolve():
        return True
    return out.exists() and path.exists() and out.samefile(path)


def _faces(path: Path, models: Path) -> tuple[Image, tuple[Face, ...]]:
    """The first picture of the file at `path`, and its faces, the largest first."""
    video, pipeline = VideoFile(path), Pipeline.load(models, MOST_FACES, still=True)
    try:
        video.open()
        frame = video.read()
        if frame is None:
            raise SynthesisError(f"{path.name} holds no picture: choose another file.")
        faces = pipeline.process(frame).faces
    finally:
        pipeline.close()
        video.close()
    return frame.image, tuple(sorted(faces, key=lambda face: float(face.box[0] - face.box[2])))


def _without_obstacle(
    image: Image, faces: tuple[Face, ...], path: Path, say: Callable[[str], None]
) -> list[Face]:
    """Those of which something can be made. Raises SynthesisError where there is none."""
    if not faces:
        raise SynthesisError(f"{path.name}: {NO_FACE}")
    reasons = [obstacle(image, face) for face in faces]
    if all(reasons):
        which = (
            "nothing can be made of the face" if len(faces) == 1 else "of the largest face nothing is made"
        )
        raise SynthesisError(f"{path.name}: {which}, since {reasons[0]}.")
    for face, reason in zip(faces, reasons, strict=True):
        if reason:
            say(f"{path.name}: face {face.id} stays as it is, since {reason}.")
    return [face for face, reason in zip(faces, reasons, strict=True) if not reason]
