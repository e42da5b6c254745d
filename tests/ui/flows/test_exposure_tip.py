"""A tip while the picture is too dark or too bright."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QApplication

from app.types import Frame, Result
from app.ui.flows.exposure_tip import ExposureTip
from app.ui.look.theme import DARK
from app.ui.panels.notice_bar import NoticeBar


def test_the_light_is_spoken_of_only_while_the_notice_bar_is_free(qapp: QApplication) -> None:
    notice_bar = NoticeBar(DARK)
    tips = ExposureTip(notice_bar)

    def see(level: int, since: int) -> None:
        image = np.full((48, 64, 3), level, np.uint8)
        for tenth in range(40):
            moment = since + tenth / 10
            tips.see(Result(Frame(tenth, moment, image, moment)))

    see(5, 0)
    assert "add light from the front" in notice_bar.text
    see(120, 10)
    assert notice_bar.text == ""
    notice_bar.say("Something else.")
    see(255, 20)
    assert notice_bar.text == "Something else."
    notice_bar.hide()
    see(255, 30)
    assert "dim the light" in notice_bar.text
    notice_bar.hide()  # dismissed: not said again while it stays so
    see(255, 40)
    assert notice_bar.text == ""
