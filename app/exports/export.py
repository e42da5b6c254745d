"""A session in the formats of other programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from app.exports import bids, elan, parquet, xdf
from app.sessions.reading import RecordedSession

Writer = Callable[[RecordedSession, Path], tuple[Path, ...]]

WRITERS: Mapping[str, Writer] = MappingProxyType(
    {"parquet": parquet.write, "bids": bids.write, "xdf": xdf.write, "elan": elan.write}
)


def export(recording: RecordedSession, name: str, folder: Path | None = None) -> tuple[Path, ...]:
    """Writes the session as the format `name` into `folder` (default: beside the session); gives the files.

    A file of the same name is replaced. Raises SessionError, MissingExtra, and WriteError.
    """
    return WRITERS[name](recording, recording.folder.absolute().parent if folder is None else folder)
