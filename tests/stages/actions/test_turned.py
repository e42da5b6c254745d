"""Actions of the corners of the lips are not known while the head hides one of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from app.stages.actions.card import FILE, read_card
from app.stages.actions.names import ACTIONS
from app.stages.actions.reader import ActionReader
from app.stages.actions.turned import without_doubted
from app.stages.actions.watch import ActionWatch
from app.stages.smooth import Smoother
from app.system import paths
from app.types import Actions, Pose
from tests.fakes import face

CORNERS = {"au14_left", "au14_right", "au15_left", "au15_right"}


def unknown(values):
    return {name for name, value in zip(ACTIONS, values.tolist(), strict=True) if value != value}


@pytest.mark.parametrize(("yaw", "missing"), [(0, set()), (29.9, set()), (30, CORNERS), (-34, CORNERS)])
def test_corners_of_a_turned_mouth_are_not_known_and_all_else_is(yaw, missing):
    ones = np.ones(len(ACTIONS), np.float32)
    actions = Actions(ones, ones, without_doubted(np.zeros_like(ones), yaw))
    assert unknown(actions.values) == unknown(actions.shown) == missing
    assert np.nanmin(actions.values) == 1


@pytest.mark.parametrize(("yaw", "missing"), [(0.0, set()), (32.0, CORNERS)])
def test_of_somebody_who_turns_and_turns_back_only_the_turned_frames_lack_them(yaw, missing):
    watch, smoother = ActionWatch(ActionReader(read_card(paths.models() / FILE))), Smoother(0.5)
    rng = np.random.default_rng(1)
    known = replace(face(1), landmarks=rng.uniform(0, 200, (478, 3)).astype(np.float32))
    turned = watch.add(replace(known, pose=Pose(yaw, 0.0, 0.0)), 0.0, smoother).actions
    back = watch.add(known, 0.1, smoother).actions
    assert turned is not None and back is not None
    assert unknown(turned.values) == unknown(turned.shown) == missing
    assert not unknown(back.values) and not unknown(back.shown)
