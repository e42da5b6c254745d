"""A tip in the notice bar while the camera's picture is much too dark or too bright."""

from __future__ import annotations

from app.sources.exposure import Exposure
from app.types import Result
from app.ui.panels.notice_bar import NoticeBar


class ExposureTip:
    """Says its tip once, when the notice bar is free, and takes it away when the light is good again."""

    def __init__(self, notice_bar: NoticeBar) -> None:
        self._notice_bar = notice_bar
        self.clear()

    def clear(self) -> None:
        """Another source plays from now on."""
        self._exposure, self._said = Exposure(), ""

    def see(self, result: Result) -> None:
        """Called with newest results, some times a second; says or takes away the tip."""
        statuses = [face.status for face in result.faces]
        tip = self._exposure.see(result.frame.image, result.frame.time, statuses)
        if tip == self._said:
            return
        if self._said and self._notice_bar.text == self._said:
            self._notice_bar.hide()
        if not tip:
            self._said = ""
        elif not self._notice_bar.text:  # another sentence comes first
            self._said = tip
            self._notice_bar.say(tip, warning=True)
