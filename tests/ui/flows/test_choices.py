"""What was chosen is on the disk a moment later."""

from __future__ import annotations

import errno
from dataclasses import replace

import pytest

from app.system import settings as kept
from app.system.settings import Settings
from app.ui.flows import choices as module
from app.ui.flows.choices import Choices


def test_each_new_choice_is_saved_by_itself_and_nothing_twice(
    qapp, until, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved: list[Settings] = []
    monkeypatch.setattr(module, "CLOCK", 1)
    monkeypatch.setattr(kept, "save", saved.append)
    chosen = [Settings()]
    choices = Choices(Settings(), lambda: chosen[-1], print)
    choices.save()
    assert not saved
    chosen.append(replace(chosen[-1], markers="bell"))
    until(lambda: bool(saved))
    choices.close()
    assert saved == [Settings(markers="bell")]


def test_a_disk_that_refuses_is_said_once_and_tried_again(qapp, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []

    def refuse(_: Settings) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    choices = Choices(Settings(), lambda: Settings(markers="bell"), said.append)
    with monkeypatch.context() as full:
        full.setattr(kept, "save", refuse)
        choices.save()
        choices.save()
    (sentence,) = said
    assert "No space left on device" in sentence
    saved: list[Settings] = []
    monkeypatch.setattr(kept, "save", saved.append)
    choices.close()
    assert len(saved) == 1
