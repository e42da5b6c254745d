"""Where things lie: what the program brings along, and the user's own folders."""

from __future__ import annotations

import sys
from pathlib import Path

import platformdirs

APP = "mien"


def root() -> Path:
    """The folder that holds `models` and `assets`: the checkout, or the frozen program's own."""
    return Path(getattr(sys, "_MEIPASS", "") or Path(__file__).parents[2])


def models() -> Path:
    return root() / "models"


def assets() -> Path:
    return root() / "assets"


def sample_clip() -> Path:
    """The bundled clip, which shows no real person."""
    return assets() / "sample.mp4"


def licences() -> Path:
    """The licence texts of all libraries in the packaged program; from source there is no such file."""
    return root() / "THIRD_PARTY_LICENSES.txt"


def settings_file() -> Path:
    return platformdirs.user_config_path(APP, appauthor=False) / "settings.json"


def log_file() -> Path:
    return platformdirs.user_log_path(APP, appauthor=False) / "mien.log"


def sessions() -> Path:
    """Where the window records unless the user chose a folder; it survives an uninstall."""
    return platformdirs.user_documents_path() / "Mien sessions"
