"""What the user chose, kept between starts as JSON in the user's own folder."""

from __future__ import annotations

import errno
import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from app.system import paths
from app.system.atomic import replace_text
from app.system.json_text import MOST_BYTES, read_json
from app.types import AUTOMATIC, DEFAULT_MAX_FACES, DEFAULT_SMOOTHING, MOST_FACES, PRECISION_CHOICES

THEMES = ("system", "light", "dark")  # colours of the window
RENAMED = {"effort": "precision", "calm": "smoothing"}  # settings of earlier versions, and what they are now
LONGEST = 4096  # characters of a setting, and the greatest number
# One setting each in earlier versions: the view that it switched, and whether it was on by default.
SWITCHES = {
    "show_box": ("box", True),
    "show_eyes": ("eyes", True),
    "show_expression": ("expression", True),
    "show_id": ("id", True),
    "show_gaze": ("gaze", True),
    "show_axes": ("axes", False),
    "show_lids": ("lids", True),
    "mirror": ("mirror", False),
    "show_plane": ("plane", True),
    "show_bars": ("bars", True),
    "show_curves": ("curves", True),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of the window. Every field has a default, so that an old file still fits.

    It is frozen: `dataclasses.replace` makes changed settings.
    """

    camera: int = 0  # index of the camera that was used last
    camera_identity: str = ""  # of the same; "" where the system does not tell
    camera_mode: str = ""  # size, rate and format chosen for it, see `camera.mode_text`; "": the usual ones
    max_faces: int = DEFAULT_MAX_FACES  # of a frame that are measured, 1 to MOST_FACES
    precision: str = AUTOMATIC  # one of `types.PRECISION_CHOICES`, for the affect network of the window
    smoothing: float = DEFAULT_SMOOTHING  # of what is shown, 0 off .. 1; raw values are recorded, too
    view: str = ""  # what is not shown as at the first start, see `app.ui.controls.view.to_setting`
    theme: str = "system"  # one of THEMES
    markers: str = ""  # names of the number keys 1 to 9, separated by ";"
    sessions: str = ""  # folder for recordings; empty: the default, see `sessions_folder`
    welcomed: bool = False  # the page of the first start has been seen
    geometry: str = ""  # place and size of the window, as hexadecimal text

    @property
    def sessions_folder(self) -> Path:
        """Where recordings go: the folder that the user chose, or else `paths.sessions()`."""
        return Path(self.sessions) if self.sessions else paths.sessions()


def load(path: Path | None = None) -> tuple[Settings, str]:
    """Reads the settings in `path`, by default the user's own; gives them and a sentence for the user, or "".

    A damaged file is renamed to *.broken.json, never deleted. A value of the wrong type or out of range
    counts as absent. What an earlier version saved under another name is read, too. Where the file cannot be
    read, the defaults are used and the sentence says so.
    """
    path = path or paths.settings_file()
    try:
        saved = read_json(_content(path))
        if not isinstance(saved, dict):
            raise ValueError("not an object")
    except FileNotFoundError:
        return Settings(), ""
    except OSError as error:
        return Settings(), f"The settings in {path} cannot be read ({error.strerror}): the defaults are used."
    except ValueError:
        aside = path.with_suffix(".broken.json")
        try:
            path.replace(aside)
        except OSError:
            return Settings(), f"The settings in {path} are damaged: the defaults are used."
        return Settings(), f"The settings were damaged and are now {aside}: the defaults are used."
    saved = _with_earlier_names(saved)
    kept = {f.name: saved[f.name] for f in fields(Settings) if type(saved.get(f.name)) is type(f.default)}
    kept = {name: value for name, value in kept.items() if _can_be(value)}
    if not 1 <= kept.get("max_faces", DEFAULT_MAX_FACES) <= MOST_FACES:
        del kept["max_faces"]
    if not 0 <= kept.get("smoothing", DEFAULT_SMOOTHING) <= 1:
        del kept["smoothing"]
    if kept.get("precision", AUTOMATIC) not in PRECISION_CHOICES:
        del kept["precision"]
    if kept.get("theme", THEMES[0]) not in THEMES:
        del kept["theme"]
    return Settings(**kept), ""


def _content(path: Path) -> bytes:
    """The file's bytes, one too many at most; it may be a link, but nothing that could hang."""
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "it is no file")
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def _can_be(value: Any) -> bool:
    """Whether a setting of the right type is one that somebody could have chosen."""
    if isinstance(value, str):
        return len(value) <= LONGEST and all(ord(c) >= 32 for c in value)
    return not isinstance(value, int) or 0 <= value <= LONGEST


def _with_earlier_names(saved: dict[str, Any]) -> dict[str, Any]:
    """`saved` with what it has under the names of earlier versions; a value under its present name counts."""
    renamed = {now: saved[before] for before, now in RENAMED.items() if before in saved}
    switched = [view for before, (view, on) in SWITCHES.items() if saved.get(before) is (not on)]
    return {"view": ";".join(switched), **renamed, **saved}


def save(settings: Settings, path: Path | None = None) -> None:
    """Writes the settings to `path`, by default the user's own, whole or not at all. Raises OSError."""
    path = path or paths.settings_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_text(path, json.dumps(asdict(settings), indent=2) + "\n")
