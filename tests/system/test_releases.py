"""What a feed of releases says, asked on this computer alone."""

import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from app.system import paths, releases
from app.system.releases import Release, ReleasesError

ENTRY = '<entry><title>{title}</title><link href="{page}"/><content type="html">{news}</content></entry>'
PAGE = "https://forge.invalid/mien/releases/tag"


def feed(*entries):
    body = "".join(ENTRY.format(title=title, page=page, news=news) for title, page, news in entries)
    return f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">{body}</feed>'.encode()


@contextmanager
def served(answer, status=200, **headers):
    """The address of a feed on this computer, and the requests that came."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(dict(self.headers))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/releases.atom", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_highest_version_is_the_newest_whatever_the_order():
    told = feed(
        ("Patch", f"{PAGE}/v0.9.1", "old"),
        ("Mien 0.10.0", f"{PAGE}/0.10.0", "&lt;p&gt;Faster &amp;amp; &lt;b&gt;smaller&lt;/b&gt;.&lt;/p&gt;"),
        ("Mien 0.11.0rc1", f"{PAGE}/v0.11.0rc1", "a trial"),
        ("Mien 0.12.0-beta", f"{PAGE}/v0.12.0-beta", "a trial"),
        ("About us", f"{PAGE}/latest", "no version"),
    )
    with served(told) as (address, asked):
        assert releases.newest(address) == Release("0.10.0", f"{PAGE}/0.10.0", "Faster & smaller .")
    (request,) = asked
    assert request["User-Agent"] == "Mien" and "Cookie" not in request


def test_a_feed_without_a_release_has_no_newest():
    with served(feed()) as (address, _):
        assert releases.newest(address) is None


@pytest.mark.parametrize(
    ("version", "than", "newer"),
    [("0.10.0", "0.9.9", True), ("1.0", "1.0.0", False), ("0.1.0", "0.2", False), ("1.0.0.1", "1.0", True)],
)
def test_versions_are_compared_as_numbers(version, than, newer):
    assert releases.is_newer(version, than) is newer


def test_the_title_names_the_version_where_the_address_does_not_and_long_news_are_cut():
    (release,) = releases.read(feed(("Mien v2.1 is here", "https://a.invalid/42", "word " * 200)))
    assert release.version == "2.1"
    assert len(release.news) <= releases.LONGEST + 2 and release.news.endswith("word \N{HORIZONTAL ELLIPSIS}")


def test_a_page_is_never_a_program_or_a_file():
    for page in ("file:///etc/passwd", "javascript:alert(1)", "http://forge.invalid/v9.9.9"):
        (release,) = releases.read(feed(("Mien 9.9.9", page, "")))
        assert release.page == ""


@pytest.mark.parametrize("answer", [b"<html></html>", b"not even markup", b"x" * (releases.LARGEST + 1)])
def test_what_is_no_feed_is_said_in_one_sentence(answer):
    with served(answer) as (address, _), pytest.raises(ReleasesError, match="list of releases"):
        releases.newest(address)


@pytest.mark.parametrize(
    "address", ["http://forge.invalid/feed", "file:///etc/passwd", "ftp://a.invalid", "x"]
)
def test_only_https_is_asked(address):
    with pytest.raises(ReleasesError, match="https://"):
        releases.newest(address)


def test_a_redirection_leads_neither_to_a_file_nor_to_http():
    for target in ("file:///etc/passwd", "http://forge.invalid/feed"):
        with served(b"", 302, Location=target) as (address, _), pytest.raises(ReleasesError):
            releases.newest(address)


def test_a_server_that_is_away_is_said_in_one_sentence():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/"
    with pytest.raises(ReleasesError, match="try again later"):
        releases.newest(address)


def test_the_address_is_what_the_download_was_told_or_the_environment(monkeypatch, tmp_path):
    monkeypatch.delenv(releases.VARIABLE, raising=False)
    monkeypatch.setattr(paths, "feed", lambda: tmp_path / "feed.txt")
    assert releases.address() == ""
    (tmp_path / "feed.txt").write_text("https://forge.invalid/releases.atom\n")
    assert releases.address() == "https://forge.invalid/releases.atom"
    monkeypatch.setenv(releases.VARIABLE, "")
    assert releases.address() == ""
