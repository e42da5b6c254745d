"""Streams are switched on and off while it runs, and the last marker that came in is shown."""

from __future__ import annotations

import socket

from app.streams.streams import StreamOptions
from app.ui.flows.live import Live
from app.ui.window import Window
from tests.ui.seen import Until, finish


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def send(text: str, port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(text.encode(), ("127.0.0.1", port))


def test_markers_come_in_while_their_switch_is_on(recording: Window, live: Live, qtbot, until: Until) -> None:
    sheet, port = recording.streams_sheet, free_port()
    recording.user_actions.streams.trigger()
    assert sheet.isVisible() and not any(s.isChecked() for s in (sheet.lsl, sheet.osc, sheet.udp))
    until(lambda: "no marker received yet" in sheet.light.text())
    sheet.udp_port.setValue(port)
    sheet.udp.click()
    until(lambda: live.streams.options == StreamOptions(udp_port=port))
    send("bell", port)
    until(lambda: "last marker received: bell (udp" in sheet.light.text())
    sheet.udp.click()
    until(lambda: live.streams.options == StreamOptions())
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", port))  # it is free again
    assert [(e.text, e.origin) for e in finish(recording, until).events() if e.kind == "marker"] == [
        ("bell", "udp")
    ]


def test_a_stream_that_is_switched_on_gets_what_is_measured_from_then_on(
    playing: Window, live: Live, until: Until, monkeypatch
) -> None:
    got = []

    class Sender:
        name = "OSC"

        def __init__(self, *_: object) -> None:
            got.append("open")

        def __call__(self, result: object) -> None:
            got.append("result")

        def close(self) -> None:
            got.append("closed")

    monkeypatch.setattr("app.streams.streams.OscSender", Sender)
    playing.streams_sheet.osc.click()
    until(lambda: "result" in got)
    playing.streams_sheet.osc.click()
    until(lambda: "closed" in got)
    assert got[-1] == "closed"


def test_a_stream_that_cannot_be_opened_is_said_in_the_sheet(window: Window, until: Until) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        window.streams_sheet.udp_port.setValue(other.getsockname()[1])
        window.streams_sheet.udp.click()
        until(lambda: "cannot be received" in window.streams_sheet.problem.text())
