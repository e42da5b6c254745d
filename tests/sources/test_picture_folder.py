"""A folder of pictures as one clip: order, times, sizes, and what is no picture."""

import os

import cv2
import numpy as np
import pytest

from app.sources.picture_folder import missing_numbers, pictures_of
from app.sources.selection import SelectedFrames, Selection
from app.sources.source import SourceError
from app.sources.video import VideoFile
from tests.sources.reading import read_all


def write(folder, *names, size=(64, 48)):
    """A picture under each name; the first has grey level 10, the next 20."""
    folder.mkdir(exist_ok=True)
    for i, name in enumerate(names):
        image = np.full((size[1], size[0], 3), 10 * (i + 1), np.uint8)
        (folder / name).write_bytes(cv2.imencode(".png", image)[1].tobytes())
    return folder


def levels(frames):
    return [int(frame.image.mean()) for frame in frames]


def test_numbers_in_names_count_as_numbers_and_times_are_index_by_rate(tmp_path):
    folder = write(tmp_path / "shot", "f1.png", "f2.PNG", "f10.png", "f0011.jpg", "g3.png")
    video = VideoFile(folder, as_clip=25)
    frames = read_all(video)
    assert levels(frames) == [10, 20, 30, 40, 50] and video.name == "shot"
    assert [frame.time for frame in frames] == [0, 0.04, 0.08, 0.12, 0.16]
    assert [frame.index for frame in frames] == [0, 1, 2, 3, 4]
    assert (video.mode.width, video.mode.height, video.mode.rate, video.frames) == (64, 48, 25, 5)


def test_hostile_names_are_files(tmp_path):
    names = [
        "%04d.png",
        "-i.png",
        "a|b.png",
        "concat:x.png",
        "http:.png",
        "*.png",
        "7" * 200 + ".png",
        "面.png",
    ]
    folder = write(tmp_path / "12:%03d", *(names if os.name != "nt" else names[:2]))
    assert len(read_all(VideoFile(folder, as_clip=30))) == len(pictures_of(folder))


def test_what_is_no_picture_is_left_out_and_a_damaged_one_leaves_a_gap(tmp_path):
    folder = write(tmp_path / "shot", "1.png", "2.png", "3.png", "4.png")
    (folder / "2.png").write_bytes(b"damaged")
    (folder / ".5.png").write_bytes(b"hidden")
    (folder / "notes.txt").write_text("text")
    (folder / "6.png").mkdir()
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "7.png")
    frames = read_all(VideoFile(folder, as_clip=10))
    assert levels(frames) == [10, 30, 40] and [frame.index for frame in frames] == [0, 2, 3]
    assert [frame.time for frame in frames] == pytest.approx([0, 0.2, 0.3])
    assert [frame.dropped for frame in frames] == [0, 1, 0]


def test_pictures_of_other_sizes_are_brought_to_the_first(tmp_path):
    folder = write(tmp_path / "shot", "1.png", "2.png")
    write(folder, "3.png", "4.png", size=(48, 48))
    write(folder, "5.png")
    frames = read_all(VideoFile(folder, as_clip=10))
    assert {frame.image.shape for frame in frames} == {(48, 64, 3)}
    assert [bool(frame.size_note) for frame in frames] == [False, False, True, False, True]
    assert frames[2].size_note.startswith("from 64 x 48 to 48 x 48 pixels:")
    assert not frames[2].image[:, :8].any() and not frames[2].image[:, -8:].any()


def test_a_jump_gives_the_same_picture(tmp_path):
    folder = write(tmp_path / "shot", *(f"{i}.png" for i in range(12)))
    video = VideoFile(folder, as_clip=10)
    whole = read_all(video)
    video.open()
    for i in (7, 0, 11, 3):
        video.seek(whole[i].time)
        frame = video.read()
        assert (frame.index, frame.time) == (i, pytest.approx(whole[i].time))
        np.testing.assert_array_equal(frame.image, whole[i].image)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["1.png", "2.png", "3.png"], ""),
        (["a1.png", "b5.png"], ""),
        (["cover.png"], ""),
        (["f1.png", "f3.png"], "number 2 is missing"),
        (["f1.png", "f4.png", "f6.png"], "number 2 to 3 and 1 others are missing"),
    ],
)
def test_gaps_in_the_numbers_are_said(names, said):
    assert missing_numbers(names).startswith(said) and bool(missing_numbers(names)) == bool(said)


def test_a_gap_is_said_of_the_clip(tmp_path):
    video = VideoFile(write(tmp_path / "shot", "1.png", "5.png"), as_clip=10)
    video.open()
    while video.read():
        pass
    assert video.note.startswith("number 2 to 4 are missing")


def test_fewer_frames_are_taken_of_a_clip(tmp_path):
    folder = write(tmp_path / "shot", *(f"{i}.png" for i in range(12)))
    source = SelectedFrames(VideoFile(folder, as_clip=10), Selection(rate=5, as_clip=10))
    assert [frame.index for frame in read_all(source)] == [0, 2, 4, 6, 8, 10]


def test_wrong_folders_are_one_sentence(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match="holds no picture that can be read"):
        VideoFile(tmp_path / "empty", as_clip=10).open()
    with pytest.raises(SourceError, match=r"is a folder.*--as-clip"):
        VideoFile(tmp_path / "empty").open()
    file = write(tmp_path / "shot", "1.png") / "1.png"
    with pytest.raises(SourceError, match="is not a folder"):
        VideoFile(file, as_clip=10).open()
    with pytest.raises(SourceError, match="does not exist"):
        VideoFile(tmp_path / "none", as_clip=10).open()
