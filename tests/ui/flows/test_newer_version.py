"""The menu entry that looks for a newer version: nothing is asked before it is chosen."""

import sys

import pytest

from app import __version__
from app.system import paths, releases
from app.ui.flows import newer_version
from tests.system.test_releases import PAGE, feed, served

opened = []  # sockets that Python made while a test watched
watching = []
sys.addaudithook(lambda event, args: opened.append(event) if event == "socket.__new__" and watching else None)


@pytest.fixture(autouse=True)
def untold(monkeypatch, tmp_path):
    """A download that was told no address, in which every socket is counted."""
    monkeypatch.delenv(releases.VARIABLE, raising=False)
    monkeypatch.setattr(paths, "feed", lambda: tmp_path / "feed.txt")
    opened.clear()
    watching.append(True)
    yield
    watching.clear()


def test_without_an_address_it_says_so_and_opens_no_socket(window):
    window.user_actions.newer_version.trigger()
    assert window.notice_bar.text == newer_version.NOBODY_KNOWS and __version__ in newer_version.NOBODY_KNOWS
    assert opened == []


def test_a_window_that_knows_an_address_asks_nobody_by_itself(request, qtbot, monkeypatch):
    with served(feed(("Mien 99.0", f"{PAGE}/v99.0", "It flies."))) as (address, asked):
        monkeypatch.setenv(releases.VARIABLE, address)
        opened.clear()  # that of the server
        window = request.getfixturevalue("window")
        qtbot.wait(500)
        assert opened == [] and asked == [] and "newest" not in window.notice_bar.text


def test_it_asks_once_when_it_is_chosen_and_says_what_is_new(window, until, monkeypatch):
    with served(feed(("Mien 99.0", f"{PAGE}/v99.0", "It flies."))) as (address, asked):
        monkeypatch.setenv(releases.VARIABLE, address)
        opened.clear()  # that of the server
        window.user_actions.theme.trigger()
        assert opened == [] and asked == []
        window.user_actions.newer_version.trigger()
        until(lambda: "is out" in window.notice_bar.text)
    assert window.notice_bar.text == f"Mien 99.0 is out; this is {__version__}. It flies."
    assert len(asked) == 1 and opened


def test_its_page_opens_in_the_browser_and_only_when_it_is_asked_for(window, until, monkeypatch):
    shown = []
    monkeypatch.setattr(newer_version.QDesktopServices, "openUrl", lambda url: shown.append(url.toString()))
    with served(feed(("Mien 99.0", f"{PAGE}/v99.0", ""))) as (address, _):
        monkeypatch.setenv(releases.VARIABLE, address)
        window.newer_version.look()
        until(lambda: "is out" in window.notice_bar.text)
    assert shown == []
    window.newer_version.open_page.trigger()
    assert shown == [f"{PAGE}/v99.0"]


@pytest.mark.parametrize("entries", [(), (("Mien", f"{PAGE}/v{__version__}", "This one."),)])
def test_the_newest_version_is_said_to_be_it(window, until, monkeypatch, entries):
    with served(feed(*entries)) as (address, _):
        monkeypatch.setenv(releases.VARIABLE, address)
        window.newer_version.look()
        until(lambda: window.notice_bar.text == f"Mien {__version__} is the newest version.")


def test_a_failure_is_one_sentence(window, until, monkeypatch):
    with served(b"", 500) as (address, _):
        monkeypatch.setenv(releases.VARIABLE, address)
        window.newer_version.look()
        until(lambda: "does not say what is new" in window.notice_bar.text)
