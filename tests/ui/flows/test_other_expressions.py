"""F4 shows the frozen face as each expression, made up; Shift+W lets live faces wear one on the stage."""

from __future__ import annotations

import ast
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt

from app.stages.affect import AffectReader
from app.stages.made_up import worn
from app.stages.models import load
from app.stages.synthesis import Synthesizer
from app.system import paths
from app.types import EXPRESSIONS, Pose, Result
from app.ui.controls.view import View
from app.ui.flows.worn_expression import ORDER
from app.ui.panels.frozen import FrozenPanel
from app.ui.window import Window
from tests.tiny_synthesis import STEP, write_synthesis
from tests.ui.doubles import FakePipeline, FakeSource, face, frame
from tests.ui.seen import Until, finish, records, shows_faces

F2, F3, F4, ESC = Qt.Key.Key_F2, Qt.Key.Key_F3, Qt.Key.Key_F4, Qt.Key.Key_Escape
WEAR = (Qt.Key.Key_W, Qt.KeyboardModifier.ShiftModifier)
DARK = 40  # grey level of a made-up frame


@pytest.fixture(autouse=True)
def networks(pipeline: FakePipeline, models: Path, monkeypatch) -> Path:
    """Tiny ones, the installed ones."""
    write_synthesis(models)
    monkeypatch.setattr(paths, "models", lambda: models)
    pipeline.affect = AffectReader(load(models / "affect.toml"))
    return models


def frozen(window: Window) -> FrozenPanel:
    return window.panels.frozen[0]


