"""Names that are decided by what is measured and how: no two workers make two sessions of one file."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import PurePath

from app import __version__
from app.analysis.options import AnalysisOptions
from app.stages.actions.card import FILE as ACTION_CARD
from app.stages.actions.card import read_card as read_action_card
from app.stages.cards import read_card
from app.stages.detectors import NETWORKS
from app.system.file_names import no_device

LONGEST = 120  # bytes of the part that can be read: with the rest it fits every file system
DIGITS = 12  # of the hash in a name: two of 10,000 files of one name have the same once in 5 million runs


def expected_models(options: AnalysisOptions) -> tuple[str, ...]:
    """SHA-256 of each network and of `actions.json`, in the order in which a pipeline names them.

    Raises ModelError.
    """
    names = ("eyes", options.affect, *NETWORKS[options.detector])
    networks = tuple(read_card(options.models / f"{name}.toml").sha256 for name in names)
    return *networks, read_action_card(options.models / ACTION_CARD).sha256


def settings_key(models: Sequence[str], options: AnalysisOptions) -> str:
    """16 hexadecimal digits for all but the file that the rows depend on: networks, options, version."""
    said = {
        "version": __version__, "models": list(models), "max_faces": options.max_faces,
        "detector": options.detector, "explain": options.explain, **asdict(options.selection),
    }  # fmt: skip
    return _hash(json.dumps(said, sort_keys=True), 16)


def session_name(path: PurePath, content: str, key: str) -> str:
    """The folder's name of the session of the file at `path`: its stem and a short hash.

    The hash is over `content`, the file's SHA-256, over the `key` of the settings, and over the file's name
    and that of its folder: it stays where a whole study is moved, and differs between P01/a.mp4 and
    P02/a.mp4, even if both show the same.
    """
    parent, name = (unicodedata.normalize("NFC", part) for part in (path.parent.name, path.name))
    stem = re.sub(r"[^\w.-]+", "-", PurePath(name).stem).strip("-.") or "file"
    while len(stem.encode()) > LONGEST:
        stem = stem[:-1]
    stem = no_device(stem)
    return f"{stem}-{_hash(json.dumps([parent, name, content, key]), DIGITS)}"


def _hash(text: str, digits: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:digits]
