"""Files measured as `mien analyze` does, by functions that tests call."""

from __future__ import annotations

import json
from pathlib import Path

from app.runs.files import expanded
from app.runs.processes import Processes
from app.runs.run import InTurn, Plan, run
from app.runs.task import Task
from app.system.interruption import Interruption


def plan_of(files, options, load=None):
    as_clip = bool(options.selection.as_clip)
    return Plan(
        expanded([Task(each) for each in files], options.out, as_clip=as_clip),
        options,
        made_up=load is not None,
    )


def analyze(files, options, load=None):
    """One file after the other, in this process; gives the exit code."""
    interruption = Interruption()
    return run(plan_of(files, options, load), InTurn(options, load, interruption), interruption)


def analyze_in_parallel(files, options, processes, load=None):
    """In several processes; gives the exit code."""
    interruption = Interruption()
    return run(plan_of(files, options, load), Processes(options, processes, load, interruption), interruption)


def sessions(out: Path) -> list[Path]:
    """The session folders in `out`."""
    return sorted(path.parent for path in out.glob("*/session.json"))


def rows(out: Path) -> dict[str, bytes]:
    """The rows and events of each session in `out`, by its name; none may be unfinished."""
    found = {}
    for folder in sessions(out):
        said = json.loads((folder / "session.json").read_text())
        assert said["finished"] and said["ended_by"] == "end of file", folder
        found[folder.name] = (folder / "faces.csv").read_bytes() + (folder / "events.csv").read_bytes()
    return found
