"""Session folders made up from formulas, so that a test knows what must come out."""

import json
from pathlib import Path

from app.sessions.schema.faces import COLUMNS
from app.sessions.schema.faces import NAMES as HEADER
from app.sessions.schema.files import EVENTS_FILE, FORMAT, FORMAT_VERSION, INFO_FILE, ROWS_FILE
from app.sessions.wall_time import utc
from app.stages.actions.names import ACTIONS
from app.stages.quality import MEANING
from app.types import EXPRESSIONS

SIDES = ("left", "right")
RATE = 30.0
BEGIN = 1_772_357_400.0  # s since 1970: 2026-03-01 09:30 UTC


def affect(frame: int, face: int) -> tuple[float, float]:
    """Valence and arousal that the made-up person `face` has in `frame`."""
    turn = frame % 120 / 120
    valence = (1 if face == 1 else -1) * (turn - 0.5)
    return round(valence, 4), round(0.5 - turn / 2, 4)


def row(frame: int, face: int | None, *, live: bool = True) -> dict[str, object]:
    wall = utc(BEGIN + frame / RATE)
    values: dict[str, object] = {
        "frame": frame, "time_s": f"{frame / RATE:.6f}", "wall_utc": wall if live else "",
        "dropped": 2 if frame == 10 else 0, "face": face, "status": "ok" if face else "no_face",
        "latency_ms": f"{12 + frame % 7:.1f}" if live else "",
    }  # fmt: skip
    if face is None:
        return values
    valence, arousal = affect(frame, face)
    name = "happy" if valence > 0 else "sad"
    values |= {f"box_{k}": 100 * face + i for i, k in enumerate(("x0", "y0", "x1", "y1"))}
    values |= {"yaw_deg": 1.5, "pitch_deg": -2.0, "roll_deg": 0.25}
    for suffix in ("", "_smooth"):
        values |= {f"{side}_eye_{axis}{suffix}": 200 + i for i, side in enumerate(SIDES) for axis in "xy"}
        values |= {f"p_{e}{suffix}": 0.72 if e == name else 0.04 for e in EXPRESSIONS}
        values |= {f"expression{suffix}": name, f"valence{suffix}": valence, f"arousal{suffix}": arousal}
    values |= {name: 0.8 if name.startswith("au12") and valence > 0 else 0.0 for name in ACTIONS}
    return values | {f"{side}_eye_confidence": 0.9 for side in SIDES}


def describe(**changes: object) -> dict[str, object]:
    """What `session.json` holds."""
    return {
        "format": FORMAT, "format_version": FORMAT_VERSION, "app": {"name": "mien", "version": "0.1.0"},
        "platform": "Linux-6.1-x86_64", "started_utc": "2026-03-01T09:30:00.000Z", "finished": True,
        "finished_utc": "2026-03-01T09:30:10.000Z", "ended_by": "stop", "frames": 300, "rows": 300,
        "source": {
            "name": "Made camera", "live": True, "width": 1280, "height": 720, "rate": RATE, "format": "MJPG"
        },
        "models": [
            {"name": "affect", "task": "affect", "file": "affect.onnx", "sha256": "ab" * 32,
             "precision": "float32", "measured": {"accuracy": 0.81, "command": "none: made up"}}
        ],
        "settings": {"max_faces": 4, "smoothing": True},
        "status": MEANING,
        "columns": [
            {"name": c.name, "meaning": c.meaning, "unit": c.unit, "range": c.range, "missing": c.missing}
            for c in COLUMNS
        ],
    } | changes  # fmt: skip


def make_session(
    folder: Path,
    frames: int = 300,
    faces: int = 2,
    absent: range = range(60, 75),
    events: str = "",
    **changes: object,
) -> Path:
    """A session of `frames` frames with `faces` people, none of them in the frames of `absent`."""
    folder.mkdir(parents=True)
    rows = sum(1 if frame in absent else faces for frame in range(frames))
    said = describe(**({"frames": frames, "rows": rows} | changes))
    text = json.dumps(said, indent=2, ensure_ascii=False)
    (folder / INFO_FILE).write_text(text + "\n", encoding="utf-8")
    live = bool(dict(json.loads(text)["source"])["live"])
    with (folder / ROWS_FILE).open("w", encoding="utf-8", newline="\n") as file:
        file.write(",".join(HEADER) + "\n")
        for frame in range(frames):
            people = [None] if frame in absent else range(1, faces + 1)
            for face in people:
                values = row(frame, face, live=live)
                cells = ("" if values.get(name) is None else str(values[name]) for name in HEADER)
                file.write(",".join(cells) + "\n")
    if events:
        (folder / EVENTS_FILE).write_text(events, encoding="utf-8")
    return folder
