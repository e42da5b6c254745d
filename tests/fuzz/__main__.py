"""`make fuzz`: damaged files and sessions, and whether Mien says a sentence of each, or reads it.

The same seed gives the same mutants. Whatever ends the process, needs more than 20 s of a processor or 500 MB
more, or prints a traceback, is kept in a folder with its number.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from tqdm import tqdm

from tests.fuzz.watch import LIMITS, TRIAL, Limits, Outcome, Watched

KEPT = Path("build/fuzz")


def fuzz(
    seed: int, numbers: Iterable[int], kept: Path, limits: Limits = LIMITS, program: Sequence[str] = TRIAL
) -> list[Outcome]:
    """Tries the mutants `numbers` of a `seed`; copies those with a fault into `kept`, each with its fault.

    `limits` and `program` are those of `Watched`.
    """
    outcomes = []
    with tempfile.TemporaryDirectory() as work:
        watched = Watched(seed, Path(work), limits, program)
        try:
            for number in numbers:
                outcome = watched.run(number)
                outcomes.append(outcome)
                if outcome.end == "fault" or outcome.fault:
                    _keep(outcome, watched.mutant, kept / f"{seed}-{number}")
        finally:
            watched.close()
    return outcomes


def _keep(outcome: Outcome, mutant: Path | None, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    if mutant is not None:
        shutil.copytree(mutant, folder, symlinks=True)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "fault.txt").write_text(f"{outcome.what}\n{outcome.fault}\n", encoding="utf-8")


def main() -> int:
    """Exit code 1 when anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="(default: %(default)s)")
    parser.add_argument("--count", type=int, default=3000, help="of mutants (default: %(default)s)")
    parser.add_argument("--first", type=int, default=0, help="number of the first one, to try one again")
    parser.add_argument(
        "--kept", type=Path, default=KEPT, help="folder of what is found (default: %(default)s)"
    )
    given = parser.parse_args()
    numbers = range(given.first, given.first + given.count)
    outcomes = fuzz(given.seed, tqdm(numbers, unit=" mutants", mininterval=1.0), given.kept)
    found = [outcome for outcome in outcomes if outcome.fault]
    ends = Counter(outcome.end for outcome in outcomes if not outcome.fault)
    for outcome in found:
        last = outcome.fault.strip().splitlines()[-1]
        print(f"{given.seed}-{outcome.number}  {outcome.what}: {last[:200]}")
    print(
        f"Seed {given.seed}: {len(outcomes)} mutants, {ends['read']} read, {ends['sentence']} answered by a "
        f"sentence, {len(found)} faults" + (f", kept in {given.kept}" if found else "")
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
