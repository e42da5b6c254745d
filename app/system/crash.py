"""A crash leaves its traceback in the user's own folder, and the next start can show it."""

from __future__ import annotations

import faulthandler
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

NAME, ASIDE = "crash.log", "crash-before.log"


@contextmanager
def watched(folder: Path) -> Iterator[Path | None]:
    """While the block runs, a crash of native code or an error that ends the program is written to `folder`.

    Gives the file that an earlier crash left, renamed so that it is offered only once, or None. A block that
    ends well leaves nothing. Where the folder cannot be written, nothing is kept. The error itself goes on.
    """
    path = folder / NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        earlier = _put_aside(path)
        file = path.open("w", encoding="utf-8", newline="\n")
    except OSError:
        yield None
        return
    with file:
        faulthandler.enable(file)
        try:
            yield earlier
        except Exception:
            traceback.print_exc(file=file)
            raise
        finally:
            faulthandler.disable()
    with suppress(OSError):  # another Mien may have removed it already; on Windows it may have it open
        if not path.stat().st_size:
            path.unlink()


def _put_aside(path: Path) -> Path | None:
    if not path.exists() or not path.stat().st_size:
        return None
    return path.replace(path.with_name(ASIDE))
