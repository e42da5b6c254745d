"""A process that tries mutants one after the other; `tests.fuzz` watches it.

It reads numbers of mutants from stdin, a line each, and answers on stdout with a line of JSON.
"""

from __future__ import annotations

import contextlib
import faulthandler
import io
import json
import os
import random
import shutil
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path

from app.__main__ import main
from app.analysis.analyze import analyze_one, read
from app.analysis.options import AnalysisOptions
from app.playing.history import History
from app.playing.replay import RecordedSource, Replay
from app.sessions.pictures import find_pictures
from app.sessions.reading import RecordedSession
from app.sessions.results import SessionResults
from app.system import paths, settings
from app.system.errors import UserError
from app.types import Frame, Result
from tests.fakes import face
from tests.fuzz import originals
from tests.fuzz.mutate import mutant

FORMATS = ("parquet", "bids", "xdf", "elan", "csv")
COMMANDS = 0.02  # share of the files that are analysed as a user does it, which loads the networks anew
MEASURED = 0.3  # those that networks measure; of the others the frames are looked at
COMPUTED = 0.05  # of the sessions whose rows are computed again


class Fault(Exception):  # noqa: N818  (what is found)
    """What is wrong with what Mien did, in words."""


class Watching:
    """In place of the pipeline: whether each frame is one that a stage can work on."""

    cards, detector = (), "onnx"

    def __init__(self) -> None:
        self._before = -1.0  # s

    def process(self, frame: Frame) -> Result:
        """The same two faces, whatever is seen. Raises Fault."""
        image = frame.image
        if image.dtype != "uint8" or image.ndim != 3 or image.shape[2] != 3 or not image.size:
            raise Fault(f"a picture of {image.dtype} {image.shape}")
        if not self._before < frame.time < 1e7:
            raise Fault(f"a frame at {frame.time} s after one at {self._before} s")
        self._before = frame.time
        return Result(frame, (face(1), face(2)))

    def close(self) -> None:
        """Nothing is open."""


class Trials:
    """Makes the mutants of one `seed` in the folder `work` and tries them."""

    def __init__(self, seed: int, work: Path) -> None:
        self._seed, self._work = seed, work
        folder = work / "originals"
        folder.mkdir()
        self._files, self._sessions = originals.make(folder)
        self._pipelines = AnalysisOptions(work, paths.models()).pipelines()

    def run(self, number: int) -> dict[str, object]:
        """Tries mutant `number`: gives what it was, how it ended, and what was found."""
        chance = random.Random(f"{self._seed} {number}")
        here = self._work / "mutant"
        shutil.rmtree(here, ignore_errors=True)
        here.mkdir()
        kind, what = chance.random(), ""
        printed = io.StringIO()
        try:
            with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
                if kind < 0.5:
                    what, end = self._file(here, chance)
                elif kind < 0.95:
                    what, end = self._session(here, chance)
                else:
                    what, end = self._settings(here, chance)
            said = printed.getvalue()
            fault = said[-3000:] if "Traceback" in said or "Mien failed" in said else ""
        except Exception:  # whatever it is, it is what is looked for
            end, fault = "fault", traceback.format_exc()
        return {"number": number, "what": what, "end": end, "fault": fault}

    def _file(self, here: Path, chance: random.Random) -> tuple[str, str]:
        original = chance.choice(self._files)
        path = here / original.name
        path.write_bytes(mutant(original.read_bytes(), chance, text=False))
        way = chance.random()
        if way < COMMANDS:
            return original.name, _commands([["analyze", str(path), "-o", str(here / "out")]])
        load = self._pipelines if way < MEASURED else lambda still: Watching()
        options = AnalysisOptions(here / "out", paths.models())
        with _sentence() as refused:
            print(analyze_one(path, options, load, frames=read))  # type: ignore[arg-type]
        return original.name, refused.end

    def _session(self, here: Path, chance: random.Random) -> tuple[str, str]:
        original = chance.choice(self._sessions)
        folder, out = here / "session", here / "out"
        shutil.copytree(original, folder)
        path = chance.choice([file for file in sorted(folder.iterdir()) if file.stat().st_size])
        path.write_bytes(mutant(path.read_bytes(), chance, text=path.suffix != ".mkv"))
        left = here / "left"
        shutil.copytree(folder, left)
        page = ["-o", str(out / "page.html")]
        calls = [
            *(["export", str(folder), "--format", name, "-o", str(out)] for name in FORMATS),
            ["export", str(folder), "--format", "csv", "--decimal", ",", "--separator", ";", "-o", str(out)],
            ["report", str(folder), *page],
            ["report", f"a={folder}", f"b={self._sessions[0]}", *page],
            ["recover", str(left)],
            ["recover", str(left)],
            ["report", str(left), *page],
        ]
        if path.suffix != ".mkv" or chance.random() < COMPUTED:
            calls.append(["verify", str(folder)])
        with _sentence() as refused:
            _replay(folder)
        end = _commands(calls)
        return f"{path.name} of {original.parent.name}", "sentence" if refused.end == "sentence" else end

    def _settings(self, here: Path, chance: random.Random) -> tuple[str, str]:
        path = here / "settings.json"
        path.write_bytes(mutant(originals.settings(), chance, text=True))
        found, sentence = settings.load(path)
        settings.save(found, path)
        if settings.load(path) != (found, ""):
            raise Fault("settings that were saved are not read back")
        return path.name, "sentence" if sentence else "read"


class _Ended:
    end = "read"


@contextlib.contextmanager
def _sentence():  # type: ignore[no-untyped-def]
    """Takes the sentence of a UserError, which is a good end."""
    ended = _Ended()
    try:
        yield ended
    except UserError as error:
        ended.end = "sentence"
        if len(str(error)) > 3000:
            raise Fault(f"a sentence of {len(str(error))} characters") from error


def _commands(calls: Sequence[Sequence[str]]) -> str:
    codes = [main(call) for call in calls]
    if any(code not in (0, 1, 2) for code in codes):
        raise Fault(f"exit codes {codes}")
    return "sentence" if any(codes) else "read"


def _replay(folder: Path) -> None:
    session = RecordedSession(folder)
    results, pictures = SessionResults(session), find_pictures(session)
    for number in sorted({0, len(results) // 2, len(results) - 1} & set(range(len(results)))):
        result = results.result(number, None)
        pictures.at(result.frame.time, result.faces)
    session.events()
    replay = Replay(RecordedSource(folder), History(30.0))
    replay.start()
    replay.stop(10.0)
    if replay.error is not None and not isinstance(replay.error, UserError):
        raise Fault("the replay ended") from replay.error


def serve(seed: int, work: Path) -> None:
    """Answers until stdin ends."""
    faulthandler.enable()
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what libraries print does not come among the answers
    trials = Trials(seed, work)
    print("{}", file=answers, flush=True)
    for line in sys.stdin:
        print(json.dumps(trials.run(int(line))), file=answers, flush=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(dir=sys.argv[2]) as made:
        serve(int(sys.argv[1]), Path(made))
