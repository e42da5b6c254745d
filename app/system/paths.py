"""Where things are: what the program brings along, and the user's own folders."""

from __future__ import annotations

import sys
from pathlib import Path

import platformdirs

APP = "mien"  # the name of the user's own folders
PACKAGE = Path(__file__).parents[1]  # the folder of the package `app`


def root() -> Path:
    """The folder that holds `models` and `assets`.

    Where Mien is installed, by pip or as the packaged program, it is `app/shipped`; in a checkout, its top.
    """
    shipped = PACKAGE / "shipped"
    return shipped if shipped.is_dir() else PACKAGE.parent


def is_packaged() -> bool:
    """Whether this is the packaged program, which brings its own Python."""
    return bool(getattr(sys, "frozen", False))


def is_checkout() -> bool:
    """Whether this runs from the source tree, where `make` works, and is not installed."""
    return root() == PACKAGE.parent


def models() -> Path:
    """The folder of the networks that ship, each NAME.onnx with its card NAME.toml."""
    return root() / "models"


def assets() -> Path:
    """The folder of the icon and the sample clip."""
    return root() / "assets"


def sample_clip() -> Path:
    """The bundled clip, which shows no real person."""
    return assets() / "sample.mp4"


def licences() -> Path:
    """The licence texts of all libraries in the packaged program; elsewhere there is no such file."""
    return PACKAGE.parent / "THIRD_PARTY_LICENSES.txt"


def feed() -> Path:
    """Holds the address at which newer versions are published; only downloads that were told one have it."""
    return PACKAGE / "shipped/feed.txt"


def settings_file() -> Path:
    """The user's settings, in the folder that the system has for them."""
    return platformdirs.user_config_path(APP, appauthor=False) / "settings.json"


def log_file() -> Path:
    """The log of warnings and errors, in the folder that the system has for logs."""
    return platformdirs.user_log_path(APP, appauthor=False) / "mien.log"


def sessions() -> Path:
    """The folder in which the window records unless the user chose another; it survives an uninstall."""
    return platformdirs.user_documents_path() / "Mien sessions"
