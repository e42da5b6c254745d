"""What the user has chosen is saved soon after it was chosen, so that a crash forgets nothing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from app.system import settings as kept
from app.system.settings import Settings

CLOCK = 1000  # ms between two looks


class Choices(QObject):
    """Looks regularly whether `now()` differs from what was saved last, and saves it then."""

    def __init__(self, saved: Settings, now: Callable[[], Settings], say: Callable[[str], None]) -> None:
        """`saved` are the settings as they were loaded; `say` gets a sentence, once, if the disk refuses."""
        super().__init__()
        self._saved, self._now, self._say = saved, now, say
        self._refused = False
        self._clock = QTimer(self)
        self._clock.timeout.connect(self.save)
        self._clock.start(CLOCK)

    def save(self) -> None:
        """Saves what has been chosen by now, where that is new."""
        chosen = self._now()
        if chosen == self._saved:
            return
        try:
            kept.save(chosen)
        except OSError as error:
            if not self._refused:
                self._refused = True
                self._say(
                    f"Your choices could not be saved ({error.strerror or error}): make room on the disk."
                )
        else:
            self._saved, self._refused = chosen, False

    def close(self) -> None:
        """Saves for the last time."""
        self._clock.stop()
        self.save()
