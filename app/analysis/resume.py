"""What an earlier analysis has left: sessions that are done, and some that were interrupted."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.analysis.lines import skipped
from app.analysis.options import AnalysisOptions
from app.analysis.strongest_moments import FOLDER
from app.sessions.header import SourceFile
from app.sessions.info import SessionError, SessionInfo, read_info
from app.sessions.recover_all import recover_all
from app.sessions.schema.files import INFO_FILE
from app.sources.address import Address, Place
from app.sources.selection import Selection
from app.stages.cards import read_card
from app.stages.detectors import NETWORKS, recorded_detector


@dataclass(frozen=True, slots=True)
class AnalysisInputs:
    """All that the rows of an analysis depend on: two with equal inputs have equal rows."""

    file: str  # sha256 of the video
    models: tuple[str, ...]  # sha256 of each network, in the order in which a pipeline names them
    max_faces: int
    detector: str
    selection: Selection

    @classmethod
    def of_session(cls, info: SessionInfo) -> AnalysisInputs | None:
        """Those of a recorded session; None when it is not the analysis of a whole file.

        Raises TypeError or ValueError where somebody edited session.json.
        """
        file = info.file
        if file is None or not file.sha256 or info.ended_by != "end of file":
            return None
        models = tuple(model.sha256 for model in info.models)
        settings = info.settings
        return cls(
            file.sha256, models, int(settings.get("max_faces", 0)), recorded_detector(settings),
            info.selection,
        )  # fmt: skip


def close_interrupted(out: Path) -> None:
    """Recovers the sessions in `out` that an earlier analysis left open when it was killed, and says so."""
    for done in recover_all(out):  # the analysis needs none of them
        print(done.sentence(), file=sys.stderr)


def not_analyzed(files: Sequence[Place], options: AnalysisOptions) -> list[Place]:
    """Those of `files` without a whole session in `options.out` of the same content, networks and options.

    Names of files play no part. With `options.explain` the session must have its heat maps, too. Prints a
    line for each of the others. Raises ModelError when a card cannot be read.
    """
    known = _analyzed(options)
    names = ("eyes", options.affect, *NETWORKS[options.detector])
    models = tuple(read_card(options.models / f"{name}.toml").sha256 for name in names)
    left: list[Place] = []
    for path in files:
        if isinstance(path, Address):  # nobody knows what comes this time
            left.append(path)
            continue
        try:
            content = SourceFile.of(path, hashed=True).sha256
        except OSError:  # the analysis says what is wrong with it
            left.append(path)
            continue
        wanted = AnalysisInputs(content, models, options.max_faces, options.detector, options.selection)
        session = known.get(wanted)
        if session is None:
            left.append(path)
        else:
            print(skipped(path, session, options))
    return left


def _analyzed(options: AnalysisOptions) -> dict[AnalysisInputs, Path]:
    """The session folder of each whole analysis in `options.out`."""
    known = {}
    for path in options.out.glob(f"*/{INFO_FILE}"):
        try:
            inputs = AnalysisInputs.of_session(read_info(path))
        except (SessionError, TypeError, ValueError):  # somebody edited it
            continue
        if inputs is not None and (not options.explain or (path.parent / FOLDER).is_dir()):
            known[inputs] = path.parent
    return known
