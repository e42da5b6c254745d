"""All frames of a video, for the tests of how files are read."""

from app.sources.video import VideoFile
from app.types import Frame


def read_all(video: VideoFile) -> list[Frame]:
    """The frames of `video` from start to end."""
    video.open()
    frames = []
    while frame := video.read():
        frames.append(frame)
    video.close()
    return frames