def greys(window: Window) -> list[int]:
    """Of the middle of each tile; -1 where it is empty."""
    pictures = [tile.picture for tile in frozen(window).others.tiles]
    return [-1 if p is None else int(p[len(p) // 2, len(p) // 2, 0]) for p in pictures]


def shown(window: Window) -> bool:
    return frozen(window).others.isVisible() and -1 not in greys(window)


def test_f4_freezes_and_shows_the_face_as_each_expression(playing: Window, qtbot, until: Until) -> None:
    result = playing.panels.picture.result
    qtbot.keyClick(playing, F4)
    until(lambda: shown(playing))
    assert frozen(playing).frozen.result is result
    assert playing.user_actions.why.isChecked() and not frozen(playing).sides[0].isVisible()
    light = [STEP * place for place in range(len(EXPRESSIONS))]
    assert greys(playing) == pytest.approx([DARK + more for more in light], abs=1)
    assert "made up" in frozen(playing).others.caption.text()
    assert "never recorded or sent" in frozen(playing).others.meaning.text()
    assert [tile.accessibleName() for tile in frozen(playing).others.tiles][1] == "Made up: happy"
    assert "F4" in frozen(playing).notice.text()
    qtbot.keyClick(playing, F4)
    assert frozen(playing).isVisible() and frozen(playing).sides[0].isVisible()  # why again
    qtbot.keyClick(playing, F2)
    assert playing.panels.picture.isVisible()


def test_strength_goes_from_the_face_as_it_is_to_the_whole(playing: Window, qtbot, until: Until) -> None:
    qtbot.keyClick(playing, F4)
    until(lambda: shown(playing))
    slider = frozen(playing).others.slider
    slider.setValue(slider.maximum() // 2)
    half = [DARK + STEP * place / 2 for place in range(8)]
    until(lambda: greys(playing) == pytest.approx(half, abs=1.1))
    slider.setValue(0)
    until(lambda: greys(playing) == [DARK] * 8)
    assert playing.panels.stage.frozen.others.strength == 0  # both views agree


def test_orange_shows_what_would_have_to_change(playing: Window, qtbot, until: Until) -> None:
    qtbot.keyClick(playing, F4)
    until(lambda: shown(playing))
    frozen(playing).others.masks.click()
    tile = frozen(playing).others.tiles[0].picture
    blue, green, red = tile[len(tile) // 2, len(tile) // 2].astype(int)
    assert red > green > blue


def test_the_mirror_turns_faces_and_not_their_words(playing: Window, qtbot, until: Until) -> None:
    playing.user_actions.view[View.MIRROR].setChecked(True)
    qtbot.keyClick(playing, F4)
    until(lambda: shown(playing))
    assert all(tile.mirrored for tile in frozen(playing).others.tiles)
    mirrored = frozen(playing).others.tiles[0].picture
    playing.user_actions.view[View.MIRROR].setChecked(False)
    assert not frozen(playing).others.tiles[0].mirrored
    assert np.abs(mirrored.astype(int) - frozen(playing).others.tiles[0].picture).mean() < 3


def test_another_person_f3_and_esc(playing: Window, qtbot, until: Until) -> None:
    qtbot.keyClick(playing, F4)
    until(lambda: shown(playing) and "Person 1" in frozen(playing).others.caption.text())
    qtbot.keyClick(playing, "N")
    until(lambda: "Person 2" in frozen(playing).others.caption.text())
    qtbot.keyClick(playing, F3)
    assert not frozen(playing).others.isVisible() and frozen(playing).sides[1].isVisible()
    qtbot.keyClick(playing, F4)
    assert not frozen(playing).sides[1].isVisible() and not playing.user_actions.runner_up.isChecked()
    qtbot.keyClick(playing, ESC)
    assert playing.panels.picture.isVisible() and not playing.user_actions.other_expressions.isChecked()


def test_a_face_of_which_nothing_can_be_made_is_a_sentence(window: Window, qtbot, until: Until) -> None:
    window.player.play(FakeSource())
    until(lambda: shows_faces(window))
    window.player.stop_clocks()
    turned = replace(face(), pose=Pose(30, 0, 0))
    window.panels.show_result(Result(frame(), (turned,)))
    qtbot.keyClick(window, F4)
    until(lambda: "turned by more than 25 degrees" in frozen(window).others.caption.text())
    assert greys(window) == [-1] * 8


def test_without_a_picture_or_a_face_it_says_so(window: Window, pipeline: FakePipeline, qtbot, until) -> None:
    qtbot.keyClick(window, F4)
    assert window.notice_bar.text.startswith("There is no picture to explain")
    pipeline.people = 0
    window.player.play(FakeSource())
    until(lambda: window.panels.picture.result is not None)
    qtbot.keyClick(window, F4)
    assert window.notice_bar.text.startswith("There is no face to explain")
    assert not window.user_actions.other_expressions.isChecked()


@pytest.mark.parametrize("key", [(F4,), WEAR])
def test_without_the_network_both_say_so_and_all_else_works(
    playing: Window, networks, qtbot, until, key
) -> None:
    (networks / "synthesis.toml").unlink()
    qtbot.keyClick(playing, *key)
    assert "No network that makes faces is installed" in playing.notice_bar.text
    assert not playing.user_actions.why.isChecked() and not playing.user_actions.stage.isChecked()
    qtbot.keyClick(playing, F2)
    until(lambda: "why" in frozen(playing).sides[0].caption.text())


def test_a_damaged_network_is_a_sentence(playing: Window, networks, qtbot, until: Until) -> None:
    (networks / "synthesis.onnx").write_bytes(b"no network")
    qtbot.keyClick(playing, F4)
    until(lambda: "synthesis.toml cannot be used" in playing.notice_bar.text)
    assert not playing.user_actions.other_expressions.isChecked()


def test_live_faces_wear_one_expression_after_the_other_on_the_stage(
    playing: Window, pipeline: FakePipeline, qtbot, until: Until
) -> None:
    stage = playing.panels.stage
    for expression in ORDER:
        qtbot.keyClick(playing, *WEAR)
        assert playing.user_actions.stage.isChecked() and stage.worn.isVisible()
        assert f"You wear {expression}: made up" in stage.caption.text()
        until(lambda: stage.worn.result is not None and (stage.worn.result.frame.image > 200).any())  # words
    qtbot.keyClick(playing, *WEAR)
    assert stage.plane.isVisible() and not stage.worn.isVisible()


def test_before_a_camera_they_are_a_mirror_with_words_that_can_be_read(
    playing: Window, qtbot, until: Until
) -> None:
    stage = playing.panels.stage
    stage.invites = True  # as of a camera
    qtbot.keyClick(playing, *WEAR)
    panel, synthesizer = stage.worn, Synthesizer.load(paths.models())

    def asked() -> bool:
        wanted = worn(synthesizer, stage.picture.result, ORDER[0], mirrored=True)
        return panel.result is not None and np.array_equal(panel.result.frame.image, wanted)

    until(asked)
    there = frame()
    there.image[:, :100] = 160  # what is at the left of the camera's picture
    result = Result(there, (face(1, (320, 240)),))
    panel.show_picture(worn(synthesizer, result, ORDER[0], mirrored=stage.picture.mirrored))
    painted = panel.grab().toImage()
    shown = panel.target().toRect()
    right, left = (
        painted.pixelColor(x, shown.center().y()).red() for x in (shown.right() - 4, shown.left() + 4)
    )
    assert (left, right) == (DARK, 160)


def test_esc_a_panels_key_and_leaving_the_stage_end_it(playing: Window, qtbot, until: Until) -> None:
    stage = playing.panels.stage
    qtbot.keyClick(playing, *WEAR)
    qtbot.keyClick(playing, ESC)
    assert stage.plane.isVisible() and playing.user_actions.stage.isChecked()
    qtbot.keyClick(playing, *WEAR)
    qtbot.keyClick(playing, "X")
    assert stage.bars[0].isVisible() and not playing.worn.expression
    qtbot.keyClick(playing, *WEAR)
    qtbot.keyClick(playing, "F")
    assert not stage.isVisible() and not playing.worn.expression


def test_who_is_turned_away_wears_nothing_and_is_told_why(networks) -> None:
    synthesizer = Synthesizer.load(networks)
    there = frame()
    people = face(1, (150, 240)), replace(face(2, (480, 240)), pose=Pose(0, 30, 0))
    made = worn(synthesizer, Result(there, people), "contempt", mirrored=False)
    assert made[:, :320].max() > DARK + 6 * STEP and (made[:, 400:] == DARK).all()
    assert (there.image == DARK).all()  # the picture that is recorded stays as it is


def test_nothing_of_it_is_recorded(playing: Window, qtbot, until: Until) -> None:
    playing.user_actions.record.trigger()
    until(lambda: playing.record_flow.is_recording)
    qtbot.keyClick(playing, *WEAR)
    stage = playing.panels.stage
    until(lambda: stage.worn.result is not None)
    until(records(playing, playing.record_flow.active.frames + 5))
    qtbot.keyClick(playing, F4)
    until(lambda: playing.panels.frozen[1].others.tiles[0].picture is not None)
    last = playing.player.last
    assert (last.frame.image == DARK).all()
    recorded = finish(playing, until)
    text = "".join(
        path.read_text(encoding="utf-8") for path in recorded.folder.glob("*.*") if path.suffix != ".mkv"
    )
    assert "made up" not in text and "synthesis" not in text


def test_what_records_sends_measures_and_replays_knows_nothing_of_it() -> None:
    makers = {
        "synthesis",
        "made_up",
        "made_picture",
        "synthesis_thread",
        "worn_expression",
        "other_expressions",
    }
    root = Path(__file__).parents[3] / "app"
    rooms = ("sessions", "streams", "playing", "exports", "sources")
    for path in [p for room in rooms for p in (root / room).rglob("*.py")] + [
        root / "stages" / "pipeline.py"
    ]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert (node.module or "").split(".")[-1] not in makers, path
                assert not makers & {alias.name for alias in node.names}, path


def test_no_network_runs_on_the_windows_thread(playing: Window, qtbot, until: Until, monkeypatch) -> None:
    threads = set[str]()
    real = Synthesizer.changes

    def noted(self, *arguments):
        threads.add(threading.current_thread().name)
        return real(self, *arguments)

    monkeypatch.setattr(Synthesizer, "changes", noted)
    qtbot.keyClick(playing, F4)
    until(lambda: shown(playing))
    qtbot.keyClick(playing, F2)
    qtbot.keyClick(playing, *WEAR)
    until(lambda: playing.panels.stage.worn.result is not None)
    assert threads and all(name.startswith("synthesis") for name in threads)


@pytest.mark.parametrize("size", [(1024, 640), (1440, 900)])
def test_nothing_is_cut_off(playing: Window, qtbot, until: Until, settle, size: tuple[int, int]) -> None:
    playing.resize(*size)
    qtbot.keyClick(playing, F4)
    until(lambda: shown(playing))
    settle()
    others = frozen(playing).others
    assert playing.size().toTuple() == size
    for label in (others.caption, others.meaning, frozen(playing).notice):
        assert label.height() >= label.heightForWidth(label.width()), label.text()
    assert all(min(tile.width(), tile.height()) >= 80 for tile in others.tiles)
    for tile in others.tiles:
        corner = tile.mapTo(others, tile.rect().bottomRight())
        assert others.rect().contains(corner)
