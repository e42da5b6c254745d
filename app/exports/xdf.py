"""XDF 1.0, the file format of LabRecorder: writes `NAME.xdf`.

One stream of the frames, one of each person's numbers, one of the markers; the time stamps are the column
time_s. Sampling is declared irregular, so that no reader moves a time stamp. No kept library writes XDF, so
the few chunks that it takes are written here, after the specification in the repository sccn/xdf.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from xml.sax.saxutils import escape

import numpy as np

from app.exports.people import OF_FRAME, People
from app.sessions.event import MARKER, Event
from app.sessions.info import ColumnInfo, SessionInfo
from app.sessions.reading import RecordedSession
from app.system.atomic import output_file
from app.types import Floats

FILE_HEADER, STREAM_HEADER, SAMPLES, STREAM_FOOTER = 1, 2, 3, 6  # tags of chunks
AT_ONCE = 4096  # samples a chunk


@dataclass(frozen=True, slots=True)
class Stream:
    """What the header of a stream says."""

    id: int
    name: str
    type: str
    format: str  # "double64" or "string"
    channels: tuple[ColumnInfo, ...]


def write(session: RecordedSession, folder: Path) -> tuple[Path, ...]:
    """Writes `session` as `folder/NAME.xdf`; gives that file. Raises SessionError and WriteError."""
    path = folder / f"{session.name}.xdf"
    found, events, info = People(session), session.events(), session.info
    of_frame = tuple(map(info.column, OF_FRAME))
    with output_file(path) as draft, draft.open("wb") as file:
        file.write(b"XDF:")
        _chunk(file, FILE_HEADER, b'<?xml version="1.0"?><info><version>1.0</version></info>')
        _numbers(
            file, info, Stream(1, "Mien-Frames", "Frames", "double64", of_frame), found.times, found.of_frame
        )
        faces = [
            Stream(id, f"Mien-Face-{person.id}", "Affect", "double64", found.columns)
            for id, person in enumerate(found.persons, 2)
        ]
        for stream in faces:
            _begin(file, info, stream)
        for stretch in found.stretches():
            _samples(file, faces[stretch.person], stretch.times, stretch.values)
        for stream, person in zip(faces, found.persons, strict=True):
            _end(file, stream, person.times)
        id = 2 + len(found.persons)
        set_by_hand = [event for event in events if event.kind == MARKER]
        noticed = [event for event in events if event.kind != MARKER]
        markers = Stream(id, "Mien-Markers", "Markers", "string", (ColumnInfo("marker"),))
        _texts(file, info, markers, set_by_hand)
        _texts(
            file, info, Stream(id + 1, "Mien-Events", "Markers", "string", (ColumnInfo("event"),)), noticed
        )
    return (path,)


def _texts(file: BinaryIO, info: SessionInfo, stream: Stream, events: list[Event]) -> None:
    _begin(file, info, stream)
    if events:
        samples = [_stamp(event.time) + _string(event.text or event.kind) for event in events]
        _chunk(file, SAMPLES, _u32(stream.id) + _length(len(events)) + b"".join(samples))
    _end(file, stream, np.array([event.time for event in events], float))


def _numbers(file: BinaryIO, info: SessionInfo, stream: Stream, times: Floats, values: Floats) -> None:
    """Writes a whole stream: `times` (n,) in s and `values` (n, channels)."""
    _begin(file, info, stream)
    for start in range(0, len(times), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        _samples(file, stream, times[part], values[part])
    _end(file, stream, times)


def _samples(file: BinaryIO, stream: Stream, times: Floats, values: Floats) -> None:
    """Writes some samples of a stream that has begun: `times` (n,) in s and `values` (n, channels)."""
    samples = np.zeros(
        len(times), [("stamped", "u1"), ("time", "<f8"), ("values", "<f8", (values.shape[1],))]
    )
    samples["stamped"], samples["time"], samples["values"] = 8, times, values
    _chunk(file, SAMPLES, _u32(stream.id) + _length(len(samples)) + samples.tobytes())


def _begin(file: BinaryIO, info: SessionInfo, stream: Stream) -> None:
    channels = "".join(
        f"<channel><label>{escape(c.name)}</label><unit>{escape(c.unit or 'none')}</unit>"
        f"<meaning>{escape(c.meaning)}</meaning><range>{escape(c.range)}</range></channel>"
        for c in stream.channels
    )
    whole = (
        f"<name>{stream.name}</name><type>{stream.type}</type>"
        f"<channel_count>{len(stream.channels)}</channel_count><nominal_srate>0</nominal_srate>"
        f"<channel_format>{stream.format}</channel_format><source_id>{escape(info.source)}</source_id>"
        f"<desc><channels>{channels}</channels><started_utc>{escape(info.started_utc)}</started_utc>"
        f"<app_version>{escape(info.app_version)}</app_version></desc>"
    )
    _chunk(file, STREAM_HEADER, _u32(stream.id) + f'<?xml version="1.0"?><info>{whole}</info>'.encode())


def _end(file: BinaryIO, stream: Stream, times: Floats) -> None:
    first, last = (times[0], times[-1]) if len(times) else (0.0, 0.0)
    whole = (
        f"<first_timestamp>{first:.6f}</first_timestamp><last_timestamp>{last:.6f}</last_timestamp>"
        f"<sample_count>{len(times)}</sample_count>"
    )
    _chunk(file, STREAM_FOOTER, _u32(stream.id) + f'<?xml version="1.0"?><info>{whole}</info>'.encode())


def _chunk(file: BinaryIO, tag: int, content: bytes) -> None:
    file.write(_length(len(content) + 2) + struct.pack("<H", tag) + content)


def _length(count: int) -> bytes:
    """A number after the number of its own bytes: 1, 4 or 8."""
    for size, form in ((1, "<BB"), (4, "<BI")):
        if count < 256**size:
            return struct.pack(form, size, count)
    return struct.pack("<BQ", 8, count)


def _stamp(time: float) -> bytes:
    return struct.pack("<Bd", 8, time)


def _string(text: str) -> bytes:
    encoded = text.encode()
    return _length(len(encoded)) + encoded


def _u32(number: int) -> bytes:
    return struct.pack("<I", number)
