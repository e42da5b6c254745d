"""The address of a video in a network: what is asked for, and what may be said of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from urllib.parse import SplitResult, urlsplit

STORED = re.compile(r"(?:s3|gs|gcs|az|abfs|sftp)://", re.IGNORECASE)  # files that are fetched, not streamed
SCHEME = re.compile(rf"(?:rtsp|http)s?://|{STORED.pattern}", re.IGNORECASE)  # all others are names of files


@dataclass(frozen=True, slots=True)
class Address:
    """An address such as rtsp://camera/stream. As text it has no user, password, query or fragment."""

    url: str = field(repr=False)  # as the user gave it

    def __post_init__(self) -> None:
        """Raises ValueError where it names no computer, or holds a blank."""
        parts = self._parts
        allowed = " " if self.stored else ""  # in the name of a file
        blank = any(not letter.isprintable() or letter.isspace() for letter in self.url if letter != allowed)
        if not SCHEME.match(self.url) or not parts.hostname or blank or parts.port == 0:
            raise ValueError("it is no address of a video")

    def __str__(self) -> str:
        """What may be printed and written down."""
        return f"{self._parts.scheme}://{self.host}{self._parts.path}"

    @property
    def host(self) -> str:
        """The computer that is asked, and its port where one is named."""
        return self._parts.netloc.rpartition("@")[2]

    @property
    def name(self) -> str:
        """The last part of its path, else the computer."""
        return PurePosixPath(self._parts.path).name or self.host

    @property
    def streams(self) -> bool:
        """Whether it is live for sure, since its protocol is for that."""
        return self._parts.scheme.startswith("rtsp")

    @property
    def stored(self) -> bool:
        """Whether it names a file in a storage, which is fetched and not played."""
        return STORED.match(self.url) is not None

    @property
    def sentence(self) -> str:
        """That a connection is opened, and to where."""
        return f"Mien connects to {self.host}, since {self} is asked for."

    @property
    def _parts(self) -> SplitResult:
        return urlsplit(self.url)


Place = Path | Address  # of a video or a picture


def is_address(text: str) -> bool:
    """Whether `text` is meant as an address and not as the name of a file."""
    return SCHEME.match(text) is not None


def place(text: str) -> Place:
    """The file or the address that `text` names. Raises ValueError."""
    return Address(text) if is_address(text) else Path(text)
