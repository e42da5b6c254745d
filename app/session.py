"""What `session.json` says: everything that is needed to understand the rows beside it, years later."""

from __future__ import annotations

import json
import platform
from dataclasses import asdict, dataclass

from app import __version__
from app.columns import COLUMNS
from app.models import Card
from app.quality import MEANING
from app.source import Mode
from app.types import EXPRESSIONS

FORMAT = "mien session"
FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True)
class Session:
    """Where the rows come from and how they are made."""

    source: str  # name of the camera or the file
    live: bool
    mode: Mode
    cards: tuple[Card, ...]  # of the networks
    max_faces: int
    smoothing: bool  # as it was at the start


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the recording has come. It is `finished` only when it was closed properly."""

    started_utc: str
    finished: bool = False
    finished_utc: str = ""
    ended_by: str = ""  # "stop", "end of file", or the sentence that was shown
    frames: int = 0
    rows: int = 0


def to_json(session: Session, progress: Progress) -> str:
    """The text of `session.json`."""
    whole = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "app": {"name": "mien", "version": __version__},
        "platform": platform.platform(),
        **asdict(progress),
        "source": {"name": session.source, "live": session.live, **asdict(session.mode)},
        "models": [
            {
                "name": card.name,
                "task": card.task,
                "file": card.file,
                "sha256": card.sha256,
                "precision": card.precision,
                "measured": dict(card.measured),
            }
            for card in session.cards
        ],
        "settings": {"max_faces": session.max_faces, "smoothing": session.smoothing},
        "rows_file": {
            "name": "faces.csv",
            "separator": ",",
            "decimal": ".",
            "encoding": "utf-8",
            "missing": "",
            "one_row": "a face in a frame; a frame without a face has one row too",
        },
        "expressions": EXPRESSIONS,
        "status": MEANING,
        "columns": [
            {"name": c.name, "meaning": c.meaning, "unit": c.unit, "range": c.range, "missing": c.missing}
            for c in COLUMNS
        ],
    }
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"
