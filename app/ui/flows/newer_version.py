"""Looks for a newer version when the user asks for it, and never otherwise."""

from __future__ import annotations

from urllib.parse import urlsplit

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QAction, QDesktopServices

from app import __version__
from app.system import releases
from app.system.releases import Release
from app.ui.flows.notices import Notices
from app.ui.flows.worker import Tasks

NOBODY_KNOWS = (
    f"This is Mien {__version__}. It was not told where newer versions are published: ask where you got it."
)


class NewerVersion(QObject):
    """Asks the feed of releases on a thread of its own, and says in the notice bar what is new."""

    _found = Signal(object)  # Release, or None where none is published
    _failed = Signal(str)  # one sentence

    def __init__(self, notices: Notices) -> None:
        super().__init__()
        self._notices, self._tasks = notices, Tasks("newer-version")
        self._page = ""
        self.open_page = QAction("Open its page")
        self.open_page.triggered.connect(lambda: QDesktopServices.openUrl(QUrl(self._page)))
        self._found.connect(self._say)
        self._failed.connect(lambda text: notices.say(text, warning=True))

    def look(self) -> None:
        """Opens one connection to the feed, and says first to which computer."""
        feed = releases.address()
        if not feed:
            self._notices.say(NOBODY_KNOWS)
            return
        self._notices.say(f"Asking {urlsplit(feed).hostname or feed} which version is the newest.")
        self._tasks.submit(lambda: self._found.emit(releases.newest(feed)), self._failed.emit)

    def close(self) -> None:
        """Waits for no answer."""
        self._tasks.close(wait=False)

    def _say(self, newest: Release | None) -> None:
        if newest is None or not releases.is_newer(newest.version, __version__):
            self._notices.say(f"Mien {__version__} is the newest version.")
            return
        self._page = newest.page
        self.open_page.setToolTip(f"Open {newest.page} in the browser")
        buttons = (self.open_page,) if newest.page else ()
        self._notices.say(
            f"Mien {newest.version} is out; this is {__version__}. {newest.news}".rstrip(), *buttons
        )
