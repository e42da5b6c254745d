"""The pictures of a folder as the frames of one clip, in the order in which people number files."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

from app.sources.decoder import Decoded
from app.sources.fit import Fit, size_change
from app.sources.kinds import HEAD, PICTURES, kind_of
from app.sources.pictures import StillPicture
from app.sources.source import Mode, SourceError
from app.types import Image

NUMBER = re.compile("([0-9]+)")


class PictureFolder:
    """The pictures of a folder as a `Decoder`: picture i, from 0, is shown at i / rate.

    Those of other sizes are brought to the size of the first one, as in a video.
    """

    def __init__(self, folder: Path, rate: float) -> None:
        """Of `folder`, whose pictures were taken `rate` a second. Raises SourceError and OSError."""
        self._paths, self._rate = pictures_of(folder), rate
        self.frames: int | None = len(self._paths)
        self._next = 0  # of `_paths`
        self._first: tuple[int, int] | None = None  # width, height
        self._before: tuple[int, int] | None = None
        first = self.read()
        if first is None:
            raise SourceError(f"{folder} holds no picture that can be read: name a folder of pictures.")
        height, width = first.image.shape[:2]
        self.mode = Mode(width, height, rate, "")
        self._next, self._before = 0, None

    @property
    def note(self) -> str:
        """One sentence where numbers are missing in the names; "" where none is."""
        return missing_numbers([path.name for path in self._paths])

    def read(self) -> Decoded | None:
        """The next picture; None at the end. What is no picture, or a damaged one, is left out."""
        damaged = False
        while self._next < len(self._paths):
            number, self._next = self._next, self._next + 1
            image = _picture(self._paths[number])
            if image is not None:
                fitted, said = self._fitted(image)
                return Decoded(fitted, number / self._rate, damaged, said)
            damaged = True
        return None

    def seek(self, at: float) -> bool:
        """Goes to the picture that is shown at `at` s."""
        self._next = max(0, min(len(self._paths), int(at * self._rate + 1e-6)))
        return True

    def close(self) -> None:
        """Nothing is open between two pictures."""

    def _fitted(self, image: Image) -> tuple[Image, str]:
        size = image.shape[1], image.shape[0]
        self._first = self._first or size
        before, self._before = self._before or self._first, size
        fit = Fit.of(size, self._first)
        fitted = image if fit is None else fit.image(image)
        return fitted, "" if before == size else size_change(before, size, fit)


def pictures_of(folder: Path) -> list[Path]:
    """The pictures in `folder` in their order: 2.png before 10.png. Raises OSError.

    Names tell which files are meant; hidden ones, folders, pipes and the like are left out.
    """
    found = [
        path for path in folder.iterdir()
        if path.suffix.lower() in PICTURES and not path.name.startswith(".") and path.is_file()
    ]  # fmt: skip
    return sorted(found, key=lambda path: (_natural(path.name), path.name))


def missing_numbers(names: list[str]) -> str:
    """One sentence where numbers are missing in `names`, which are in order; "" where none is.

    It is about names that are the same but for their last number.
    """
    seen = [_numbered(name) for name in names]
    gaps = [
        (before[1] + 1, after[1] - 1)
        for before, after in pairwise(seen)
        if before and after and before[0] == after[0] and after[1] > before[1] + 1
    ]
    if not gaps:
        return ""
    (first, last), count = gaps[0], sum(last - first + 1 for first, last in gaps)
    which = f"{first}" if first == last else f"{first} to {last}"
    more = f" and {count - (last - first + 1)} others" if len(gaps) > 1 else ""
    verb = "is" if count == 1 else "are"
    return f"number {which}{more} {verb} missing in the names; the pictures follow one another all the same"


def _numbered(name: str) -> tuple[str, int] | None:
    """What is around the last number of `name`, and that number."""
    parts = NUMBER.split(name.rpartition(".")[0])
    if len(parts) < 3 or len(parts[-2]) > 18:
        return None
    return "\0".join((*parts[:-2], parts[-1])), int(parts[-2])


def _natural(name: str) -> list[tuple[int, int, str]]:
    """A key by which numbers in names are compared as numbers."""
    # By length without zeros, then by digits: no number is too long for that.
    return [
        (1, len(digits := part.lstrip("0")), digits) if at % 2 else (0, 0, part.casefold())
        for at, part in enumerate(NUMBER.split(name))
    ]


def _picture(path: Path) -> Image | None:
    try:
        with path.open("rb") as file:
            kind = kind_of(file.read(HEAD))
        if kind is None or not kind.decoded:
            return None
        picture = StillPicture(path, kind).read()
        return picture.image if picture is not None else None
    except (OSError, SourceError):
        return None
