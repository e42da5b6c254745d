"""Keeps the information and the warnings of C++ libraries off stderr, and lets their errors through."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

# Lines of the levels "info" and "warning", as Google's C++ libraries write them.
CHATTER = re.compile(rb"INFO: |WARNING: All log messages before absl|[IW]\d{4} ")


@contextmanager
def without_chatter() -> Iterator[None]:
    """While the block runs, stderr is held back; after it, all but information and warnings is written.

    C++ code does not write to Python's stream, so file descriptor 2 itself is pointed at a temporary file.
    """
    try:
        saved = os.dup(2)
    except OSError:  # a windowed program has no stderr, and then nothing is to be held back
        yield
        return
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(saved, 2)
            os.close(saved)
            held.seek(0)
            for line in held:
                if not CHATTER.match(line):
                    os.write(2, line)
