"""Every file of a playlist is looked at before a run."""

from __future__ import annotations

import cv2
import numpy as np

from app.study.folder import StudyFolder
from app.study.playlist import Stimulus, StimulusKind
from app.study.stimulus_files import problems
from app.study.study import Study


def test_what_is_missing_or_damaged_is_said_in_one_sentence_each(tmp_path):
    folder = StudyFolder.make(tmp_path / "study", Study("Made up"))
    cv2.imwrite(str(folder.path / "stimuli" / "good.png"), np.zeros((20, 30, 3), np.uint8))
    (folder.path / "stimuli" / "bad.png").write_bytes(b"no picture")
    (folder.path / "stimuli" / "bad.mp4").write_bytes(bytes(100))
    (folder.path / "stimuli" / "tone.wav").write_bytes(b"RIFF")
    stimuli = [
        Stimulus("good", StimulusKind.PICTURE, "stimuli/good.png", 1.0),
        Stimulus("blank", StimulusKind.BLANK, seconds=1.0),
        Stimulus("bad", StimulusKind.PICTURE, "stimuli/bad.png", 1.0),
        Stimulus("again", StimulusKind.PICTURE, "stimuli/bad.png", 1.0),
        Stimulus("film", StimulusKind.VIDEO, "stimuli/bad.mp4"),
        Stimulus("gone", StimulusKind.VIDEO, "stimuli/gone.mp4"),
        Stimulus("tone", StimulusKind.SOUND, "stimuli/tone.wav"),
    ]
    found = problems(folder, stimuli, lambda path: f"{path.name} cannot be heard.")
    assert [problem.stimulus.name for problem in found] == ["bad", "again", "film", "gone", "tone"]
    assert all(problem.sentence.count(".") >= 1 and "\n" not in problem.sentence for problem in found)
    assert found[3].sentence == "stimuli/gone.mp4 is not there: copy it into the study's folder."
    assert found[4].sentence == "tone.wav cannot be heard."
