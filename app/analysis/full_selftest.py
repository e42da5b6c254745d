"""What an administrator asks after installing Mien: does every part work here, for this user?"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from types import MappingProxyType

import psutil

from app.analysis.analyze import analyze_one, read
from app.analysis.options import AnalysisOptions
from app.analysis.selftest import Check, SelfTestError
from app.exports.export import WRITERS, export
from app.exports.report.write import write
from app.playing.first_source import has_display
from app.sessions.disk import free, in_words
from app.sessions.reading import RecordedSession
from app.sessions.schema.files import INFO_FILE
from app.sources.capture import SYSTEM
from app.sources.selection import Selection
from app.system import paths, releases
from app.system.errors import UserError
from app.system.extras import EXTRAS, MissingExtra, need

SECONDS = 1.0  # of the sample clip that are analysed
TRIED = ("pyarrow", "pympi", "pylsl", "pythonosc")  # MediaPipe is in no download, and takes long to load


def full_selftest(models: Path, clip: Path) -> Iterator[Check]:
    """Goes through everything that no network and no person is needed for; gives what works.

    The sample `clip` becomes a session, a report, and a file of each format; every extra library is loaded;
    the user's folders are written to. What is not there and need not be is said in the check's note. No
    camera is opened, and no socket. Raises SelfTestError, or the UserError of the part that does not work.
    """
    with TemporaryDirectory(prefix="mien-") as folder:
        yield from _work(models, clip, Path(folder))
    for package in TRIED:
        yield _timed(package, partial(_extra, package))
    places = {
        "settings": paths.settings_file().parent,
        "log": paths.log_file().parent,
        "sessions": paths.sessions(),
    }
    for name, place in places.items():
        yield _timed(f"{name} folder", partial(_writable, place))
    yield _timed("cameras", _cameras)
    yield _timed(
        "display", lambda: "a window can be opened" if has_display() else "none, so there is no window"
    )
    yield _timed("licences", _licences)
    yield _timed("releases", lambda: releases.address() or "no address, so nothing newer can be looked for")
    yield _timed("sockets", _sockets)


def _work(models: Path, clip: Path, folder: Path) -> Iterator[Check]:
    options = AnalysisOptions(folder, models, selection=Selection(seconds=SECONDS))
    yield _timed("analysis", lambda: analyze_one(clip, options, options.pipelines(), frames=read)[0].name)
    session = RecordedSession(next(info.parent for info in folder.glob(f"*/{INFO_FILE}")))
    yield _timed("report", lambda: write([str(session.folder)], folder / "report.html").name)
    for name in WRITERS:
        yield _timed(f"export {name}", partial(_exported, session, name, folder / name))


def _timed(name: str, part: Callable[[], str]) -> Check:
    begun = perf_counter()
    note = part()
    return Check(name, (perf_counter() - begun) * 1e3, note)


def _exported(session: RecordedSession, name: str, folder: Path) -> str:
    folder.mkdir()
    try:
        files = export(session, name, folder)
    except MissingExtra as error:
        if paths.is_packaged():
            raise
        return str(error)
    if not files or any(file.stat().st_size == 0 for file in files):
        raise SelfTestError(f"The export to {name} wrote nothing: install Mien again.")
    return f"{len(files)} files" if len(files) > 1 else files[0].name


MODULES: Mapping[str, str] = MappingProxyType(
    {"pyarrow": "pyarrow.parquet", "pythonosc": "pythonosc.osc_message_builder"}
)


def _extra(package: str) -> str:
    try:
        need(MODULES.get(package, package), EXTRAS[package])
    except MissingExtra as error:
        if paths.is_packaged():
            raise
        return str(error)
    return "loads"


def _writable(place: Path) -> str:
    """Says whether the user may write into `place`, or into the folder in which it will be made."""
    there = next(folder for folder in (place, *place.parents) if folder.exists())
    try:
        with TemporaryDirectory(prefix="mien-", dir=there):
            pass
    except OSError as error:
        raise UserError(
            f"Mien cannot write into {there} ({error.strerror}): give this user the right."
        ) from error
    return f"{place}, {in_words(free(there))} free"


def _cameras() -> str:
    found = [device.name for device in SYSTEM.list()]
    return ", ".join(found) if found else "none"


def _licences() -> str:
    file = paths.licences()
    if file.exists():
        return f"{file.name}, {file.stat().st_size // 1000} kB"
    if paths.is_packaged():
        raise SelfTestError(f"{file} is missing: install Mien again.")
    return "with each library, since this Mien uses those of its Python"


def _sockets() -> str:
    opened = [c for c in psutil.Process().net_connections("inet") if c.laddr or c.raddr]
    if opened:
        raise SelfTestError(f"A socket is open that nobody asked for ({opened[0]}): please report it.")
    return f"none is open towards a network (Python {sys.version.split()[0]} on {sys.platform})"
