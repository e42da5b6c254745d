"""Keeps a library's chatter off stderr, and lets its errors through."""

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
    """Holds back what C++ code writes to stderr meanwhile; afterwards lets out what is no chatter.

    Such code knows no Python stream, so the file descriptor itself is turned to a temporary file.
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
