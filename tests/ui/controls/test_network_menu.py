"""Which network runs is said, chosen without a restart, and stays while something is recorded."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from app.playing import tuner
from app.stages.cards import read_card
from app.system import paths
from app.system.settings import Settings
from app.types import Workload
from app.ui.controls.network_menu import NetworkMenu, worded
from app.ui.flows.live import Live
from app.ui.window import Window
from tests.ui.doubles import FakePipeline, FakeSource


def test_it_says_which_networks_run_how_exactly_and_why(qtbot) -> None:
    networks = NetworkMenu()
    qtbot.addWidget(networks)
    eyes, affect = (read_card(paths.models() / f"{name}.toml") for name in ("eyes", "affect"))
    networks.show_running((eyes, affect), "auto")
    networks.show_why("Automatic: because.")
    assert networks.text() == "auto: int8" and networks.choice == "auto"
    tip = networks.toolTip()
    assert f"eye-centres: {eyes.file}, {eyes.precision}" in tip
    assert f"affect: {affect.file}, int8, {affect.figures}" in tip
    assert tip.endswith("Automatic: because.")
    networks.show_running((eyes, replace(affect, precision="float32")), "float32")
    assert networks.text() == "float32" and networks.choice == "float32"


def test_the_menu_shows_what_each_cards_figures_are() -> None:
    for choice, name in (("int8", "affect"), ("float32", "affect-float32")):
        measured = read_card(paths.models() / f"{name}.toml").measured
        median = measured["milliseconds_a_face_on_one_thread"]["median"]
        assert worded(choice) == f"{choice}: {median:.2f} ms a face, {measured['accuracy']:.1f} % right"


def choose(window: Window, choice: str) -> None:
    window.status_bar.networks.actions_by_choice[choice].trigger()


def test_another_network_runs_without_a_restart_and_is_remembered(
    window: Window, pipeline: FakePipeline, until
) -> None:
    window.player.play(FakeSource())
    until(lambda: window.player.is_measuring)
    choose(window, "float32")
    until(lambda: pipeline.workload == Workload("float32"))
    assert window.settings().precision == "float32"
    until(lambda: "Fixed: float32" in window.status_bar.networks.toolTip())
    choose(window, "auto")
    until(lambda: pipeline.workload == Workload())


def test_what_was_remembered_runs_from_the_first_picture_on(qtbot, pipeline: FakePipeline, until) -> None:
    window = Window(Settings(precision="float32"), Live(lambda: pipeline, 4))
    window.player.play(FakeSource())
    until(lambda: window.player.is_measuring)
    assert pipeline.workload == Workload("float32")
    window.close()


def test_while_something_is_recorded_the_network_stays(
    window: Window, pipeline: FakePipeline, until, sessions: Path
) -> None:
    window.player.play(FakeSource())
    until(lambda: window.player.is_measuring)
    window.user_actions.record.trigger()
    until(lambda: window.record_flow.is_recording)
    choose(window, "float32")
    until(lambda: "before switching networks" in window.notice_bar.text)
    until(lambda: window.status_bar.networks.choice == "auto")
    assert pipeline.workload == Workload()
    window.user_actions.record.trigger()
    until(lambda: not window.record_flow.is_recording)
    (session,) = sessions.rglob("session.json")
    assert json.loads(session.read_text())["settings"]["search"] == 5


@pytest.mark.parametrize("camera", [True, False])
def test_a_slow_pipeline_does_less_and_the_recording_says_so(
    window: Window, pipeline: FakePipeline, until, sessions: Path, camera: bool
) -> None:
    window.player.play(FakeSource(frames=None if camera else 10_000))
    until(lambda: window.player.is_measuring)
    window.user_actions.record.trigger()
    until(lambda: window.record_flow.is_recording)
    (events,) = sessions.rglob("events.csv")
    pipeline.times = replace(pipeline.times, total=100.0)
    begun = window.player.last.frame.time
    if camera:
        until(lambda: "new faces looked for every 15 frames" in events.read_text())
        assert Workload(search_every=15) in pipeline.workloads
    else:
        until(lambda: window.player.last.frame.time > begun + 2.5)
        assert pipeline.workload == Workload()
    window.user_actions.record.trigger()
    until(lambda: not window.record_flow.is_recording)
    assert ("tuned" in events.read_text()) == camera


def test_on_a_machine_that_is_too_slow_every_second_picture_is_painted(
    window: Window, pipeline: FakePipeline, until, monkeypatch
) -> None:
    monkeypatch.setattr(tuner, "LEVELS", (Workload(), Workload(paint_every=2)))
    shown = []
    window.panels.picture.painted.connect(lambda result: shown.append(result.frame.index))
    pipeline.times = replace(pipeline.times, total=100.0)
    window.player.play(FakeSource())
    until(lambda: pipeline.workload.paint_every == 2)
    del shown[:]
    until(lambda: len(shown) > 12)
    assert min(b - a for a, b in pairwise(shown[2:])) >= 2
