"""Files that lie elsewhere (s3://, gs://, az://, sftp://, https://): fetched by fsspec, measured, removed.

fsspec is used where it is installed. Without it, http:// and https:// are read as they come, as in the
window.
"""

from __future__ import annotations

import errno
import importlib.util
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from app.runs.task import Stamp
from app.sessions.disk import in_words
from app.sessions.recorder import RecordError
from app.sources.address import Address, Place
from app.sources.source import SourceError
from app.system.interruption import Interruption

HTTP_LIBRARIES = ("fsspec", "aiohttp", "requests")  # with which fsspec reads http
SILENCE = 60.0  # s after which a server that says nothing is left
CHANGED = (
    "ETag",
    "etag",
    "LastModified",
    "last_modified",
    "mtime",
    "updated",
)  # of fsspec's kinds of storage


class EndlessError(Exception):
    """What the address gives has no length: it is a stream, and not fetched."""


def is_fetched(place: Place) -> bool:
    """Whether `place` is an address whose file is fetched before it is measured."""
    if not isinstance(place, Address) or place.streams:
        return False
    return place.stored or all(importlib.util.find_spec(name) for name in HTTP_LIBRARIES)


class Remote:
    """A file that lies elsewhere. Attribute: `stamp`, how it looks from outside."""

    def __init__(self, address: Address) -> None:
        """Asks for it. Raises SourceError, and EndlessError where it has no length."""
        self._address = address
        try:
            from fsspec.core import url_to_fs
        except ImportError as error:
            raise SourceError(
                f"{address} is fetched by fsspec, which is not installed: run {sys.executable} -m pip "
                "install fsspec, and what fsspec names for this kind of address."
            ) from error
        with _in_words(address):
            self._files, self._path = url_to_fs(address.url, **_options(address))
            info: Mapping[str, Any] = self._files.info(self._path)
        if info.get("type") == "directory":
            raise SourceError(f"{address} is a folder: name the videos in it, for instance in a list.")
        if info.get("size") is None:
            raise EndlessError
        changed = next((str(info[key]) for key in CHANGED if info.get(key)), "")
        self.stamp = Stamp(int(info["size"]), changed)

    @contextmanager
    def on_disk(self, interruption: Interruption) -> Iterator[Path]:
        """Fetches the file, gives its path, and removes it when the block ends.

        Raises SourceError, RecordError where it does not fit, and KeyboardInterrupt.
        """
        with TemporaryDirectory(prefix="mien-") as folder:
            path = Path(folder) / (PurePosixPath(self._address.name).name or "file")
            free = shutil.disk_usage(folder).free
            if free < self.stamp.bytes:
                raise _full(self._address, folder, free)
            try:
                with _in_words(self._address):
                    self._files.get_file(self._path, str(path), callback=_callback(interruption))
            except OSError as error:
                raise _full(self._address, folder, shutil.disk_usage(folder).free) from error
            yield path


@contextmanager
def _in_words(address: Address) -> Iterator[None]:
    """Says each error as a sentence without a password: an error's own text may hold the whole address."""
    try:
        yield
    except ImportError as error:  # fsspec names the library of the kind of storage
        raise SourceError(f"{address} cannot be fetched: {error}.") from None
    except FileNotFoundError:
        raise SourceError(f"{address} is not there: check the address.") from None
    except PermissionError:
        raise SourceError(f"{address} may not be read: check who you are there.") from None
    except Exception as error:  # each kind of storage has its own
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            raise
        why = type(error).__name__
        raise SourceError(
            f"{address} cannot be fetched ({why}): check the address and the network."
        ) from None


def _options(address: Address) -> dict[str, Any]:
    if not address.url.lower().startswith("http"):
        return {}
    from aiohttp import ClientTimeout

    return {"client_kwargs": {"timeout": ClientTimeout(total=None, sock_connect=10, sock_read=SILENCE)}}


def _callback(interruption: Interruption) -> Any:
    from fsspec.callbacks import Callback

    class Stop(Callback):  # type: ignore[misc]  # fsspec has no types
        def relative_update(self, inc: int = 1) -> None:
            if interruption.came:
                raise KeyboardInterrupt

    return Stop()


def _full(address: Address, folder: str, free: int) -> RecordError:
    return RecordError(
        f"{address} does not fit into {folder}, where {in_words(free)} are free: make room, or set TMPDIR."
    )
