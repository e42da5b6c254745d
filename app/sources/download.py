"""A file of a web server that can only be read whole: kept in a temporary file while it is measured.

An MP4 whose index lies at its end has to be sought in, for which the server must give parts of files.
"""

from __future__ import annotations

import shutil
import tempfile
from base64 import b64encode
from collections.abc import Callable
from http.client import HTTPException, HTTPMessage, HTTPResponse
from pathlib import Path
from typing import IO, cast
from urllib.parse import unquote, urlsplit, urlunsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from app.sources.address import Address, is_address
from app.sources.connect import READ_TIMEOUT
from app.sources.source import SourceError
from app.sources.whole import BOXES

LARGEST = 8_000_000_000  # bytes
SPARE = 500_000_000  # bytes that stay free on the disk of temporary files
BLOCK = 1 << 18  # bytes at most between two looks whether it is to be ended


class Download:
    """A temporary file with all that a server gives at an address."""

    def __init__(self, address: Address, bytes: int) -> None:
        """For so many bytes from `address`. Raises SourceError where there is no room for them."""
        size = f"{bytes / 1e6:,.0f} MB"
        folder = tempfile.TemporaryDirectory(prefix="mien-")
        if bytes > LARGEST or bytes > shutil.disk_usage(folder.name).free - SPARE:
            folder.cleanup()
            raise SourceError(
                f"{address} has its index at its end and {size}, too much to be kept for a while: "
                "download it, and name the copy."
            )
        self._folder = folder
        self.path = Path(folder.name) / "video"
        self.sentence = (
            f"{address} has its index at its end: all of it ({size}) is downloaded first, and deleted again."
        )

    def close(self) -> None:
        """Deletes it. Safe to call twice."""
        self._folder.cleanup()


def download(address: Address, say: Callable[[str], None], ended: Callable[[], bool]) -> Download | None:
    """All that is at `address`, where that is an MP4 or MOV of a known length; else None.

    `say` gets a sentence before it begins; None, too, where `ended` says so. Raises SourceError where there
    is no room for it, or not all of it came.
    """
    if address.streams:
        return None
    kept: Download | None = None
    try:
        with _opened(address) as answer:
            length, begin = answer.length, answer.read(16)
            if begin[4:8] not in BOXES or length is None:
                return None
            kept = Download(address, length)
            say(kept.sentence)
            with kept.path.open("wb") as file:
                file.write(begin)
                while (missing := length - file.tell()) > 0:
                    block = answer.read1(min(BLOCK, missing))  # what there is: a slow server fills no block
                    if ended():
                        kept.close()
                        return None
                    if not block:
                        break
                    file.write(block)
                whole = not missing
    except (OSError, HTTPException, ValueError):
        whole = False
    if kept is not None and not whole:
        kept.close()
        raise SourceError(f"{address} could not be downloaded whole: check the network, and try again.")
    return kept


class _WebOnly(HTTPRedirectHandler):
    """Follows a redirection to web servers alone."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        return super().redirect_request(req, fp, code, msg, headers, newurl) if is_address(newurl) else None


def _opened(address: Address) -> HTTPResponse:
    """The answer of the server. Raises OSError, HTTPException and ValueError."""
    parts = urlsplit(address.url)
    request = Request(urlunsplit((parts.scheme, address.host, parts.path or "/", parts.query, "")))
    if parts.username is not None:
        secret = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
        request.add_unredirected_header("Authorization", f"Basic {b64encode(secret).decode()}")
    return cast(HTTPResponse, build_opener(_WebOnly).open(request, timeout=READ_TIMEOUT))
