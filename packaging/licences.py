"""Writes the licences of everything that is packaged, and refuses what `licences.toml` does not know.

The PyInstaller recipe calls it with the files that it collected; each is traced to what brought it along.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path

HERE = Path(__file__).parent
TEXT = re.compile(r"licen[cs]e|copying|notice|3rd-?party", re.IGNORECASE)
LONG = 200  # characters: such a licence is more than a name
HEAD = """Mien is licensed under the Apache License 2.0 (LICENSE). The packaged program brings along the
libraries below, each under its own licence. Qt and PySide6 are used under the LGPL: their libraries lie as
files of their own beside the program, and may be replaced by other builds of the same version. Their sources
are published by The Qt Company under the same version number.
"""


class UnknownLicence(SystemExit):
    """The build stops; the message names the library."""


@dataclass(frozen=True, slots=True)
class Part:
    """A library that is packaged."""

    name: str
    version: str
    licence: str
    texts: tuple[str, ...]
    origin: str = "pypi"  # the kind of a package URL: "pypi", "deb", or "generic" for Python itself


def write(sources: Iterable[Path], root: Path, out: Path) -> list[Part]:
    """Writes `out` for the packaged files `sources`, and gives their parts; those in `root` are Mien's own.

    Raises UnknownLicence for a library without an entry, or without a text.
    """
    parts = sorted(trace(sources, root), key=lambda part: part.name.lower())
    rule = "=" * 100
    contents = "\n".join(f"- {part.name} {part.version}: {part.licence}" for part in parts)
    texts = ("\n\n".join([f"{rule}\n{p.name} {p.version}: {p.licence}\n{rule}", *p.texts]) for p in parts)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text("\n\n".join([HEAD, contents, *texts]) + "\n", "utf-8")
    return parts


def trace(sources: Iterable[Path], root: Path) -> Iterable[Part]:
    """Each library that one of `sources` belongs to, once."""
    known = tomllib.loads((HERE / "licences.toml").read_text("utf-8"))
    owners = {file: d for d in distributions() for file in _files(d)}
    wheels: dict[str, Distribution] = {"pyinstaller": _named("pyinstaller")}  # its loader starts the program
    system: dict[str, str] = {}
    standard = False
    for source in {Path(s).resolve() for s in sources}:
        if (owner := owners.get(str(source))) is not None:
            wheels[owner.name.lower().replace("_", "-")] = owner
        elif source.is_relative_to(root) or source.is_relative_to(sys.prefix):
            continue  # Mien's own, or written by the build
        elif source.is_relative_to(Path(sys.base_prefix).resolve() / "lib/python3") or _is_python(source):
            standard = True
        else:
            package = _debian_package(source)
            system[package] = _debian_version(package)
    for name, wheel in wheels.items():
        yield _wheel(name, wheel, known)
    for name, version in system.items():
        if name not in known["system"]:
            raise UnknownLicence(f"The licence of the system library {name} is unknown: see licences.toml.")
        text = Path(f"/usr/share/doc/{name}/copyright").read_text("utf-8")
        yield Part(name, version, known["system"][name], (text,), "deb")
    if standard:
        yield Part("Python", sys.version.split()[0], "PSF-2.0", (_python_text(),), "generic")


def _wheel(name: str, wheel: Distribution, known: dict[str, dict]) -> Part:
    if name not in known["packages"]:
        raise UnknownLicence(f"The licence of {name} is unknown: look it up and add it to licences.toml.")
    files = [Path(file) for file in _files(wheel)]
    own = [file for file in files if TEXT.search(file.name) and file.suffix in ("", ".txt", ".md")]
    ours = [HERE / f"licences/{text}.txt" for text in known["texts"].get(name, ())]
    texts = dict.fromkeys(file.read_text("utf-8", errors="replace") for file in (*sorted(own), *ours))
    if not texts and len(text := wheel.metadata.get("License", "")) > LONG:
        texts = {text: None}  # some give the whole text there
    if not texts:
        raise UnknownLicence(f"{name} brings no licence text: add one to packaging/licences and [texts].")
    return Part(wheel.name, wheel.version, known["packages"][name], tuple(texts))


def _files(distribution: Distribution) -> list[str]:
    """The paths of a library's files; links are followed up to its folder, since a wheel holds none."""
    folder = Path(distribution.locate_file("")).resolve()
    return [os.path.normpath(f"{folder}/{file}") for file in distribution.files or ()]


def _named(name: str) -> Distribution:
    return Distribution.from_name(name)


def _is_python(source: Path) -> bool:
    base = Path(sys.base_prefix).resolve()
    library = re.match(r"(lib)?python3|vcruntime|api-ms-win|ucrtbase|msvcp", source.name, re.IGNORECASE)
    own = base != Path("/usr") or "python3" in str(source)
    return bool(library) or (own and source.is_relative_to(base))


def _python_text() -> str:
    base, name = Path(sys.base_prefix), f"python3.{sys.version_info[1]}"
    for place in (
        base / "LICENSE.txt",
        base / f"lib/{name}/LICENSE.txt",
        Path(f"/usr/share/doc/{name}/copyright"),
    ):
        if place.exists():
            return place.read_text("utf-8")
    raise UnknownLicence("This Python brings no licence text.")


def _debian_package(source: Path) -> str:
    """Debian's package of a library of the system. Raises UnknownLicence where there is none."""
    for name in (source, Path("/", *source.parts[2:])):  # /usr/lib and /lib are the same place
        try:
            done = subprocess.run(["dpkg", "-S", name], capture_output=True, text=True, check=False)
        except FileNotFoundError:
            break
        if done.returncode == 0:
            return done.stdout.split(":")[0]
    raise UnknownLicence(f"Nothing is known of {source}: leave it out, or add its licence to licences.toml.")


def _debian_version(package: str) -> str:
    command = ["dpkg-query", "-W", "-f", "${Version}\n", package]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()[0]
