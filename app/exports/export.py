"""`mien export`: a session in the format that was named."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from app.exports import bids, elan, parquet, tables, xdf
from app.exports.tables import PLAIN, TableStyle
from app.sessions.reading import RecordedSession

Writer = Callable[[RecordedSession, Path], tuple[Path, ...]]

WRITERS: Mapping[str, Writer] = MappingProxyType(
    {
        "parquet": parquet.write,
        "bids": bids.write,
        "xdf": xdf.write,
        "elan": elan.write,
        "csv": tables.write,
    }
)


def export(
    session: RecordedSession, name: str, folder: Path | None = None, style: TableStyle = PLAIN
) -> tuple[Path, ...]:
    """Writes `session` as the format `name`, a key of WRITERS, into `folder`; gives the files.

    Without a folder they go beside the session. A file of the same name is replaced. `style` is that of CSV.
    Raises SessionError, MissingExtra and WriteError.
    """
    target = session.folder.absolute().parent if folder is None else folder
    return tables.write(session, target, style) if name == "csv" else WRITERS[name](session, target)
