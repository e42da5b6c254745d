"""Libraries that only some people need: they are asked for by name when they are used."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType

from app.system.errors import UserError

# What pip is told, for each module; the same requirements stand in pyproject.toml.
REQUIREMENTS = {
    "pyarrow": "pyarrow>=17,<26",
    "pympi": "pympi-ling>=1.70",
    "pylsl": "pylsl>=1.17",
    "pythonosc": "python-osc>=1.9",
}


class MissingExtra(UserError):  # noqa: N818  (what the user reads is the sentence)
    """A library is not installed, or cannot be loaded; the message says how to get it."""


def need(module: str, purpose: str) -> ModuleType:
    """The module, imported now. Raises MissingExtra, which names `purpose`: "Parquet needs ..."."""
    package = module.partition(".")[0]
    try:
        importlib.import_module(package)  # first, so that it is known which of the two is missing
        return importlib.import_module(module)
    except ImportError as error:
        why = "which is not installed"
        if not isinstance(error, ModuleNotFoundError) or error.name != package:
            why = f"which does not load here ({error})"
        raise MissingExtra(f"{purpose} needs {package}, {why}: {_remedy(package)}.") from error
    except (OSError, RuntimeError) as error:  # pylsl, where its own library is missing
        raise MissingExtra(
            f"{purpose} needs {package}, which does not load here ({_first_line(error)}): {_remedy(package)}."
        ) from error


def _remedy(package: str) -> str:
    if getattr(sys, "frozen", False):
        return "this packaged Mien leaves it out, so use Mien from its source"
    return f'run make extras, or {sys.executable} -m pip install "{REQUIREMENTS[package]}"'


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
