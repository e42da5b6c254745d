"""The small files and sessions that mutants are made from."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import cv2
import numpy as np

from app.sessions.added_events import AddedEvents
from app.sessions.header import SessionHeader
from app.sessions.recorder import Recorder
from app.sessions.video_recorder import VideoKind
from app.sources.source import Mode
from app.system.settings import Settings
from app.types import Frame, Image, Result
from tests.fakes import face

SIZE = (64, 48)  # width, height in pixels
PICTURES = (".jpg", ".png", ".webp", ".tif", ".bmp", ".gif")
VIDEOS = {".avi": "MJPG", ".mp4": "mp4v", ".mkv": "FFV1", ".mov": "mp4v", ".webm": "VP80", ".flv": "FLV1"}
FRAMES = 12


def picture(number: int) -> Image:
    """One of a few pictures of coloured noise and a bright square, (48, 64, 3) uint8 BGR."""
    image = np.random.default_rng(number).integers(0, 200, (SIZE[1], SIZE[0], 3), np.uint8)
    image[8 + number : 20 + number, 16:40] = 250
    return image


def make(folder: Path) -> tuple[list[Path], list[Path]]:
    """Writes the originals into `folder`: gives the files, and the folders of the sessions.

    One session is finished, the other is left as a crash would leave it.
    """
    files = []
    for end in PICTURES:
        path = folder / f"picture{end}"
        if cv2.imwrite(str(path), picture(0)):
            files.append(path)
    for end, codec in VIDEOS.items():
        path = folder / f"video{end}"
        writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*codec), 25.0, SIZE)
        for number in range(FRAMES) if writer.isOpened() else ():
            writer.write(picture(number))
        writer.release()
        if path.exists() and path.stat().st_size:
            files.append(path)
    return files, [_session(folder / "finished", finish=True), _session(folder / "open", finish=False)]


def settings() -> bytes:
    """A file of settings."""
    return json.dumps(asdict(Settings()), indent=2).encode()


def _session(sessions: Path, *, finish: bool) -> Path:
    header = SessionHeader("camera", True, Mode(*SIZE, 25.0, "MJPG"), (), 4, 0.5)
    recorder = Recorder(sessions, header, video=VideoKind.CLEAN)
    for number in range(FRAMES):
        people = (face(1), face(2 + number // 6)) if number % 5 else ()
        at = number / 25
        recorder.append(Result(Frame(number, 100 + at, picture(number), at, 1_772_357_400.0 + at), people))
        if number % 4 == 0:
            recorder.mark(f"marker {number}", "key")
    recorder.close()
    AddedEvents(recorder.folder).mark("added, later", 0.2, 5)
    if not finish:
        about = recorder.folder / "session.json"
        said = json.loads(about.read_text(encoding="utf-8"))
        about.write_text(json.dumps(said | {"finished": False, "rows_sha256": ""}), encoding="utf-8")
    return recorder.folder
