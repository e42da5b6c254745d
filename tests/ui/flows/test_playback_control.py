"""Starting and stopping never keeps the window waiting, and what fails is one sentence."""

from __future__ import annotations

import threading

import pytest

from app.streams.osc import OscSender
from app.streams.streams import Address, StreamOptions
from app.system.errors import UserError
from app.system.settings import Settings
from app.types import Frame, Result
from app.ui.controls import actions
from app.ui.flows.live import Live
from app.ui.window import Window
from tests.fakes import LONG
from tests.ui.doubles import FakePipeline, FakeSource
from tests.ui.seen import Until, beats, shows_faces


def test_a_broken_model_is_one_sentence(qtbot, until: Until) -> None:
    def load() -> FakePipeline:
        raise UserError("The model card affect.toml is damaged; install Mien again.")

    window = Window(Settings(), Live(load, 4))
    qtbot.addWidget(window)
    window.show()
    window.player.play(FakeSource())
    until(lambda: "affect.toml" in window.notice_bar.text)
    assert window.user_actions.start.text() == actions.START
    window.close()


@pytest.mark.parametrize("slow", ["load", "open", "process"])
def test_the_window_lives_while_something_is_slow(qtbot, until: Until, slow: str) -> None:
    entered, go, waited = threading.Event(), threading.Event(), []

    def hang(part: str) -> None:
        if part == slow:
            entered.set()
            waited.append(go.wait(LONG))

    class Source(FakeSource):
        def open(self) -> None:
            hang("open")
            super().open()

    class Pipeline(FakePipeline):
        def process(self, frame: Frame) -> Result:
            hang("process")
            return super().process(frame)

    def load() -> FakePipeline:
        hang("load")
        return Pipeline()

    window = Window(Settings(), Live(load, 4))
    qtbot.addWidget(window)
    window.show()
    window.player.play(Source())
    until(entered.is_set)
    until(beats(20))
    window.user_actions.stop.trigger()
    until(beats(20))
    assert not waited  # it still hangs
    go.set()
    window.close()
    until(lambda: bool(waited) and all(waited))


def test_the_last_source_asked_for_is_the_one_that_plays(window: Window, until: Until) -> None:
    first, second = FakeSource(), FakeSource()
    window.player.play(first)
    window.player.play(second)
    until(lambda: shows_faces(window))
    assert window.player.source is second
    until(lambda: first.closed == 1)


def test_a_stream_that_stops_is_told_of(
    qapp, settings: Settings, pipeline: FakePipeline, until: Until, monkeypatch
) -> None:
    def broken(self: OscSender, result: Result) -> None:
        raise RuntimeError("the library is broken")

    monkeypatch.setattr(OscSender, "__call__", broken)
    window = Window(settings, Live(lambda: pipeline, 4, StreamOptions(osc=Address(9))))
    window.show()
    window.player.play(FakeSource())
    said = "Nothing is sent over OSC (RuntimeError: the library is broken) any more: stop, then start again."
    until(lambda: window.notice_bar.text == said)
    until(lambda: shows_faces(window))
    window.close()
    window.deleteLater()
