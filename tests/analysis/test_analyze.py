import csv
import gc
import json
import os
import tracemalloc
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from app.analysis.options import AnalysisOptions
from app.sessions.recorder import RecordError
from app.stages.detectors import DEFAULT_DETECTOR
from app.types import Result
from tests.fakes import face, write_video
from tests.measured import analyze, sessions


class FakePipeline:
    """One face in each frame, two in the third, none in the first; can be interrupted at a frame."""

    cards = ()
    detector = DEFAULT_DETECTOR

    def __init__(self, interrupt_at=None, faces=True):
        self.interrupt_at, self.faces, self.closed = interrupt_at, faces, False

    def process(self, frame):
        if frame.index == self.interrupt_at:
            raise KeyboardInterrupt
        count = {0: 0, 2: 2}.get(frame.index, 1) if self.faces else 0
        return Result(frame, tuple(face(i + 1) for i in range(count)))

    def close(self):
        self.closed = True


MODELS = ["eyes", "affect", "faces_far", "faces_near", "landmarks", "actions"]
"""The networks of an analysis, and the card of the actions, as a session names them."""


def run(out, *files, pipeline=None):
    return analyze(files, AnalysisOptions(out, out), lambda still: pipeline or FakePipeline())


def rows(folder):
    with (folder / "faces.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_a_file_becomes_a_session_and_a_short_summary(tmp_path, capsys):
    assert run(tmp_path / "out", write_video(tmp_path / "clip.avi")) == 0
    (folder,) = sessions(tmp_path / "out")
    found = rows(folder)
    assert [r["frame"] for r in found] == ["0", "1", "2", "2", *map(str, range(3, 10))]
    assert found[0]["status"] == "no_face" and found[5]["time_s"] == "0.200000"
    said = capsys.readouterr().out
    for part in ("10 frames", "ms a frame", "2, at most 2 at once, in 9 of 10 frames", "happy (100%",
                 "valence     mean +0.50", "arousal     mean -0.25", str(folder / "faces.csv")):  # fmt: skip
        assert part in said
    assert json.loads((folder / "session.json").read_text())["ended_by"] == "end of file"


@pytest.mark.parametrize(
    ("beyond", "said"),
    [(5, "  measured    2 of 7 faces in sight (--faces 7 measures more)\n"),
     (20, "  measured    2 of 22 faces in sight (--faces 16 measures more)\n"), (0, None)],
)  # fmt: skip
def test_faces_that_are_not_measured_are_said_and_kept(tmp_path, capsys, beyond, said):
    class Crowd(FakePipeline):
        def process(self, frame):
            box = np.array([0, 0, 9, 9], np.float32)
            return replace(super().process(frame), unmeasured=(box,) * beyond * (frame.index == 2))

    assert run(tmp_path / "out", write_video(tmp_path / "clip.avi"), pipeline=Crowd()) == 0
    summary = capsys.readouterr().out
    assert said in summary if said else "measured" not in summary
    (folder,) = sessions(tmp_path / "out")
    assert ("unmeasured_faces" in (folder / "events.csv").read_text()) == bool(beyond)


def test_the_same_file_gives_the_same_bytes_under_the_same_name_once(tmp_path, capsys):
    clip = write_video(tmp_path / "clip.avi")
    assert run(tmp_path / "one", clip, clip) == run(tmp_path / "two", clip) == 0
    (one,), (two,) = sessions(tmp_path / "one"), sessions(tmp_path / "two")
    assert one.name == two.name and one.name.startswith("clip-")
    assert (one / "faces.csv").read_bytes() == (two / "faces.csv").read_bytes()
    begun, said = (one / "session.json").read_text(), capsys.readouterr()
    assert run(tmp_path / "one", clip) == 0 and (one / "session.json").read_text() == begun
    assert "clip.avi: analysed already, see " in capsys.readouterr().out and "already" not in said.out


def test_a_failed_file_is_named_at_the_end_and_the_others_are_analysed(tmp_path, capsys):
    (tmp_path / "empty.mp4").touch()
    good = write_video(tmp_path / "good.avi")
    assert run(tmp_path / "out", tmp_path / "empty.mp4", good, tmp_path / "missing.mp4") == 1
    assert len(sessions(tmp_path / "out")) == 1
    said = capsys.readouterr().err.splitlines()
    assert "2 of 3 files failed" in said[-1] and "empty.mp4" in said[-1] and "missing.mp4" in said[-1]
    assert any("is empty" in line for line in said) and any("does not exist" in line for line in said)


def test_a_file_that_is_cut_off_fails_and_keeps_its_rows(tmp_path, capsys):
    clip = write_video(tmp_path / "clip.avi", 100, (320, 240))
    clip.write_bytes(clip.read_bytes()[: clip.stat().st_size // 2])
    assert run(tmp_path / "out", clip) == 1
    (folder,) = sessions(tmp_path / "out")
    assert 30 < len(rows(folder)) < 60
    said = json.loads((folder / "session.json").read_text())
    assert said["finished"] and "cut off" in said["ended_by"] and "cut off" in capsys.readouterr().err


@pytest.mark.parametrize(("frames", "counted"), [(10, "10 frames"), (1, "1 frame")])
def test_a_file_without_a_face_is_no_failure_and_is_said_with_advice(tmp_path, capsys, frames, counted):
    clip = write_video(tmp_path / "c.avi", frames)
    assert run(tmp_path / "out", clip, pipeline=FakePipeline(faces=False)) == 0
    said = capsys.readouterr()
    assert f"  No face was found in {counted}. A face is found if it" in said.out and "fail" not in said.err
    (folder,) = sessions(tmp_path / "out")
    assert {r["status"] for r in rows(folder)} == {"no_face"} and len(rows(folder)) == frames
    about = json.loads((folder / "session.json").read_text())
    assert about["finished"] and about["ended_by"] == "end of file"


def test_an_interruption_keeps_what_was_written_and_says_where(tmp_path, capsys):
    pipeline = FakePipeline(interrupt_at=6)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "out", write_video(tmp_path / "c.avi"), pipeline=pipeline)
    (folder,) = sessions(tmp_path / "out")
    assert rows(folder)[-1]["frame"] == "5" and str(folder) in capsys.readouterr().err and pipeline.closed
    said = json.loads((folder / "session.json").read_text())
    assert said["finished"] and said["ended_by"] == "stop" and said["frames"] == 6


def test_each_file_gets_a_fresh_pipeline_and_a_picture_one_for_stills(tmp_path):
    import cv2

    cv2.imwrite(str(tmp_path / "p.png"), np.zeros((20, 30, 3), np.uint8))
    made = []

    def load(still):
        made.append(SimpleNamespace(still=still, pipeline=FakePipeline()))
        return made[-1].pipeline

    files = write_video(tmp_path / "c.avi"), tmp_path / "p.png"
    analyze(files, AnalysisOptions(tmp_path / "out", tmp_path), load)
    assert [m.still for m in made] == [False, True] and all(m.pipeline.closed for m in made)


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "out").touch()
    with pytest.raises(RecordError, match="choose another folder"):
        run(tmp_path / "out", write_video(tmp_path / "c.avi"))


def test_memory_stays_flat(tmp_path):
    clip = write_video(tmp_path / "long.avi", 300, (320, 240))  # 69 MB if its frames were kept
    tracemalloc.start()
    run(tmp_path / "out", clip)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8e6


def test_many_files_need_no_more_memory_than_few(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda handle: None)  # half of the time, and no part of this test
    clip = write_video(tmp_path / "clip.avi", 3)

    def needed(files):
        names = [tmp_path / f"{i}.avi" for i in range(files)]
        for name in names:
            name.exists() or os.link(clip, name)
        tracemalloc.start()
        run(tmp_path / str(files), *names)
        gc.collect()  # what waits for it is not kept
        kept = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        return kept

    needed(2)  # what is loaded once
    assert needed(60) < needed(5) + 300_000


def test_a_clip_of_a_face_gives_the_same_bytes_twice(tmp_path, clips, models):
    for out in ("a", "b"):
        assert analyze((clips / "single-face.mp4",), AnalysisOptions(tmp_path / out / "out", models)) == 0
    one, two = sessions(tmp_path / "a" / "out") + sessions(tmp_path / "b" / "out")
    assert (one / "faces.csv").read_bytes() == (two / "faces.csv").read_bytes()
    found = rows(one)
    assert [(r["face"], r["frame"]) for r in found] == [("1", str(i)) for i in range(72)]
    said = json.loads((one / "session.json").read_text())
    assert [m["name"] for m in said["models"]] == MODELS
    assert said["settings"]["detector"] == "onnx"


@pytest.mark.parametrize(
    ("clip", "frames", "faces"),
    [("two-faces.mp4", 60, {"1", "2"}), ("face-then-none.mp4", 75, {"", "1"}), ("one-face.jpg", 1, {"1"})],
)
def test_each_frame_has_a_row_for_each_face_or_an_empty_one(tmp_path, clips, models, clip, frames, faces):
    assert analyze((clips / clip,), AnalysisOptions(tmp_path / "out", models)) == 0
    (folder,) = sessions(tmp_path / "out")
    found = rows(folder)
    assert {r["face"] for r in found} == faces
    assert sorted({int(r["frame"]) for r in found}) == list(range(frames))
    assert all((r["status"] == "no_face") == (not r["face"]) for r in found)


def test_a_real_clip_gives_the_same_bytes_twice(tmp_path, media, models):
    for out in ("a", "b"):
        assert analyze((media / "one-face.mp4",), AnalysisOptions(tmp_path / out / "out", models)) == 0
    one, two = sessions(tmp_path / "a" / "out") + sessions(tmp_path / "b" / "out")
    assert (one / "faces.csv").read_bytes() == (two / "faces.csv").read_bytes()
    found = rows(one)
    assert sum(r["face"] == "1" for r in found) >= 70 and {r["face"] for r in found} <= {"", "1"}
    said = json.loads((one / "session.json").read_text())
    assert [m["name"] for m in said["models"]] == MODELS
    assert said["settings"]["detector"] == "onnx"
