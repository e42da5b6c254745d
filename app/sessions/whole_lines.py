"""Lines added to a file of a session, each on the disk when the call returns, and none in part."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from app.sessions.schema.limits import MOST_EVENT_BYTES
from app.system.plain_file import CHANGE, NEW, is_there, plain_binary


def append_line(path: Path, header: str, line: str) -> None:
    """Adds `line` to the file at `path`, which is made with `header` where it is not there. Raises OSError.

    A part of a line at the end, as a power cut leaves one, goes; where the disk refuses, nothing is added.
    """
    with plain_binary(path, CHANGE if is_there(path) else NEW, buffered=False) as file:
        whole = file.read(MOST_EVENT_BYTES).rfind(b"\n") + 1
        file.truncate(whole)
        file.seek(whole)
        data = (line if whole else header + line).encode()
        try:
            if file.write(data) < len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(file.fileno())
        except OSError:
            file.truncate(whole)  # a part of a line would spoil the next one
            raise
