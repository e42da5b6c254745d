"""Mutation tests: changes each module of the list a little, many times, and sees whether its tests notice.

`python -m tests.mutation.run` goes on where the last run ended, prints a table, and keeps the figures of each
module that was tried whole in `results.toml`, from which the table in the documents is made. `modules.toml`
names each module with the tests that belong to it; `equivalent.toml` the changes that change nothing. A
module that was edited starts again; after an edit of its tests, the changes that nobody
noticed are tried again.
"""

from __future__ import annotations

import argparse
import difflib
import hashlib
import re
import shutil
import sys
import time
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cosmic_ray.commands import init
from cosmic_ray.mutating import use_mutation
from cosmic_ray.plugins import get_operator
from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import TestOutcome, WorkerOutcome, WorkItem, WorkResult
from tqdm import tqdm

from tests.mutation.operators import worth_trying
from tests.mutation.trial import passes

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
BUILD = ROOT / "build" / "mutants"
COPIED = ("app", "tests")  # the rest of the repository is linked


@dataclass(frozen=True, slots=True)
class Module:
    """A module and the tests that belong to it."""

    path: str  # from the root of the repository
    tests: tuple[str, ...]  # as pytest names them

    @property
    def folder(self) -> Path:
        """What is kept of it between two runs."""
        return BUILD / self.path.removesuffix(".py").replace("/", ".")

    def text(self) -> str:
        """Its code."""
        return (ROOT / self.path).read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """One change of a line, as `equivalent.toml` names it."""

    module: str
    old: str
    new: str

    @property
    def is_a_flag(self) -> bool:
        """Whether it is one of `@dataclass`: these guard the code and save memory, and change no value."""
        return self.old.startswith("@dataclass(") and self.new.startswith("@dataclass(")


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of the changes of one module."""

    module: str
    mutants: int
    killed: int
    equivalent: int
    left: tuple[Change, ...]  # that nobody noticed
    untried: int

    def line(self) -> str:
        """A row of the table."""
        name = self.module.removeprefix("app/")
        real = self.killed + len(self.left)
        share = f"{100 * self.killed / real:.0f} %" if real else ""
        more = f" ({self.untried} not tried yet)" if self.untried else ""
        return f"| `{name}` | {self.mutants} | {self.equivalent} | {len(self.left)} | {share}{more} |"


def modules() -> Iterator[Module]:
    """Those of the list."""
    for table in tomllib.loads((HERE / "modules.toml").read_text(encoding="utf-8"))["module"]:
        yield Module(table["path"], tuple(table["tests"]))


def equivalents() -> frozenset[Change]:
    """The changes that change nothing which a test could see."""
    tables = tomllib.loads((HERE / "equivalent.toml").read_text(encoding="utf-8")).get("same", [])
    return frozenset(Change(table["module"], table["old"], new) for table in tables for new in table["new"])


def change(module: Module, result: WorkResult) -> Change:
    """The lines that a change took away and put there."""
    lines = (result.diff or "").splitlines()
    old, new = (
        " ".join(line[1:].strip() for line in lines if re.match(rf"{sign}(?!{sign}{sign})", line))
        for sign in (r"-", r"\+")
    )
    return Change(module.path, old, new)


def copy(module: Module) -> Path:
    """A copy of the repository in which the module may be changed."""
    tree = module.folder / "tree"
    shutil.rmtree(tree, ignore_errors=True)
    tree.mkdir(parents=True)
    for entry in ROOT.iterdir():
        if entry.name in COPIED:
            shutil.copytree(entry, tree / entry.name)
        elif entry.name not in (".git", ".venv", "build", "dist"):
            (tree / entry.name).symlink_to(entry)
    return tree


def fresh(module: Module, database: WorkDB) -> None:
    """Lists the changes anew if the module was edited; forgets what nobody noticed if a test was."""
    files = sorted({test.split("::")[0] for test in module.tests})
    tests = b"".join((ROOT / name).read_bytes() for name in files)
    said = [hashlib.sha256(text).hexdigest() for text in (module.text().encode(), tests)]
    note = module.folder / "read.txt"
    before = note.read_text().split() if note.is_file() else ["", ""]
    if said[0] != before[0]:
        init([ROOT / module.path], database, {})
        wanted = worth_trying(database.work_items, ROOT / module.path)
        database.clear()
        database.add_work_items(wanted)
    elif said[1] != before[1]:
        every = database.work_items
        noticed = [(item, result) for item, result in database.completed_work_items if result.is_killed]
        database.clear()
        database.add_work_items(every)
        for item, result in noticed:
            database.set_result(item.job_id, result)
    note.write_text("\n".join(said))


def outcome(tree: Path, module: Module, item: WorkItem, seconds: float) -> WorkResult:
    """Tries one change."""
    spec = item.mutations[0]
    operator = get_operator(spec.operator_name)(**spec.operator_args)
    path = tree / module.path
    with use_mutation(path, operator, spec.occurrence) as (old, new):
        found = passes(tree, module.tests, seconds)
    diff = _difference(old, new)
    result = TestOutcome.SURVIVED if found else TestOutcome.KILLED
    return WorkResult(WorkerOutcome.NORMAL, None, result, diff)


def _difference(old: str, new: str) -> str:
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), n=0, lineterm="")
    return "\n".join(list(lines)[2:])  # without the names of the files


def examine(module: Module, end: float) -> Tally:
    """Tries what is left of a module until `end`, time.monotonic()."""
    module.folder.mkdir(parents=True, exist_ok=True)
    with use_db(str(module.folder / "results.sqlite")) as database:
        fresh(module, database)
        pending = database.pending_work_items
        if pending:
            tree = copy(module)
            began = time.monotonic()
            if not passes(tree, module.tests, 600):
                raise SystemExit(
                    f"The tests of {module.path} fail without any change: {' '.join(module.tests)}"
                )
            seconds = 5 + 4 * (time.monotonic() - began)
            for item in tqdm(pending, module.path, unit="change", disable=None):
                if time.monotonic() > end:
                    break
                database.set_result(item.job_id, outcome(tree, module, item, seconds))
            shutil.rmtree(tree)
        return tally(module, database)


def tally(module: Module, database: WorkDB) -> Tally:
    """Counts what was found so far."""
    same = equivalents()
    left, killed, equal = [], 0, 0
    for _, result in database.completed_work_items:
        made = change(module, result)
        killed += result.is_killed
        if not result.is_killed:
            if made in same or made.is_a_flag:
                equal += 1
            else:
                left.append(made)
    count = database.num_work_items
    return Tally(module.path, count, killed, equal, tuple(left), count - killed - equal - len(left))


def keep(found: Sequence[Tally]) -> None:
    """Writes the figures of modules that were tried whole into `results.toml`; those of others stay there."""
    path = HERE / "results.toml"
    before = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    rows = {row["path"]: row for row in before.get("module", [])}
    for one in (one for one in found if not one.untried):
        code = hashlib.sha256((ROOT / one.module).read_bytes()).hexdigest()
        rows[one.module] = {
            "path": one.module, "changes": one.mutants, "equivalent": one.equivalent,
            "unnoticed": len(one.left), "code": code[:16],
        }  # fmt: skip
    listed = [rows[module.path] for module in modules() if module.path in rows]
    text = [
        "[[module]]\n" + "".join(f"{key} = {value!r}\n" for key, value in row.items()).replace("'", '"')
        for row in listed
    ]
    head = "# What the last run of each module found: `make mutants` writes it, docs/generate.py shows it.\n"
    path.write_text("\n".join((head, *text)), encoding="utf-8")


def main() -> int:
    """Prints the table; ends with 1 where a module has too many changes left that nobody notices."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("modules", nargs="*", help="only these, as app/sessions/mkv.py")
    parser.add_argument(
        "--minutes", type=float, default=60, help="stop after so many; the next run goes on (60)"
    )
    parser.add_argument("--least", type=float, default=90, help="per cent to be noticed in each module (90)")
    args = parser.parse_args()
    end = time.monotonic() + 60 * args.minutes
    chosen = [module for module in modules() if not args.modules or module.path in args.modules]
    found = [examine(module, end) for module in chosen]
    for made in (made for one in found for made in one.left):
        print(f"{made.module}\n  - {made.old}\n  + {made.new}")
    for made in sorted(equivalents()):
        if not any(line.strip() == made.old for line in (ROOT / made.module).read_text("utf-8").splitlines()):
            print(f"{made.module}: equivalent.toml names a line that is not there: {made.old}")
    print("| module | changes | equivalent | unnoticed | noticed |\n| --- | ---: | ---: | ---: | ---: |")
    for one in found:
        print(one.line())
    keep(found)
    real = [(one.killed, one.killed + len(one.left)) for one in found]
    killed, total = (sum(part) for part in zip(*real, strict=True))
    print(f"{killed} of {total} noticed.")
    return int(any(100 * part < args.least * whole for part, whole in real))


if __name__ == "__main__":
    sys.exit(main())
