"""`session.json` made anew where it was lost: what the rows themselves tell, and no more."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from app.sessions.schema.faces import BY_NAME, COLUMNS
from app.sessions.schema.files import FORMAT, FORMAT_VERSION, INFO_FILE, ROWS_FILE
from app.sessions.schema.limits import LONGEST_LINE
from app.stages.quality import MEANING
from app.system.plain_file import is_there, plain_binary, read_plain

STAMPED = re.compile(r"\d{8}T\d{6}Z-(.+)")  # the name of a session's folder
NEEDED = tuple(column.name for column in COLUMNS if column.needed)


def is_lost(folder: Path) -> bool:
    """Whether `session.json` in `folder` is missing or empty, as after a power cut. Raises OSError."""
    path = folder / INFO_FILE
    return not is_there(path) or not read_plain(path, 1 << 30).strip(b"\0 \r\n\t")


def row_columns(folder: Path) -> tuple[str, ...]:
    """The names of the columns of the rows in `folder`; () where they are not those of a session, or missing.

    Raises OSError.
    """
    if not is_there(folder / ROWS_FILE):
        return ()
    with plain_binary(folder / ROWS_FILE) as file:
        line = file.readline(LONGEST_LINE)
    names = tuple(line.decode("utf-8", "replace").rstrip("\n").split(","))
    return names if line.endswith(b"\n") and set(NEEDED) <= set(names) else ()


def rebuilt(folder: Path, names: Sequence[str], first: Mapping[str, str]) -> dict[str, Any]:
    """What `session.json` says of a session of which only rows are left, in `folder`.

    `names` are those of their columns, `first` is the first row, {} where there is none.
    """
    wall = first.get("wall_utc", "")
    stamped = STAMPED.fullmatch(folder.absolute().name)
    known = [BY_NAME[name] for name in names if name in BY_NAME]
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "app": {"name": "mien", "version": ""},
        "started_utc": wall,
        "finished": False,
        "source": {
            "name": stamped[1] if stamped else folder.absolute().name, "live": bool(wall), "width": 0,
            "height": 0, "rate": 0.0, "format": "",
        },
        "models": [],
        "settings": {},
        "status": dict(MEANING),
        "columns": [
            {"name": c.name, "meaning": c.meaning, "unit": c.unit, "range": c.range, "missing": c.missing}
            for c in known
        ],
    }  # fmt: skip


def to_text(info: Mapping[str, Any]) -> str:
    """The text of `session.json` for `info`."""
    return json.dumps(dict(info), indent=2, ensure_ascii=False) + "\n"
