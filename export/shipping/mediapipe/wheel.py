"""The installed package `mediapipe`, where the networks come from; looked at without importing it.

The package's front imports all of its solutions and matplotlib; its files are enough.
"""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from app.system.errors import UserError

VERSION = "0.10.21"  # the last with the networks inside its wheel
REMEDY = f"run pip install --no-deps --force-reinstall mediapipe=={VERSION}"
SCHEMA = "tasks/metadata/schema_py_generated.py"  # TensorFlow Lite's, made by the FlatBuffers compiler


class WheelError(UserError):
    """The package is missing or another one; the text is one sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A file of the package."""

    file: str  # its path inside the package
    sha256: str


def root() -> Path:
    """The folder of the installed package. Raises WheelError when it is missing."""
    spec = find_spec("mediapipe")
    if spec is None or spec.origin is None:
        raise WheelError(
            f"The package mediapipe, where the networks come from, is missing: "
            f"run pip install --no-deps mediapipe=={VERSION} first."
        )
    return Path(spec.origin).parent


def installed() -> str:
    """The version of the installed package; "unknown" where its metadata is missing."""
    try:
        return version("mediapipe")
    except PackageNotFoundError:
        return "unknown"


def read(origin: Origin) -> bytes:
    """The content of a file of the package. Raises WheelError when it is missing or another one."""
    path = root() / origin.file
    try:
        content = path.read_bytes()
    except OSError as error:
        raise WheelError(_another(origin.file, error.strerror or "it cannot be read")) from error
    found = hashlib.sha256(content).hexdigest()
    if found != origin.sha256:
        raise WheelError(_another(origin.file, f"its sha256 begins with {found[:12]}"))
    return content


def schema() -> ModuleType:
    """The package's classes that read a .tflite file. Raises WheelError when they are missing."""
    path = root() / SCHEMA
    if not path.exists():
        raise WheelError(_another(SCHEMA, "there is no such file"))
    spec = spec_from_file_location("tflite_schema", path)
    assert spec is not None and spec.loader is not None  # a file that ends in .py has a loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def without_front() -> None:
    """Lets parts of the package be imported without its front. Raises WheelError when it is missing."""
    root()
    spec = find_spec("mediapipe")
    if "mediapipe" not in sys.modules and spec is not None:
        sys.modules["mediapipe"] = module_from_spec(spec)


def expanded(file: str) -> Any:
    """A graph of the package with all the graphs that are inside it, as a `CalculatorGraphConfig`."""
    without_front()
    bindings = "mediapipe.python._framework_bindings"
    import_module(f"{bindings}.resource_util").set_resource_dir(str(root().parent))
    validated = import_module(f"{bindings}.validated_graph_config").ValidatedGraphConfig()
    validated.initialize(binary_graph_path=str(root() / file))
    config = import_module("mediapipe.framework.calculator_pb2").CalculatorGraphConfig
    return config.FromString(validated.binary_config)


def _another(file: str, reason: str) -> str:
    return f"{file} of the installed mediapipe {installed()} is not that of {VERSION} ({reason}): {REMEDY}."
