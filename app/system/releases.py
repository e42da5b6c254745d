"""What is newer than this Mien: asked of the feed of releases, over one connection, when somebody asks.

The address of the feed is no part of the source. Who builds a download gives it: `MIEN_FEED=... make package`
writes it into the file `paths.feed()`. The environment variable MIEN_FEED names another when Mien starts.
"""

from __future__ import annotations

import os
import re
import urllib.error
import urllib.request
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from html import unescape
from http.client import HTTPException
from typing import IO
from urllib.parse import urljoin, urlsplit

from app.system import paths
from app.system.errors import UserError
from app.system.network import LOOPBACK

VARIABLE = "MIEN_FEED"
ANSWERS = 10.0  # s that the other side may stay silent
LARGEST = 1_000_000  # bytes of a feed
LONGEST = 400  # characters of what is said of a release
ATOM = "{http://www.w3.org/2005/Atom}"
VERSION = re.compile(r"\bv?(\d+(?:\.\d+){1,3})(?![.+-]?\w)")  # 0.2.0, and not 0.2.0rc1 or 0.2.0-beta
# Where systems keep the certificates that they trust, for a Python that was built for another system.
CERTIFICATES = (
    "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)  # fmt: skip


class ReleasesError(UserError):
    """Nothing can be said of newer versions; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Release:
    """One version that was published."""

    version: str  # such as 0.2.0
    page: str  # its address, https://..., or "" where the feed names none
    news: str  # what is new, as plain text of at most LONGEST characters


def address() -> str:
    """The feed of releases of this Mien; "" where nobody has said it."""
    if VARIABLE in os.environ:
        return os.environ[VARIABLE].strip()
    try:
        return paths.feed().read_text("utf-8").strip()
    except FileNotFoundError:
        return ""


def newest(feed: str) -> Release | None:
    """The highest version that the Atom feed at the address `feed` lists; None where it lists none.

    Opens one connection, which says of this computer no more than its address. Raises ReleasesError.
    """
    releases = read(_fetch(feed), feed)
    return max(releases, key=lambda release: number(release.version), default=None)


def is_newer(version: str, than: str) -> bool:
    """Whether one version, such as 0.10.0, is higher than another, such as 0.9."""
    return number(version) > number(than)


def number(version: str) -> tuple[int, ...]:
    """A version as a tuple of four numbers."""
    parts = [int(part) for part in version.split(".")]
    return (*parts, *[0] * (4 - len(parts)))


def read(feed: bytes, at: str = "") -> list[Release]:
    """The releases of an Atom feed, in its order; entries that name no version, or a trial one, are left out.

    `at` is where the feed comes from. Raises ReleasesError where it is no Atom feed.
    """
    try:
        root = ET.fromstring(feed)
    except ET.ParseError as error:
        raise ReleasesError(
            f"The list of releases cannot be read ({error}): look at {at} yourself."
        ) from error
    if root.tag != f"{ATOM}feed":
        raise ReleasesError(f"There is no list of releases at {at}.")
    return [release for entry in root.iter(f"{ATOM}entry") if (release := _release(entry, at)) is not None]


def _release(entry: ET.Element, at: str) -> Release | None:
    link = entry.find(f"{ATOM}link")
    page = urljoin(at, link.get("href", "")) if link is not None else ""
    title = entry.findtext(f"{ATOM}title", "")
    # The tag is the last part of the page's address; where it is no version, the title may name one.
    found = VERSION.fullmatch(page.rsplit("/", 1)[-1]) or VERSION.search(title)
    if found is None:
        return None
    news = entry.findtext(f"{ATOM}content", "") or entry.findtext(f"{ATOM}summary", "")
    return Release(found[1], page if _may_ask(page) else "", _plain(news))


def _plain(markup: str) -> str:
    """HTML as one paragraph of plain text, cut at a word."""
    text = " ".join(unescape(re.sub(r"<[^>]*>", " ", markup)).split())
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST].rpartition(' ')[0]} \N{HORIZONTAL ELLIPSIS}"


def _may_ask(url: str) -> bool:
    """Nobody on the way can change what https says; http is for this computer alone."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname == LOOPBACK)


class _Redirected(urllib.request.HTTPRedirectHandler):
    """Goes on only to addresses that could have been asked in the first place."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: object, newurl: str
    ) -> urllib.request.Request | None:
        """The request to `newurl`. Raises ReleasesError where that is neither https nor this computer."""
        if not _may_ask(newurl):
            raise ReleasesError(f"The list of releases has moved to {newurl}, which Mien does not trust.")
        return urllib.request.Request(newurl, headers=dict(req.header_items()))


def _fetch(feed: str) -> bytes:
    if not _may_ask(feed):
        raise ReleasesError(
            f"The address of the list of releases has to begin with https://, not as {feed} does."
        )
    handlers: list[urllib.request.BaseHandler] = [_Redirected()]
    if feed.startswith("https:"):
        handlers.append(_secure(feed))
    request = urllib.request.Request(feed, headers={"User-Agent": "Mien", "Accept": "application/atom+xml"})
    try:
        with urllib.request.build_opener(*handlers).open(request, timeout=ANSWERS) as answer:
            told: bytes = answer.read(LARGEST + 1)
    except (OSError, HTTPException) as error:  # URLError and a silent server, too
        why = getattr(error, "reason", None) or error
        raise ReleasesError(
            f"{urlsplit(feed).hostname} does not say what is new ({why}): try again later."
        ) from error
    if len(told) > LARGEST:
        raise ReleasesError(f"The list of releases at {feed} is too long to be one.")
    return told


def _secure(feed: str) -> urllib.request.HTTPSHandler:
    try:
        import ssl
    except ImportError as error:  # the packaged program uses the system's own OpenSSL
        raise ReleasesError(
            f"This system has no OpenSSL 3, so Mien cannot ask: look at {feed} yourself."
        ) from error
    context = ssl.create_default_context()
    for file in CERTIFICATES:
        if not context.cert_store_stats()["x509_ca"] and os.path.exists(file):  # noqa: PTH110
            context.load_verify_locations(file)
    return urllib.request.HTTPSHandler(context=context)
