"""What the notice bar says, and what waits until a recording is finished."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QAction

from app.ui.panels.notice_bar import NoticeBar


@dataclass(frozen=True, slots=True)
class PendingNotice:
    """What waits to be said until a recording is finished."""

    text: str = ""
    buttons: tuple[QAction, ...] = ()
    warning: bool = False


class Notices:
    """Says sentences in the notice bar. While it is held, those that can wait do so."""

    def __init__(self, bar: NoticeBar) -> None:
        self.bar = bar
        self._pending: PendingNotice | None = None  # None: nothing is held back
        self._kept: PendingNotice | None = None  # a warning, or where a recording lies: not to be lost
        self._harm = ""  # what was said last of something that goes on

    def say(self, text: str, *buttons: QAction, warning: bool = False) -> None:
        """Says `text` at once, in place of what is there."""
        self._kept = PendingNotice(text, buttons, warning) if warning else None
        self.bar.say(text, *buttons, warning=warning)

    def say_after_recording(self, text: str, *buttons: QAction, warning: bool = False) -> None:
        """Says `text` at once, or while it is held, with `release`."""
        if self._pending is None:
            kept = self._kept
            if kept is None or self.bar.text != kept.text or text in kept.text:
                self.say(text, *buttons, warning=warning)
            else:
                self.bar.say(f"{kept.text} {text}", *kept.buttons, *buttons, warning=kept.warning or warning)
        elif text not in self._pending.text:
            first = self._pending
            self._pending = PendingNotice(
                f"{first.text} {text}".strip(), (*first.buttons, *buttons), first.warning or warning
            )

    def hold(self) -> None:
        """A recording begins: from now on `say_after_recording` waits."""
        self._pending = PendingNotice()

    def release(self, text: str, *buttons: QAction) -> None:
        """The recording is finished: says what waited, then `text`."""
        pending, self._pending = self._pending or PendingNotice(), None
        said = PendingNotice(f"{pending.text} {text}".strip(), (*buttons, *pending.buttons), pending.warning)
        self._kept = said
        self.bar.say(said.text, *said.buttons, warning=said.warning)

    def warn(self, text: str, *buttons: QAction) -> None:
        """Called regularly with what harms something that goes on, "" for nothing; each is said once."""
        if text != self._harm:
            self._harm = text
            if text:
                self.bar.say(text, *buttons, warning=True)

    def clear(self, text: str | None = None) -> None:
        """Puts away what is said; with `text`, only that."""
        if text is None or self.bar.text == text:
            self.bar.put_away()
