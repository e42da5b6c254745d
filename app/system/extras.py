"""Libraries that only some people need: imported when they are used, and named when they are missing."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from types import ModuleType

from app.system import paths
from app.system.errors import UserError

# The extra of pyproject.toml that installs each package; which versions of it, stands there.
EXTRAS = {
    "distributed": "cluster", "mediapipe": "mediapipe", "pyarrow": "formats", "pympi": "formats",
    "pylsl": "lsl", "pythonosc": "osc",
}  # fmt: skip
NEWEST = {"mediapipe": (3, 12)}  # the last Python for which there is a wheel of the extra's package


class MissingExtra(UserError):  # noqa: N818  (what the user reads is the sentence)
    """A library is not installed, or cannot be loaded; the message says how to get it."""


def need(module: str, purpose: str) -> ModuleType:
    """Imports `module`, whose package is one of EXTRAS, and gives it.

    Raises MissingExtra, whose message begins with `purpose`: "Parquet needs pyarrow, ...".
    """
    package = module.partition(".")[0]
    try:
        importlib.import_module(package)  # first, so that it is known which of the two is missing
        return importlib.import_module(module)
    except ImportError as error:
        why = "which is not installed"
        if not isinstance(error, ModuleNotFoundError) or error.name != package:
            why = f"which does not load here ({error})"
        raise MissingExtra(f"{purpose} needs {package}, {why}: {remedy(EXTRAS[package])}.") from error
    except (OSError, RuntimeError) as error:  # pylsl, where its own library is missing
        why = f"which does not load here ({_first_line(error)})"
        raise MissingExtra(f"{purpose} needs {package}, {why}: {remedy(EXTRAS[package])}.") from error


def require(package: str, purpose: str) -> None:
    """Raises MissingExtra, as `need` does, when `package` is not installed; imports nothing."""
    if importlib.util.find_spec(package) is None:
        raise MissingExtra(f"{purpose} needs {package}, which is not installed: {remedy(EXTRAS[package])}.")


def remedy(extra: str) -> str:
    """How to install an extra of pyproject.toml where this Mien runs: a clause that follows a colon."""
    if (newest := NEWEST.get(extra)) and sys.version_info[:2] > newest:
        return f"it exists for Python {newest[0]}.{newest[1]} and older only"
    if paths.is_packaged():
        return "the packaged Mien does not include it, so install Mien with pip, or use its source"
    if paths.is_checkout():
        return "run make extras"
    python = f'"{sys.executable}"' if " " in sys.executable else sys.executable
    if importlib.util.find_spec("pip") is None:  # as in what `uv tool install` makes
        return f'run uv pip install --python {python} "mien[{extra}]"'
    return f'run {python} -m pip install "mien[{extra}]"'


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
