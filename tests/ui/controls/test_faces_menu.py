"""How many faces are measured is said, chosen without a restart, and stays while something is recorded."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np

from app.system.settings import Settings
from app.types import MOST_FACES, Frame, Result
from app.ui.controls.faces_menu import FacesMenu
from app.ui.flows.live import Live
from app.ui.window import Window
from tests.ui.doubles import FakePipeline, FakeSource


class Crowd(FakePipeline):
    """Nine people are in sight, of whom as many are measured as is wanted."""

    def process(self, frame: Frame) -> Result:
        self.people = min(9, self.max_faces)
        beyond = (np.array([0, 0, 20, 20], np.float32),) * (9 - self.people)
        return replace(super().process(frame), unmeasured=beyond)


def test_it_says_how_many_are_measured_and_how_many_are_in_sight(qtbot) -> None:
    faces = FacesMenu()
    qtbot.addWidget(faces)
    assert faces.text() == "up to 4 faces" and faces.choice == 4
    faces.show_seen(4, 9)
    assert faces.text() == "4 of 9 faces"
    assert "9 faces are in sight, and 4 of them are measured" in faces.toolTip()
    width = faces.minimumWidth()
    faces.show_seen(16, 99)
    assert faces.sizeHint().width() <= width + 8 and faces.minimumWidth() == width  # nothing jumps
    faces.show_seen(4, 4)
    assert faces.text() == "up to 4 faces" and "in sight" not in faces.toolTip()
    faces.show_seen(9, 9)  # a replay: as many as were measured then
    assert faces.text() == "9 faces"
    faces.show_choice(1)
    assert faces.text() == "one face"
    assert list(faces.actions_by_choice) == list(range(1, MOST_FACES + 1))


def test_another_number_is_measured_without_a_restart_and_remembered(qtbot, until) -> None:
    made = []

    def load() -> Crowd:
        made.append(Crowd())
        return made[-1]

    window = Window(Settings(max_faces=2), Live(load, 2))
    faces = window.status_bar.faces
    window.player.play(FakeSource())
    until(lambda: faces.text() == "2 of 9 faces")
    faces.actions_by_choice[9].trigger()
    until(lambda: faces.text() == "up to 9 faces" and len(window.player.last.faces) == 9)
    assert window.settings().max_faces == 9
    window.player.play(FakeSource())  # another source, another pipeline
    until(lambda: len(made) == 2 and window.player.is_measuring)
    until(lambda: len(window.player.last.faces) == 9)
    window.close()


def test_while_something_is_recorded_the_number_stays(qtbot, until, sessions: Path) -> None:
    window = Window(Settings(max_faces=2, sessions=str(sessions)), Live(Crowd, 2))
    window.player.play(FakeSource())
    until(lambda: window.player.is_measuring)
    window.user_actions.record.trigger()
    until(lambda: window.record_flow.is_recording)
    window.status_bar.faces.actions_by_choice[9].trigger()
    until(lambda: "before choosing how many faces" in window.notice_bar.text)
    until(lambda: window.status_bar.faces.choice == 2)
    assert len(window.player.last.faces) == 2
    until(lambda: window.record_flow.active.frames > 0)
    window.user_actions.record.trigger()
    until(lambda: not window.record_flow.is_recording)
    (session,) = sessions.rglob("session.json")
    assert json.loads(session.read_text())["settings"]["max_faces"] == 2
    assert "unmeasured_faces,2 of 9" in (session.parent / "events.csv").read_text()
    window.close()


def test_nobody_is_counted_once_nothing_plays(qtbot, until) -> None:
    window = Window(Settings(), Live(Crowd, 4))
    window.player.play(FakeSource())
    until(lambda: window.status_bar.faces.text() == "4 of 9 faces")
    window.user_actions.stop.trigger()
    until(lambda: window.status_bar.faces.text() == "up to 4 faces")
    window.close()


def test_the_last_picture_of_a_file_keeps_its_count(qtbot, until) -> None:
    window = Window(Settings(), Live(Crowd, 4))
    window.player.play(FakeSource(frames=1))
    until(lambda: "has ended" in window.notice_bar.text)
    qtbot.wait(600)  # the texts are said anew
    assert window.status_bar.faces.text() == "4 of 9 faces"
    window.close()
